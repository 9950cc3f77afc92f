# Each target sets up .venv by itself; it needs python 3.11 or newer with venv, and make.
# Another Python: make PYTHON=python3.11 …   Arguments: make test ARGS="tests/config -x"

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
READY := .venv/.ready
LOCKED := deploy/requirements
INSTALL := $(BIN)/python -P -m pip install --quiet --disable-pip-version-check --no-deps

.DELETE_ON_ERROR:
.PHONY: help demo test test-slow test-all coverage extras lint quality bench clean

help:
	@echo "make demo      crawl the bundled newsroom, and see what was archived"
	@echo "make test      the tests (test-slow: the long ones; test-all: both)"
	@echo "make coverage  how much of the pure parts the tests go through, against floors"
	@echo "make extras    add the optional packages (markets, alerts, parquet, distributed): their tests run too"
	@echo "make lint      format, style, types, layers"
	@echo "make quality   how well extraction does, on sites left out too, against its floors"
	@echo "make bench     measure speed, and quality beside other extractors"
	@echo "make clean     remove .venv and caches; the data stay"

demo: $(READY)
	$(BIN)/broadsheet demo $(ARGS)

test: $(READY)
	$(BIN)/python -P -m pytest $(ARGS)

# pytest's exit code 5: no test of this kind
test-slow: $(READY)
	$(BIN)/python -P -m pytest -m slow $(ARGS) || [ $$? -eq 5 ]

test-all: $(READY)
	$(BIN)/python -P -m pytest -m "slow or not slow" $(ARGS)

# the same inputs in every run: else a figure that stands at its floor would fall now and then
COVERED := -p no:randomly --hypothesis-seed=0 --cov --cov-report= tests/archive tests/crawler tests/histories tests/hostile

coverage: $(READY)
	$(BIN)/python -P -m pytest $(COVERED) $(ARGS)
	$(BIN)/python -P -m tests.coverage_floors

extras: $(READY)
	@echo "Adding the optional packages: about a minute."
	@$(INSTALL) --require-hashes -r $(LOCKED)/extras.txt

lint: $(READY)
	$(BIN)/python -P -m ruff format --check .
	$(BIN)/python -P -m ruff check .
	$(BIN)/python -P -m mypy
	$(BIN)/lint-imports

quality: $(READY)
	$(BIN)/python -P -m benchmarks.quality --only-ours $(ARGS)
	$(BIN)/python -P -m benchmarks.judge

bench: $(READY)
	@set -e; for script in benchmarks/bench_*.py; do \
	  if [ -e "$$script" ]; then echo "== $$script"; $(BIN)/python "$$script" $(ARGS); fi; \
	done
	$(BIN)/python -P -m benchmarks.quality

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage* .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml $(LOCKED)/run.txt $(LOCKED)/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is missing or older than Python 3.11."; \
	  echo "Install one, then name it: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; } >&2
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	  echo "$(PYTHON) lacks venv; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; } >&2
	@echo "Setting up .venv: about a minute, this first time only."
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@$(INSTALL) --require-hashes -r $(LOCKED)/run.txt -r $(LOCKED)/dev.txt
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@
