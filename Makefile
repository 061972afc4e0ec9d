# For people who work on Braid. Nobody needs make to run it: ./run and ./test do everything.
.DEFAULT_GOAL := help
.PHONY: help setup check static format test bench lock shots
BIN := .venv/bin

help: ## say what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: ## bring the environment and the front end up to date
	@./test --prepare

check: static test ## everything that must be green before a commit

static: setup ## format, lint, types, imports and templates, without running anything
	@.ci/check

format: setup ## put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix --show-fixes .

test: ## the tests; make test WITH="-k search"
	@./test $(WITH)

bench: setup ## measure Braid with 10,000 posts (bench/README.md)
	$(BIN)/python -m bench $(WITH)

shots: setup ## screenshots of the main pages into screenshots/
	$(BIN)/python -m tests.browser.shots $(WITH)

# Pins stay as they are where pyproject.toml allows; for the newest of everything: make lock WITH=--upgrade
LOCK := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--extra postgres --group build $(WITH) pyproject.toml
lock: setup ## write both lock files again after a change of pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv $(LOCK) --output-file requirements.lock
	$(BIN)/uv $(LOCK) --group dev --output-file requirements-dev.lock
