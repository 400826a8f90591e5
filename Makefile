# Needs make and Python 3.11 or newer; everything else goes into .venv.
PYTHON ?= python3
SCENARIO ?= baseline-2027
PAIRS ?= 64
OUT ?= out/compare
JOBS ?= 2
VERSIONS ?=

BIN := .venv/bin
READY := .venv/.ready

.PHONY: compare test test-slow test-browser release-check version-check same-results digests results results-plan lint docs app bench wheel lock clean

compare: $(READY)
	$(BIN)/supplysim compare $(SCENARIO) --pairs $(PAIRS) --out $(OUT)

test: $(READY)
	$(BIN)/ruff check
	$(BIN)/python -m pytest -q -n $(JOBS)

test-slow: $(READY)
	$(BIN)/python -m pytest -q -n $(JOBS) -m slow

# Needs Chromium; axe-core, for the accessibility test, comes with the npm client.
test-browser: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints-all.txt
	test -d node_modules/axe-core || npm install --no-save --silent axe-core@4.14.1
	$(BIN)/python -m pytest -q -m browser tests/browser

# Before a release, besides the suites: hours on two cores. VERSIONS are further Pythons to test, e.g. python3.12.
release-check: test-browser
	$(BIN)/python -m benchmarks.kills 64
	$(BIN)/python -m benchmarks.gate 10000 1
	$(BIN)/python -m benchmarks.running 2000
	$(BIN)/python -m benchmarks --coverage --repeats 1
	$(BIN)/python -m pytest -q tests/test_lessons.py -k notebook
	for version in $(VERSIONS); do $(MAKE) version-check VERSION=$$version || exit 1; done

# The quick suite under another Python, in an environment of its own.
version-check:
	$(VERSION) -m venv out/$(VERSION)
	out/$(VERSION)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	out/$(VERSION)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	SUPPLYSIM_CACHE="$(CURDIR)/out/$(VERSION)/cache" out/$(VERSION)/bin/python -m pytest -q -n $(JOBS)

# The rules were refactored: run all worlds and, if they are equal to the bit, register the source as the same edition.
same-results: $(READY)
	$(BIN)/python tests/digests.py --same

# The rules are others now, which CHANGELOG tells under Results: make digests EDITION=second
digests: $(READY)
	$(BIN)/python tests/digests.py --edition '$(EDITION)'

# Remake whatever was made from runs and is stale, in order; what is finished is not repeated after a kill.
results: $(READY)
	$(BIN)/python -m docs.writers.results

results-plan: $(READY)
	$(BIN)/python -m docs.writers.results --plan

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/mypy

# The site into out/site, every link checked. Nothing is fetched but the packages, once.
docs: $(READY)
	$(BIN)/python -c 'import mkdocs_autorefs' 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --require-hashes -r constraints-all.txt
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet -f docs/site/mkdocs.yml

app: $(READY)
	$(BIN)/supplysim app

bench: $(READY)
	$(BIN)/python -m benchmarks --goals --repeats 5

# With the model's object code for each kind of processor: who installs it neither compiles nor needs a compiler.
wheel: $(READY)
	rm -rf supplysim/objects
	$(BIN)/python -m supplysim.compile supplysim/objects
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

# Exact versions and the hashes of all files, for every platform; needs uv.
lock:
	echo 'setuptools>=77' | uv pip compile --quiet --universal --python-version 3.11.5 --generate-hashes --extra dev \
	  --no-emit-index-url --output-file constraints.txt pyproject.toml -
	echo 'setuptools>=77' | uv pip compile --quiet --universal --python-version 3.11.5 --generate-hashes --all-extras \
	  --no-emit-index-url --output-file constraints-all.txt pyproject.toml -

clean:
	rm -rf build dist out supplysim/objects *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

$(READY): pyproject.toml setup.py constraints.txt constraints-all.txt viz/web.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "supplysim needs Python 3.11 or newer: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing supplysim and its pinned dependencies into .venv (once, some minutes)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m supplysim.viz.fetch
	@echo "Compiling the model (once)"
	$(BIN)/python -m supplysim.compile
	@touch $@
