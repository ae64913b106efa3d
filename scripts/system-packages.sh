#!/bin/sh
# Installs the Debian packages named, those that are missing and only as root; otherwise names them.
#   scripts/system-packages.sh chromium redis-server
set -eu

policy=/usr/sbin/policy-rc.d

missing() {
    for package in "$@"; do
        dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null |
            grep -qx installed || echo "$package"
    done
}

# Tests start what they need themselves: no daemon may be started because it was installed.
forbid_services() {
    [ -e "$policy" ] && return
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
}

if ! command -v dpkg-query >/dev/null; then
    echo "This is not a Debian: install what it calls $*, if it is not there yet." >&2
    exit 1
fi
wanted=$(missing "$@")
[ -z "$wanted" ] && exit 0
wanted=$(echo $wanted)
if [ "$(id -u)" != 0 ]; then
    echo "Missing on this system: sudo apt-get install --no-install-recommends $wanted" >&2
    exit 1
fi
echo "installing $wanted" >&2
forbid_services
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -qq -y --no-install-recommends $wanted >/dev/null; }
install 2>/dev/null || { apt-get update -qq >/dev/null && install; }
