#!/bin/sh
# Sees to it that the programs are there that the tests start: a Chromium, PostgreSQL's server, and
# what checks the examples in deploy/. What is missing is installed from the distribution's own
# packages, if this may be done here; what cannot be had is named, and that is an error.
set -eu

# Each line: what is missing without it, and the package that has it.
needs() {
    has_browser || echo "chromium-headless-shell"
    has_postgresql || echo "postgresql"
    has nginx || echo "nginx-light"
    has caddy || echo "caddy"
    has systemd-analyze || echo "systemd"
    has openssl || echo "openssl"
    has curl || echo "curl"
    has strace || echo "strace"
}

has() {
    PATH="$PATH:/usr/sbin" command -v "$1" >/dev/null
}

has_browser() {
    if [ -n "${LEADLINE_BROWSER:-}" ]; then has "$LEADLINE_BROWSER"; else
        has chromium-headless-shell || has chromium
    fi
}

has_postgresql() {
    has initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# No service of an installed package is started: the tests start their own, on free ports.
install() {
    command -v apt-get >/dev/null && as_root true 2>/dev/null || return 0
    as_root apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get install -y -q --no-install-recommends $missing
}

missing=$(needs)
[ -n "$missing" ] || exit 0
install >&2 || true
missing=$(needs)
[ -n "$missing" ] || exit 0
echo "The tests need programs of these packages, or LEADLINE_BROWSER for a browser elsewhere:" \
    $missing >&2
exit 1
