"""What an installation must bring before it may call itself production."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OWN = {
    "BONGSU_SECRET_KEY": "a-key-for-this-check-only-that-is-long-and-varied-0123456789-zyxwvut",
    "BONGSU_URL": "https://bongsu.example",
    "BONGSU_ALLOWED_HOSTS": "bongsu.example",
    "BONGSU_WEBHOOK_SECRET": "whsec_" + "b25lIG9mIG91ciBvd24sIHJhbmRvbSBhbmQgbG9uZw==",
    "EMAIL_URL": "smtp+tls://user:password@smtp.example:587",
    "SLACK_API_URL": "https://slack.com/api/",
    "SLACK_BOT_TOKEN": "xoxb-own",
    "SLACK_SIGNING_SECRET": "own",
    "TWILIO_API_URL": "https://api.twilio.com",
    "TWILIO_ACCOUNT_SID": "AC0",
    "TWILIO_AUTH_TOKEN": "own",
    "BONGSU_GUARD_TO": "sms:+821012345678",
}


def checked(home, **missing):
    """(exit code, what was said) of `manage.py check --deploy` in production."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "DATABASE_URL") if name in os.environ
    }
    named = {name: value for name, value in (OWN | missing).items() if value is not None}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env=kept | named | {"BONGSU_ENV": "production", "BONGSU_HOME": str(home)},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_with_everything_of_its_own_it_is_clean(tmp_path):
    code, said = checked(tmp_path)

    assert code == 0, said
    assert "no issues" in said


def test_what_every_copy_of_the_repository_knows_is_no_secret_and_no_voice(tmp_path):
    code, said = checked(tmp_path, **dict.fromkeys(OWN))

    assert code != 0
    for name in (
        "BONGSU_SECRET_KEY",
        "BONGSU_URL",
        "BONGSU_WEBHOOK_SECRET",
        "TWILIO_AUTH_TOKEN",
        "SLACK_SIGNING_SECRET",
    ):
        assert f"{name} still has the value of a local run" in said
    for name in ("EMAIL_URL", "SLACK_API_URL", "TWILIO_API_URL"):
        assert f"{name} leads to the sandbox" in said
    assert "bongsu.W002" in said


def test_an_outside_watcher_is_enough_to_be_heard_of(tmp_path):
    watched = {"BONGSU_GUARD_TO": None, "BONGSU_GUARD_PING_URL": "https://watcher.example/1"}

    assert checked(tmp_path, **watched)[0] == 0


def test_nobody_may_stand_in_for_amazon(tmp_path):
    code, said = checked(tmp_path, BONGSU_SNS_STAND_IN="http://127.0.0.1:8900/sns/")

    assert code != 0
    assert "Unset BONGSU_SNS_STAND_IN" in said


def test_a_production_that_answers_to_any_name_is_refused(tmp_path):
    code, said = checked(tmp_path, BONGSU_ALLOWED_HOSTS="*")

    assert code != 0
    assert "BONGSU_ALLOWED_HOSTS" in said


def test_a_second_telephone_company_needs_a_secret_of_its_own(tmp_path):
    code, said = checked(tmp_path, TWILIO_BACKUP_API_URL="https://phones.example")

    assert code != 0
    assert "TWILIO_BACKUP_AUTH_TOKEN still has the value of a local run" in said


def test_how_the_database_is_to_be_reached_is_not_forgotten(tmp_path):
    """`sslmode` decides whether a stranger on the way may read all there is."""
    told = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'])"
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True,
        env=os.environ | {
            "BONGSU_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": "postgres://bongsu:secret@db.example/bongsu?sslmode=verify-full",
        },
    )  # fmt: skip

    assert "'sslmode': 'verify-full'" in done.stdout
    assert "'application_name': 'bongsu'" in done.stdout
