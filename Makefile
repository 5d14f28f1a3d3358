# Needs make and Python 3.11 or newer, nothing else: everything else goes into .venv.
# `make help` lists the targets.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test look lint types imports secrets audit pytest long faults year simulate mutation bench catalogues format lock setup-run \
	setup-test clean

# Chinese output on a machine whose locale is POSIX
export PYTHONUTF8 := 1

# The first Python that is new enough; `make PYTHON=/path/to/python3.12 run` chooses another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)

BIN := .venv/bin

# What is installed is stamped with what it was installed from, so that a second call costs nothing
# and a changed lock, a new room or a moved checkout installs again.
key = $(shell cat requirements/$(1).txt pyproject.toml | cksum | tr ' ' '-')-$(shell \
	echo '$(CURDIR) $(sort $(wildcard */__init__.py))' | cksum | tr ' ' '-')
RUN_STAMP := .venv/.run-$(call key,run)
TEST_STAMP := .venv/.test-$(call key,test)

# The sample shop's files through the night of 2026-11-21: a date given to it, not read from the clock.
# Its second ledger is the first one three weeks later; the bank files say what came in between.
SAMPLE_FILES := tests/samples/shop
SAMPLE_NIGHT := 2026-11-21
define SAMPLE
$(BIN)/huikuan intake folder $(SAMPLE_FILES) --skip ledger_2026-11.xlsx --shop FUYUAN --authorised-by 王敏
$(BIN)/huikuan night run --date $(SAMPLE_NIGHT)
endef

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup-run  ## set up, then one night of the sample shop; results under var/
	$(SAMPLE)

test: setup-test lint types imports secrets pytest  ## set up, then lint, types, import rules and every test

look: setup-test run  ## pictures of the workbook and the notices under var/look (needs LibreOffice)
	$(BIN)/python -m tests.look

lint: setup-test  ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-test  ## mypy, strict
	$(BIN)/mypy

imports: setup-test  ## the import rules of pyproject.toml
	$(BIN)/lint-imports

secrets: setup-test  ## no secret stands in the repository (.secrets.baseline lists what only looks like one)
	@git ls-files -z | xargs -0 $(BIN)/detect-secrets-hook --baseline .secrets.baseline

audit: setup-test  ## known holes in what we depend on (asks the outside, so not part of `make test`)
	@$(call install,audit)
	@$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements/run.txt || { \
		echo "The audit did not come to a good end: above stands a hole that is known, or what could not be asked" \
		"about. It asks the package index: run it where that can be reached." >&2; exit 1; }

pytest: setup-test  ## every test, on two processes
	$(BIN)/pytest -q -n 2 --dist loadgroup

long: setup-test  ## the long forms: 300 damaged workbooks, a ledger of 20,000 cases there and back, an upgrade under SQLite (15 minutes)
	HUIKUAN_TEST_LONG=1 $(BIN)/pytest -q -p no:randomly tests/tasks/ledgers/test_mutated_workbooks.py tests/tasks/ledgers/test_there_and_back.py tests/upgrades

faults: setup-test  ## break everything in the middle of a night; a table. SEED=7 replays one, ROUNDS=3 goes on (15 minutes)
	$(BIN)/python -m tests.faults.long --seed $(or $(SEED),1) --rounds $(or $(ROUNDS),1) --only "$(ONLY)"

year: setup-test  ## fifty generated shops live a year: is any automatic match wrong, and what is found? (20 minutes)
	$(BIN)/python -m tests.generated.year

# One seed again, as it was: make simulate SEED=7 NIGHTS=30 SHOPS=1
simulate: setup-test  ## twenty simulated houses live a year with faults in every night; all that must hold is checked (hours)
	$(BIN)/python -m tests.simulation.year $(if $(SEED),--seed $(SEED)) $(if $(NIGHTS),--nights $(NIGHTS)) \
		$(if $(SHOPS),--shops $(SHOPS)) $(if $(MINUTES),--minutes $(MINUTES))

bench: setup-test  ## what things cost, as ratios against the bare alternatives (some minutes)
	@missed=; for each in $(sort $(basename $(notdir $(shell grep -l '^def main' benchmarks/*.py)))); do \
		echo "== $$each"; $(BIN)/python -m benchmarks.$$each || { echo MISSED; missed="$$missed $$each"; }; done; \
		[ -z "$$missed" ] || { echo "Goals were missed by:$$missed"; exit 1; }

# Change the money rules in every small way: the tests must notice. Survivors are in docs/mutation.md.
mutation: setup-test  ## mutation testing of the money rules (2 minutes)
	@$(call install,mutation)
	$(BIN)/mutmut run --max-children 2
	$(BIN)/mutmut results

# Messages that are new, changed or gone, in the catalogue of every language; a new one: make catalogues ADD=fr
catalogues: setup-test  ## bring the catalogues of notices up to date with their templates
	@mkdir -p var
	$(BIN)/pybabel -q extract -F babel.cfg --add-location=never --omit-header --no-wrap --ignore-dirs=".*" --sort-output -o var/notices.pot .
	@if [ -n "$(ADD)" ]; then $(BIN)/pybabel -q init -D notices -i var/notices.pot -d notifications/locale -l $(ADD); fi
	$(BIN)/pybabel -q update -D notices -i var/notices.pot -d notifications/locale --no-fuzzy-matching \
		--ignore-obsolete --ignore-pot-creation-date --no-wrap

format: setup-test  ## let ruff rewrite what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(BIN)/python  ## write requirements/*.txt anew from pyproject.toml (needs uv)
	$(UV_COMPILE) --group build --output-file requirements/run.txt
	$(UV_COMPILE) --group build --group dev --output-file requirements/test.txt
	$(UV_COMPILE) --group build --group dev --group mutation --output-file requirements/mutation.txt
	$(UV_COMPILE) --group build --group dev --group audit --output-file requirements/audit.txt

clean:  ## remove the environment and all caches; var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis mutants build huikuan.egg-info

# ---------------------------------------------------------------- set-up

UV_COMPILE := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links

setup-run: $(RUN_STAMP)
setup-test: $(TEST_STAMP)

$(TEST_STAMP): | $(BIN)/python
	@echo "Installing what the tests need (once) ..."
	@$(call install,test)
	@rm -f .venv/.test-* .venv/.run-*
	@touch $@

# What the tests need contains what a night needs.
$(RUN_STAMP): | $(BIN)/python
	@if [ ! -e $(TEST_STAMP) ]; then echo "Installing what a night needs (once) ..."; fi
	@if [ ! -e $(TEST_STAMP) ]; then $(call install,run); fi
	@rm -f .venv/.run-*
	@touch $@

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "No Python 3.11 or newer was found. Install one, or name it: make PYTHON=/path/to/python3.12 run" >&2; \
		exit 1; fi
	@if command -v uv >/dev/null 2>&1; then uv venv --quiet --allow-existing --python "$(PYTHON)" .venv; \
	else "$(PYTHON)" -m venv .venv || { rm -rf .venv; \
		echo "This Python cannot make an environment (on Debian: apt install python3-venv)." >&2; exit 1; }; fi

# Locked and hashed packages first, then this checkout itself; uv where it is there, else pip.
define install
set -e; \
if command -v uv >/dev/null 2>&1; then \
	uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/$(1).txt; \
	uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
else \
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; \
	pip="$(BIN)/python -m pip install -qq --disable-pip-version-check"; \
	$$pip --require-hashes -r requirements/$(1).txt; \
	$$pip --no-deps --no-build-isolation -e .; \
fi
endef
