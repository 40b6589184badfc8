# fitsvc: `make` alone lists what there is. The environment is made once, in .venv, from requirements.lock.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq
DEMO := FITSVC_DEMO=1 FITSVC_DATABASE_URL=sqlite:///$(CURDIR)/var/demo.sqlite FITSVC_BASE_URL=http://$(HOST):$(PORT)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo serve test check format messages performance pictures audit wheel lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

# --- use it

demo: $(RUNTIME) messages ## a small invented kommune on http://127.0.0.1:8000, built anew each time
	@scripts/system-packages.sh pango || echo "Going on without: pages and curves work, but no PDF is made and no meeting can be noted as held."
	@mkdir -p var
	@$(DEMO) $(BIN)/fitsvc demo --reset
	@$(DEMO) $(BIN)/fitsvc serve --host $(HOST) --port $(PORT)

serve: $(RUNTIME) messages ## the demo's database again, as it was left
	@$(DEMO) $(BIN)/fitsvc serve --host $(HOST) --port $(PORT)

# --- work on it

test: $(DEVELOPMENT) messages ## all tests; some only: make test PYTEST_ARGS="tests/domain -x"
	scripts/system-packages.sh pango chromium
	$(BIN)/pytest -n 2 $(PYTEST_ARGS)

check: $(DEVELOPMENT) messages ## lint, format, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEVELOPMENT) ## the formatter, and what the linter can mend by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: $(RUNTIME) ## compile the translations
	@$(BIN)/python hatch_build.py

performance: $(DEVELOPMENT) messages ## the measurements of tests/performance, as a table (minutes)
	scripts/system-packages.sh pango
	$(BIN)/pytest -s $(or $(PYTEST_ARGS),tests/performance)

pictures: $(DEVELOPMENT) messages ## README's pictures, taken by the browser tests
	scripts/system-packages.sh pango chromium
	FITSVC_PICTURES=docs/pictures $(BIN)/pytest tests/browser -k pictures

audit: $(DEVELOPMENT) ## known vulnerabilities of all that is locked or vendored, as far as they can be looked up
	$(BIN)/python scripts/audit.py

wheel: $(DEVELOPMENT) messages ## dist/: the wheel with its bill of materials (CycloneDX)
	$(BIN)/python -m build --wheel --no-isolation
	@cp build/fitsvc.cdx.json dist/ && ls dist

lock: ## requirements.lock anew, from the newest versions pyproject.toml allows
	$(PYTHON) -m venv var/lock
	var/lock/bin/pip install -qq uv
	var/lock/bin/python scripts/lock.py var/lock/bin/uv

clean: ## away with everything made here, the demo's database too
	rm -rf $(VENV) var build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	rm -f fitsvc/translations/*/LC_MESSAGES/*.mo
	find . -name __pycache__ -prune -exec rm -rf {} +

# --- the environment: what the service needs, then what only tests and checks need

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "fitsvc needs Python 3.11 or newer; say which: make PYTHON=/path/to/python3.11 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Making the environment in $(VENV) (once, about half a minute) …"
	@sed '/^# --- only for development/,$$d' requirements.lock > $(VENV)/runtime.lock
	@$(PIP) --require-hashes -r $(VENV)/runtime.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOPMENT): $(RUNTIME)
	@echo "Adding the tools for tests and checks …"
	@$(PIP) --require-hashes -r requirements.lock
	@touch $@
