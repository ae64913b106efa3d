#!/bin/sh
# Style, layers, types, settings, migrations: everything that needs no running system.
# Every step is taken, whatever the one before says.
set -eu
cd "$(dirname "$0")/.."
PATH=$PWD/.venv/bin:$PATH

failed=

step() {
    echo "· $*"
    "$@" || failed="$failed $1"
}

templates() { find templates -name '*.html' -exec djade --check {} +; }

# Production settings must stand on their own: nothing is generated, nothing leads to the sandbox.
deployed() {
    env BONGSU_ENV=production \
        BONGSU_SECRET_KEY=for-this-check-only-long-and-varied-0123456789-zyxwvutsrqponmlkjihg \
        BONGSU_URL=https://bongsu.example BONGSU_ALLOWED_HOSTS=bongsu.example \
        BONGSU_WEBHOOK_SECRET=whsec_Zm9yIHRoaXMgY2hlY2sgb25seQ== \
        EMAIL_URL=smtp://mail.example SLACK_API_URL=https://slack.example/ SLACK_SIGNING_SECRET=own \
        TWILIO_API_URL=https://twilio.example TWILIO_AUTH_TOKEN=own \
        BONGSU_GUARD_TO=email:ops@bongsu.example \
        python manage.py check --deploy --fail-level WARNING
}

step ruff format --check --quiet .
step ruff check --quiet .
step templates
step lint-imports --no-logo
step mypy .
step python manage.py check
step deployed
# It would like to ask a database for its history; none need be running.
step python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

if [ -n "$failed" ]; then
    echo "Not in order:$failed" >&2
    exit 1
fi
