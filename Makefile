.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
# scikit-learn's threads fight with test workers and web processes for the same cores.
export OMP_NUM_THREADS := 1
T ?= tests

.PHONY: help
help: ## Show what there is to do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/' | sort

.venv/installed: requirements/dev.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements/dev.txt --editable .
	touch $@

.PHONY: install
install: .venv/installed ## Make .venv with everything needed

.PHONY: chromium
chromium: # Debian's browser for the browser tests, where we may install it
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -yqq --no-install-recommends chromium fonts-liberation >/dev/null; } \
	  || echo "chromium is missing and cannot be installed here: browser tests will be SKIPPED"

.PHONY: demo
demo: install ## Load the demo area, run one round, print the result and serve it on 127.0.0.1:8000
	$(BIN)/qa-service demo $(ARGS)

.PHONY: run
run: install ## Serve the configured database
	$(BIN)/qa-service serve

.PHONY: worker
worker: install ## Do what falls due
	$(BIN)/qa-service worker

.PHONY: test
test: install chromium ## Run the tests (make test T=tests/sampling for a part)
	$(BIN)/python -m pytest -n 2 --dist worksteal $(T)

.PHONY: test-fast
test-fast: install ## Run the tests of the pure cores
	$(BIN)/python -m pytest -n 2 tests/sampling tests/rubrics

.PHONY: test-pg15
test-pg15: install ## Run the database tests on a system PostgreSQL 15, where there is one
	scripts/with_system_postgresql.sh $(BIN)/python -m pytest -n 2 tests/house/test_schema.py tests/service/audit tests/service/rounds

.PHONY: bench
bench: install ## Measure speed, as ratios within one run (ARGS="--area national --officers 18000": sizes of the nation)
	$(BIN)/python scripts/bench.py $(ARGS)

.PHONY: validity
validity: install ## Simulate the whole programme and write docs/validity.md (FULL=1: 4,000 rounds)
	$(BIN)/python scripts/validity.py --rounds $(if $(FULL),4000,500) > docs/validity.md

.PHONY: evaluate
evaluate: install ## Evaluate the classifier and write docs/classifier.md (COMPAS_DIR=... for part b)
	PYTHONPATH=. COMPAS_DIR=$(COMPAS_DIR) $(BIN)/python scripts/evaluate.py

.PHONY: golden
golden: ## Regenerate the figures of R that tests are held to (Debian: r-cran-survey, -psych, -vcd, -sampling, -vgam)
	cd tests/golden/sampling && for script in *.R; do Rscript $$script > $${script%.R}.json || exit 1; done

.PHONY: format
format: install ## Format the code
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

.PHONY: lint
lint: install ## Lint code, templates and spelling
	$(BIN)/ruff format --check . && $(BIN)/ruff check .
	$(BIN)/djlint --lint --quiet qa_service/pages/templates
	$(BIN)/codespell qa_service models sampling rubrics tests docs scripts *.md

.PHONY: types
types: install ## Check types
	$(BIN)/mypy
	MYPYPATH=scripts $(BIN)/mypy scripts

.PHONY: imports
imports: install ## Check the import contracts
	$(BIN)/lint-imports

.PHONY: migrate
migrate: install ## Bring the configured database to the present schema
	$(BIN)/qa-service db upgrade

.PHONY: audit-verify
audit-verify: install ## Recompute the log's chain
	$(BIN)/qa-service audit verify

.PHONY: vendor-assets
vendor-assets: ## Build the interface assets again (maintainers; needs npm)
	scripts/vendor_assets.sh

.PHONY: check
check: lint types imports test test-pg15 ## Everything that CI runs
