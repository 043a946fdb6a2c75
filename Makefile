# Everything on a fresh machine: `make audit` and `make test`. Both set up .venv by themselves, once.
PYTHON ?= python3
REGISTRY ?=
ARGS ?=
BIN := .venv/bin
READY := .venv/.ready

.PHONY: audit test lint format lock clean

audit: $(READY)
	@$(if $(REGISTRY),$(BIN)/toise audit $(REGISTRY) $(ARGS),$(BIN)/toise demo $(ARGS))

test: $(READY)
	$(BIN)/pytest $(ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The lock file is remade by hand, read, and committed.
lock:
	$(PYTHON) -m venv .venv && $(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--group dev --output-file requirements.lock pyproject.toml

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Toise needs Python 3.11 or later, this is " + sys.version.split()[0] + ": make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --editable .
	@touch $(READY)

clean:
	rm -rf .venv runs toise.db report
