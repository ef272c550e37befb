#!/usr/bin/env bash
# Makes .venv-oldest: the oldest versions that pyproject.toml allows, and the newest of what these depend on.
# torch is the pinned one: PyPI has its older versions for CUDA only, with gigabytes of packages.
set -euo pipefail
cd "$(dirname "$0")/.."

uv() { .venv-audit/bin/uv pip "$@"; }
versions=$(mktemp)
trap 'rm -f "$versions"' EXIT
uv compile --quiet --system-certs --python .venv/bin/python --resolution lowest-direct --all-extras \
    --no-annotate --no-header pyproject.toml | grep -vE '^(torch|triton|nvidia-[a-z0-9-]+)==' >"$versions"
.venv/bin/python -m venv --clear .venv-oldest
uv install --quiet --system-certs --python .venv-oldest/bin/python --no-deps -r "$versions"
.venv-oldest/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-torch.txt
.venv-oldest/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-model.txt
