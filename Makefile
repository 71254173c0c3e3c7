# Each verb sets up .venv by itself; only Python 3.11+ and make are needed.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
OUT ?= demo-out
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: help demo test check bench quality docs notebooks page-speed screenshots neo4j neo4j-stop browser-shots clean
.DEFAULT_GOAL := help

help:
	@echo 'make demo   build the sample plans, print three answers, write a workbook to $(OUT)/'
	@echo 'make test   all tests            make check  ruff, mypy --strict'
	@echo 'make bench  speed, beside jieba  make docs   generated pages'
	@echo 'make notebooks  run the notebooks and keep their results   make page-speed  the page beside pyvis, to docs/page-speed.md'
	@echo 'make screenshots  the pictures of the README, to docs/images (both need chromium and chromium-driver)'
	@echo 'make quality  figures on annotated plans, to docs/quality.md'
	@echo 'make neo4j  an empty Neo4j on this machine      make neo4j-stop  ends it'
	@echo 'make browser-shots  the pictures of docs/neo4j-browser.md'

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed (set PYTHON=/path/to/python3)' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo 'python -m venv failed; on Debian and Ubuntu install python3-venv' >&2; exit 1; }

# A stamp a set of packages: reinstalled when pyproject.toml or constraints.txt change.
$(VENV)/.core: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) -e '.[formats]'
	@touch $@

$(VENV)/.test: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) -e '.[test,bench]'
	@touch $@ $(VENV)/.core

$(VENV)/.dev: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) -e '.[dev]'
	@touch $@ $(VENV)/.test $(VENV)/.core

demo: $(VENV)/.core
	$(BIN)/kg demo --out $(OUT)

test: $(VENV)/.test
	$(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/.test
	$(BIN)/python benchmarks/run.py

quality: $(VENV)/.core
	$(BIN)/python benchmarks/quality.py

notebooks: $(VENV)/.test
	$(BIN)/jupytext --quiet --to ipynb --execute --set-kernel python3 notebooks/*.py

page-speed: $(VENV)/.test
	$(BIN)/python benchmarks/page.py --write docs/page-speed.md

screenshots: $(VENV)/.test
	$(BIN)/python docs/screenshots.py

docs: $(VENV)/.core
	$(BIN)/python -m kg.ontology.documentation
	$(BIN)/python -m kg.extraction.documentation

browser-shots: $(VENV)/.test
	$(BIN)/python tests/neo4j/browser_shots.py

neo4j: $(VENV)/.core
	@$(BIN)/python tests/neo4j/server.py start

neo4j-stop: $(VENV)/.core
	@$(BIN)/python tests/neo4j/server.py stop

clean:
	rm -rf $(VENV) $(OUT) build dist
