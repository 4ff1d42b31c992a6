# Every routine of the house. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
unexport PYTHONDONTWRITEBYTECODE
PY := .venv/bin/python
HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: help setup setup-spark setup-security static run test test-postgres test-spark journeys pages lint format types security security-audit generative manual coverage-of-mission bench lock where sample clean

help: ## list these routines
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 22

setup: .venv/.ready ## make .venv with the locked requirements
.venv/.ready: requirements/dev.txt scripts/bootstrap.sh pyproject.toml hatch_build.py src/zhibu/engine/packed/kernel.c
	@sh scripts/bootstrap.sh requirements/dev.txt
	@touch $@

setup-spark: .venv/.spark ## … and the extra for a Spark cluster (450 MB; needs Java)
.venv/.spark: .venv/.ready requirements/spark.txt
	@sh scripts/bootstrap.sh requirements/spark.txt add
	@touch $@

setup-security: var/security/.ready ## … and the tools of `make security`, in var/security
var/security/.ready: requirements/security.txt scripts/bootstrap.sh
	@sh scripts/bootstrap.sh requirements/security.txt var/security tools
	@touch $@

static: setup ## build the front end (npm, SCSS) into static files
	@sh scripts/build-static.sh
	@$(PY) -m django collectstatic --settings zhibu.web.config.settings --noinput --verbosity 0

run: static ## set up, sample county, server on 127.0.0.1:8000, logins printed
	@.venv/bin/zhibu migrate
	@.venv/bin/zhibu sample
	@.venv/bin/zhibu serve --host $(HOST) --port $(PORT)

test: lint types static ## everything CI runs: lint, types, boundaries, tests, browser journeys where there is a Chromium
	@$(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not browser"
	@$(PY) -m pytest -n auto --dist worksteal -m browser

test-postgres: static ## the same tests on a PostgreSQL server started for them
	@sh scripts/postgres.sh $(PY) -m pytest -m "not browser" src tests

test-spark: setup-spark ## the Spark backend on a cluster of three processes (CASES=300)
	@ZHIBU_SPARK=required ZHIBU_SPARK_CASES=$(or $(CASES),300) $(PY) -m pytest -m spark tests/spark

journeys: static ## only the journeys in real Chromium
	@$(PY) -m pytest -n auto --dist worksteal -m browser

pages: static ## axe on every list and form in all three sizes of text, at 375 and 1366 px
	@ZHIBU_AXE=full $(PY) -m pytest tests/journeys/test_every_page.py

lint: setup ## ruff, and the boundaries of the house
	@.venv/bin/ruff check src tests scripts benchmarks security hatch_build.py
	@.venv/bin/ruff format --check --quiet src tests scripts benchmarks security hatch_build.py || (echo "run: make format"; exit 1)
	@.venv/bin/lint-imports --no-cache >/tmp/zhibu-imports.$$$$ 2>&1 || { cat /tmp/zhibu-imports.$$$$; rm -f /tmp/zhibu-imports.$$$$; exit 1; }; rm -f /tmp/zhibu-imports.$$$$

format: setup ## put the code into its form
	@.venv/bin/ruff check --fix --quiet src tests scripts benchmarks security hatch_build.py; .venv/bin/ruff format --quiet src tests scripts benchmarks security hatch_build.py

types: setup ## mypy, strict, on the engine
	@.venv/bin/mypy

security: setup-security static ## what CI is too short for, and tools on planted faults (PARTS="rules locks", OFFLINE=1)
	@OFFLINE=$(OFFLINE) $(PY) security/run.py $(PARTS)

security-audit: setup ## what CI is too short for: 1,000 tamperings, 50 writers, a million lines; on both databases
	@for on in "" "sh scripts/postgres.sh"; do \
	  $$on $(PY) benchmarks/audit_tamper.py --times 1000 && $$on $(PY) benchmarks/audit_storm.py && \
	  $$on $(PY) benchmarks/audit_speed.py verify || exit 1; done

generative: setup ## thousands of generated cases: both backends equal (CASES=5000)
	@ZHIBU_CASES=$(or $(CASES),5000) $(PY) -m pytest tests/generative

manual: setup ## chapters of the manual made from the specification tables
	@$(PY) scripts/manual.py

coverage-of-mission: setup ## the 375 mechanisms, shown by a test or not
	@$(PY) scripts/mission.py

bench: setup-spark var/bench/.ready ## us and others, county to province, as ratios (BENCH="--scales country --rounds 1")
	@$(PY) benchmarks/bench.py $(BENCH)
var/bench/.ready: requirements/bench.txt scripts/bootstrap.sh
	@sh scripts/bootstrap.sh requirements/bench.txt var/bench
	@touch $@

sample: static ## the sample county only
	@.venv/bin/zhibu migrate
	@.venv/bin/zhibu sample

where: setup ## which view, template and test make a page: make where URL=/duties/month/
	@$(PY) scripts/where.py $(URL)

lock: ## requirements/*.txt anew from pyproject.toml
	@.tools/uv/bin/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python $(PY) --python-version 3.12 pyproject.toml -o requirements/base.txt
	@.tools/uv/bin/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python $(PY) --python-version 3.12 --extra bench -c requirements/base.txt pyproject.toml -o requirements/bench.txt
	@.tools/uv/bin/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python $(PY) --python-version 3.12 --extra dev -c requirements/base.txt pyproject.toml -o requirements/dev.txt
	@.tools/uv/bin/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python $(PY) --python-version 3.12 --extra spark -c requirements/dev.txt pyproject.toml -o requirements/spark.txt
	@.tools/uv/bin/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python $(PY) --python-version 3.12 --group security -o requirements/security.txt

clean: ## remove what was built; data in var/ stays
	@rm -rf .venv .tools node_modules var/static src/zhibu/web/design/static/built .pytest_cache .mypy_cache .ruff_cache
