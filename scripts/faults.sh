#!/bin/sh
# Runs every test that docs/faults.md names, one after the other, and writes there how long each took.
#   scripts/faults.sh                       # all of them: about 40 minutes
#   scripts/faults.sh tests/fault           # these, and only says how long they took
set -eu
cd "$(dirname "$0")/.."

named() {
    grep -oE '`[a-z_/]*(test_[a-z_]+\.py|[a-z]/)`' docs/faults.md | tr -d '`' | sort -u |
        while read -r name; do
            [ -e "tests/$name" ] && echo "tests/$name"
        done
}

run() { .venv/bin/python -m pytest -n 0 -p tests.durations -p no:randomly "$@"; }

if [ $# -gt 0 ]; then
    run "$@"
else
    run --into docs/faults.md $(named)
fi
