#!/bin/sh
# Makes .venv and installs a requirements file into it, when that changed since the last time.
#   scripts/setup.sh requirements.txt
set -eu
cd "$(dirname "$0")/.."
wanted=$1
stamp=.venv/installed-$wanted

say() { echo "$*" >&2; }

supported() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

find_python() {
    for python in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
        if supported "$python"; then
            echo "$python"
            return
        fi
    done
    say "No Python 3.11, 3.12 or 3.13 here (python3 is: $(python3 --version 2>&1 || true))."
    say "Install one of them, or say where it is: make run PYTHON=/path/to/python3.13"
    exit 1
}

# Debian keeps the part of Python that makes environments in a package of its own.
make_environment() {
    "$1" -m venv .venv >/dev/null 2>&1 && return
    version=$("$1" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    rm -rf .venv
    scripts/system-packages.sh "$version-venv" && "$1" -m venv .venv && return
    rm -rf .venv
    say "$1 could not make an environment in $PWD/.venv: see the lines above, or run '$1 -m venv .venv'."
    exit 1
}

# pip's own words are either too many or none: count its libraries instead.
progress() {
    awk -v total="$(grep -c '==' "$wanted")" '
        /^Collecting / { if (++n % 20 == 0) { print "  fetched " n " of " total; fflush() } }
        /^Installing collected/ { print "  unpacking"; fflush() }
        /^pip failed$/ { failed = 1 }
        END { exit failed }' >&2
}

free_space() { df -Pk . | awk 'END { printf "%d MB are free here, 600 are needed.", $4 / 1024 }'; }

install() {
    say "installing $wanted (once, and again when it changes)"
    { .venv/bin/python -m pip install --disable-pip-version-check --progress-bar=off \
        --only-binary=:all: -r "$wanted" 2>.venv/pip.log || echo "pip failed"; } | progress && return
    reason=$(grep ERROR .venv/pip.log | tail -n 1)
    [ -n "$reason" ] || reason=$(tail -n 3 .venv/pip.log)
    say "${reason:-It could not even write down why: is the disk full? $(free_space)}"
    say "pip could not install $wanted into $PWD/.venv; its reason is above."
    say "'No matching distribution' means that a library has no ready-made wheel for this system"
    say "($(uname -sm), $(.venv/bin/python --version)): Linux with glibc and macOS on x86_64 or arm64 have them all."
    say "Otherwise check the network, the free disk space and pip's index settings, and run make again."
    exit 1
}

# Two makes at once would install into each other's half-made environment.
exec 9<Makefile
if command -v flock >/dev/null; then flock 9; fi

if ! supported .venv/bin/python; then
    python=$(find_python)
    say "making .venv with $("$python" --version)"
    rm -rf .venv
    make_environment "$python"
fi
if ! cmp -s "$wanted" "$stamp"; then
    install
    cp "$wanted" "$stamp"
fi
