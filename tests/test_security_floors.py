"""No dependency below the release that closed a known hole in it."""

from importlib.metadata import version

import pytest
from packaging.version import Version

FLOORS = {
    "Django": "5.2.19",  # SQL injection CVE-2025-64459, CVE-2026-1207; cache leaks CVE-2026-35192
    "django-allauth": "65.21.1",  # TOTP reuse, MFA skipped after an inactive passkey login
    "weasyprint": "70.0",  # redirects and stylesheets past the fetcher: CVE-2025-68616, CVE-2026-55073
    "cryptography": "50.0.0",  # CVE-2026-69247
    "urllib3": "2.7.0",  # GHSA-mf9v-mfxr-j63j, GHSA-qccp-gfcp-xxvc
    "pillow": "12.3",
    "djangorestframework": "3.15.2",  # XSS in the browsable API
    "celery": "5.7.0",  # CVE-2021-23727 was closed in 5.2.2; redelivery settings since 5.7
    "kombu": "5.7.0",
    "sqlparse": "0.5.4",
    "granian": "0",  # instead of gunicorn: no floor known, but it must be there
}


@pytest.mark.parametrize("package", FLOORS)
def test_a_dependency_is_not_below_its_floor(package):
    assert Version(version(package)) >= Version(FLOORS[package])


def test_django_stays_on_its_long_term_release():
    assert Version(version("Django")).release[:2] == (5, 2)
