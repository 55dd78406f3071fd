# Two commands do everything on a fresh machine: make run, make test.
PORT ?= 8501
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
TOWNBOARD_STORE ?= data/live
export TOWNBOARD_STORE

.PHONY: run test bench burden lint pictures fuzz crash load requirements browser clean

$(VENV)/run.stamp: requirements.txt
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

run: $(VENV)/run.stamp  ## open the application, with a demo store if there is none
	test -f $(TOWNBOARD_STORE)/townboard.duckdb || $(PY) -m townboard init --demo
	@echo "Townboard: http://localhost:$(PORT)"
	$(PY) -m townboard serve --port $(PORT)

browser:  ## a Chromium and Chinese fonts for the browser tests, where they can be installed
	@command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 \
	  || { command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ] && apt-get update -qq \
	       && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; } \
	  || echo "no Chromium here: the browser tests will say so"

lint: $(VENV)/dev.stamp
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

test: $(VENV)/dev.stamp browser lint  ## lint, types and all tests
	$(PY) -m pytest -n logical --maxprocesses 4 --dist loadfile

bench: $(VENV)/dev.stamp  ## figures as ratios, measured side by side in one run
	$(PY) -m tests.bench
	$(PY) -m tests.bench_outliers

crash: $(VENV)/dev.stamp  ## kill -9 in the middle of commits, three hundred times: no receipt may be lost
	$(PY) -m tests.crash

load: $(VENV)/dev.stamp  ## ten minutes with fifty people browsing and ten clerks uploading: no error, no foreign or wrong figure, bounded memory
	$(PY) -m tests.load

fuzz: $(VENV)/dev.stamp  ## ten thousand broken workbooks: none may crash, hang or grow a worker
	$(PY) -m tests.fuzz

burden: $(VENV)/dev.stamp  ## cells that the templates make a unit type in a month
	$(PY) -m tests.burden

pictures: $(VENV)/dev.stamp browser  ## every page as a picture, in both languages, widths and themes
	$(PY) -m tests.pictures

requirements: $(VENV)/dev.stamp
	$(VENV)/bin/pip-compile -q --no-header --no-emit-index-url --no-emit-find-links --strip-extras --annotation-style=line requirements.in
	$(VENV)/bin/pip-compile -q --no-header --no-emit-index-url --no-emit-find-links --strip-extras --annotation-style=line --allow-unsafe requirements-dev.in

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
