# `make help` lists what there is to do. Needs GNU make and Python 3.11 or newer.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# npm and the node it starts are the ones inside the virtual environment.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix web --no-update-notifier
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header $(LOCKFLAGS)

# What is set up leaves a stamp behind, so that the next call has nothing to do.
MADE := $(VENV)/.made
RUN := $(VENV)/.run-installed
DEV := $(VENV)/.dev-installed
MODULES := web/node_modules/.installed

# Whatever starts here starts sooner where Python keeps what it compiled.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup serve test bench bench-large soak coverage lint format types layers web web-check screenshots programs unit lock

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: $(RUN) ## set up .venv with what the server needs to run

serve: $(RUN) ## run the server on 127.0.0.1:8000, data in ./data, unless LEADLINE_* says else
	@exec $(BIN)/leadline serve

test: programs lint types layers web-check unit ## set up what the tests need and run every check

bench: $(RUN) ## run the benchmarks, printed as a table
	@$(BIN)/python -m bench

bench-large: $(RUN) ## the benchmarks of reports with 50 million hits
	@$(BIN)/python -m bench large

soak: $(DEV) programs ## kill the server a hundred times, break its disk, count every hit
	@$(BIN)/python -m tests.crash.soak $(SOAK)

lint: $(DEV) ## check style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(DEV) ## put the sources into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(DEV) ## check types
	$(BIN)/mypy

layers: $(DEV) ## check which room imports which
	$(BIN)/lint-imports

web: $(MODULES) ## rebuild what runs in the browser
	@$(NPM) run --silent build

web-check: $(MODULES)
	@$(NPM) run --silent types
	@$(NPM) run --silent check

screenshots: $(DEV) ## draw docs/images anew
	@$(BIN)/python -m tools.screenshot

programs:
	@sh tools/programs.sh

PYTEST = $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

unit: $(DEV) $(MODULES)
	$(PYTEST)

coverage: programs $(DEV) $(MODULES) ## the tests with their branch coverage, a fifth slower
	$(PYTEST) --cov

# LOCKFLAGS=--upgrade takes the newest versions instead of keeping those already locked.
lock: $(DEV) ## write requirements/*.txt and web/package-lock.json anew
	$(UV_COMPILE) --group build -o requirements/build.txt
	$(UV_COMPILE) -c requirements/build.txt pyproject.toml --all-extras \
		-o requirements/run.txt
	$(UV_COMPILE) -c requirements/build.txt -c requirements/run.txt pyproject.toml --all-extras \
		--group dev -o requirements/dev.txt
	$(NPM) install --ignore-scripts --package-lock-only

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Leadline needs Python 3.11 or newer: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python lacks its venv module: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# The lock files are complete, and `pip check` says so: nothing is looked for that they do not name.
$(RUN): $(MADE) requirements/build.txt requirements/run.txt pyproject.toml
	$(PIP) install --no-deps --require-hashes -r requirements/build.txt -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@$(PIP) check
	@touch $@

$(DEV): $(RUN) requirements/dev.txt
	$(PIP) install --no-deps --require-hashes -r requirements/dev.txt
	@$(PIP) check
	@touch $@

$(MODULES): $(DEV) web/package.json web/package-lock.json
	$(NPM) ci --ignore-scripts --no-audit --no-fund
	@touch $@
