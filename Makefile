PYTHON_BIN := .venv/bin
LANES ?= $(if $(ARGS),0,2)
TEST_PACKAGES := chromium redis-server nginx-light rabbitmq-server systemd-journal-remote prometheus prometheus-alertmanager logrotate poppler-utils libharfbuzz-subset0 gettext haproxy

BENCH_PACKAGES := wrk nginx-light libharfbuzz-subset0

.PHONY: help run test check bench faults format clean setup setup-dev

help:  ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: setup  ## everything on this machine, until Ctrl-C (PORT, SANDBOX_PORT, BONGSU_HOME)
	@exec $(PYTHON_BIN)/python manage.py up

test: setup-dev  ## all tests in two lanes, or those that ARGS names in one (ARGS, LANES)
	@scripts/system-packages.sh $(TEST_PACKAGES) || echo "Tests that need them will be skipped by name." >&2
	@$(PYTHON_BIN)/python -m pytest -n $(LANES) $(ARGS)

faults: setup-dev  ## break everything that docs/faults.md names, and write there how long each took
	@scripts/system-packages.sh $(TEST_PACKAGES) || echo "Tests that need them will be skipped by name." >&2
	@scripts/faults.sh $(ARGS)

check: setup-dev  ## style, layers, types, settings and migrations
	@scripts/check.sh

bench: setup-dev  ## a table of speeds, half an hour, or of those that ARGS names (ARGS="--into docs/benchmarks.md")
	@scripts/system-packages.sh $(BENCH_PACKAGES) || echo "Measures that need them will say so." >&2
	@$(PYTHON_BIN)/python -m bench $(ARGS)

format: setup-dev  ## put the style right
	@$(PYTHON_BIN)/ruff format .
	@$(PYTHON_BIN)/ruff check --fix .
	@find templates -name '*.html' -exec $(PYTHON_BIN)/djade {} +

clean:  ## remove the environment and the caches; the data in var/ stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup:
	@scripts/setup.sh requirements.txt

setup-dev: setup
	@scripts/setup.sh requirements-dev.txt
