#!/bin/sh
# Style, layers, types, settings, migrations: everything that needs no running system.
set -eu
cd "$(dirname "$0")/.."
PATH=$PWD/.venv/bin:$PATH

step() {
    echo "· $*"
    "$@"
}

# Production settings must stand on their own: no key is generated for them.
deployed() {
    BONGSU_ENV=production \
        BONGSU_SECRET_KEY=a-key-for-this-check-only-that-is-long-and-varied-0123456789-zyxwvut \
        BONGSU_URL=https://bongsu.example BONGSU_ALLOWED_HOSTS=bongsu.example \
        python manage.py check --deploy --fail-level WARNING
}

step ruff format --check --quiet .
step ruff check --quiet .
if [ -n "$(find templates -name '*.html' 2>/dev/null)" ]; then
    echo "· djade --check templates"
    find templates -name '*.html' -exec djade --check {} +
fi
step lint-imports --no-timing
step mypy .
step python manage.py check
step deployed
step python manage.py makemigrations --check --dry-run
