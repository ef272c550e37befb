# ARGS is handed to pytest: make verify ARGS="--model ./my-model"
.PHONY: help setup setup-dev verify sample test check bench fuzz mutation licences audit pins oldest clean

setup:
	@scripts/setup.sh

# What tests and checks need on top.
setup-dev:
	@scripts/setup.sh dev

help:
	@printf "%s\n" "make setup    the environment in .venv" "make verify   decide all claims on a model, write the report (ARGS=...)" "make sample   two reports to look at" "make test     the tests of this software" "make check    formatter, linter, types, import contracts" "make bench    speed against plain code" "make fuzz     mutated files" "make mutation code changed in some places: do its tests fail" "make oldest   tests with the oldest versions allowed" "make licences, make audit, make pins   of what is installed" "make clean    remove environments, reports and caches"

verify: setup
	.venv/bin/pytest claims/ --exit-zero $(ARGS)

# Two reports to look at: of the embedded subject, and of planted activations in which every claim is true.
SAMPLE = reports/sample
sample: setup
	.venv/bin/pytest claims/ --model smollm2-135m --corpus embedded --exit-zero --report-dir $(SAMPLE) $(ARGS)
	.venv/bin/python -m layerclaims.calibration.planted_file $(SAMPLE)/planted.safetensors
	.venv/bin/pytest claims/ --activations $(SAMPLE)/planted.safetensors --exit-zero --report-dir $(SAMPLE) $(ARGS)

# One process more than cores, for some tests wait; each of them with one thread where libraries would take more.
# `.venv/bin/pytest tests/...` runs in one process, which is quicker for a few tests.
# What is compiled is kept, also where the environment says otherwise: hundreds of processes import the same modules.
test: setup-dev
	PYTHONDONTWRITEBYTECODE= OPENBLAS_NUM_THREADS=1 OMP_WAIT_POLICY=passive .venv/bin/pytest --numprocesses $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )) \
		--maxprocesses 8 --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup-dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/lint-imports
	.venv/bin/mypy

bench: setup-dev
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-bench.txt
	.venv/bin/python -m benchmarks

# Reads 100,000 mutated files: make fuzz ARGS="--files 1000 --only evidence"
fuzz: setup-dev
	.venv/bin/python -m tests.fuzz $(ARGS)

# Changes the code in some places of every module, and counts what its tests see:
# make mutation ARGS="--only layerclaims/decision/decision.py --sample 0"
mutation: setup-dev
	.venv/bin/python -m tests.mutation $(ARGS)

# The tools that look at the environment have one of their own.
.venv-audit/ready: requirements-audit.txt | setup-dev
	.venv/bin/python -m venv --clear .venv-audit
	.venv-audit/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	touch $@

# Fails where something installed has a licence that pyproject.toml does not allow.
licences: .venv-audit/ready
	.venv-audit/bin/pip-licenses --python .venv/bin/python >/dev/null
	@echo "every installed package has a licence that pyproject.toml allows"

# Fails where a known vulnerability is in something installed, or where none could be looked up.
audit: .venv-audit/ready
	.venv-audit/bin/python scripts/audit.py

# Gives every pin the hashes of its files; for a new version, write it into the file first.
pins: .venv-audit/ready
	scripts/pin.sh

# Tests what reads, measures and writes with the oldest versions that pyproject.toml allows.
oldest: .venv-audit/ready
	scripts/oldest.sh
	.venv-oldest/bin/python -m pytest -m "not slow" tests/analysis/pairs tests/layerclaims/serialization \
		tests/subject/model/test_loading.py tests/subject/reading/test_architectures.py tests/subject/storage \
		tests/report/records tests/report/test_frames.py tests/integration/one_subject/test_runs.py

clean:
	rm -rf .venv .venv-audit .venv-oldest reports .pytest_cache .mypy_cache .ruff_cache
