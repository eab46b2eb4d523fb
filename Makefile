# make demo   from a fresh clone to a report: needs git, Python 3.11 or newer and make
# make test   the tests;  make check: lint and types;  make notebooks: run the notebooks

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
READY := $(VENV)/.ready

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test check notebooks wheel clean

demo: $(READY)
	$(VENV)/bin/gaitlab demo

test: $(READY)
	$(VENV)/bin/python -m pytest -n auto --maxprocesses=4 --dist loadfile

check: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

notebooks: $(READY)
	$(VENV)/bin/python -m pytest --nbmake --nbmake-timeout=300 notebooks

wheel: $(READY)
	$(VENV)/bin/python -m pip wheel --quiet --no-deps --wheel-dir dist .

$(READY): pyproject.toml
	@echo "setting up $(VENV) with $(PYTHON) (about a minute, once)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "gaitlab needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --editable '.[dev]'
	@touch $(READY)

clean:
	rm -rf $(VENV) dist gaitlab-demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
