# ARGS is handed to pytest: make verify ARGS="--model ./my-model"
.PHONY: setup setup-dev verify test check bench clean

setup:
	@scripts/setup.sh

# What tests and checks need on top.
setup-dev:
	@scripts/setup.sh dev

verify: setup
	.venv/bin/pytest claims/ --exit-zero $(ARGS)

test: setup-dev
	.venv/bin/pytest $(ARGS)

check: setup-dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/lint-imports
	.venv/bin/mypy

bench: setup-dev
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	.venv/bin/python -m benchmarks

fuzz: setup
	.venv/bin/python -m tests.fuzz $(ARGS)

clean:
	rm -rf .venv reports .pytest_cache .mypy_cache .ruff_cache
