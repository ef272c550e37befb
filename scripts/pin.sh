#!/usr/bin/env bash
# Writes the requirement files anew: the versions that stand there, each with the hashes of all its files.
set -euo pipefail
cd "$(dirname "$0")/.."

for file in requirements.txt requirements-dev.txt requirements-bench.txt requirements-model.txt requirements-audit.txt; do
    pins=$(mktemp)
    {
        grep '^#' "$file"
        grep -oE '^[A-Za-z0-9][A-Za-z0-9._-]*==[^ ;\\]+' "$file" |
            .venv-audit/bin/uv pip compile --quiet --system-certs --no-deps --generate-hashes --no-annotate --no-header \
                --python .venv/bin/python -
    } >"$pins"
    cat "$pins" >"$file"
    rm "$pins"
done
