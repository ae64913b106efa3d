"""Programs of the system that a few tests need."""

import os
import shutil

import pytest


def program(name: str, *, package: str) -> str:
    """Its path; without it the test is skipped by name, but never in CI, which installs it."""
    found = shutil.which(name)
    if found is None and os.environ.get("CI"):
        pytest.fail(f"{name} is missing: CI has to install {package}")
    if found is None:
        pytest.skip(f"{name} is not installed: apt-get install {package}")
    return found
