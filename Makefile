# Everything runs from .venv, which `make setup` makes from the locks; nothing outside it is needed.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.claimflow-setup
LOCK := requirements/dev.txt

.PHONY: setup demo test check bench lock pictures

setup: $(STAMP)

$(STAMP): $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "claimflow needs Python 3.11 or later; set PYTHON=python3.11 or a later one." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  { echo "Python has no venv here: install python3-venv (Debian, Ubuntu: apt install python3-venv)." >&2; exit 1; }
	@test -x $(BIN)/python || { echo "Making .venv ..."; $(PYTHON) -m venv .venv; }
	@echo "Installing the locked packages ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $@

demo: setup
	@$(BIN)/claimflow demo

test: setup
	@$(BIN)/python -m pytest

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	@$(BIN)/python -m bench

# The pictures of the guides, from a demo of its own; a few minutes and a Chromium.
pictures: setup
	@$(BIN)/python -m docs.make_pictures

# After a change of requirements/*.in. The output names no index, so that any mirror serves it.
lock: setup
	$(BIN)/uv pip compile $(LOCK_FLAGS) requirements/runtime.in -o requirements/runtime.txt
	$(BIN)/uv pip compile $(LOCK_FLAGS) requirements/dev.in -o requirements/dev.txt

LOCK_FLAGS := --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links
