#!/bin/sh
# Sees to it that the tests have a browser, and prints which one: $LEADLINE_BROWSER if it is set,
# else a Chromium on PATH, else one installed from the distribution's own packages.
set -eu

find_browser() {
    if [ -n "${LEADLINE_BROWSER:-}" ]; then
        command -v "$LEADLINE_BROWSER"
    else
        command -v chromium-headless-shell || command -v chromium
    fi
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_chromium() {
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -q &&
        { as_root apt-get install -y -q --no-install-recommends chromium-headless-shell ||
            as_root apt-get install -y -q --no-install-recommends chromium; }
}

if find_browser; then exit 0; fi
if [ -z "${LEADLINE_BROWSER:-}" ] && command -v apt-get >/dev/null && as_root true 2>/dev/null; then
    install_chromium >&2 || true
    if find_browser; then exit 0; fi
fi
echo "The tests need a browser: install chromium-headless-shell or chromium, or set LEADLINE_BROWSER to one" >&2
exit 1
