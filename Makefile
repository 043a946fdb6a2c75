# Everything on a fresh machine: `make audit` and `make test`. Both set up .venv by themselves, once.
PYTHON ?= python3
REGISTRY ?=
ARGS ?=
BIN := .venv/bin
READY := .venv/.ready
BROWSER := .venv/.browser
PANGO := .venv/.pango
FIND_BROWSER := $(BIN)/python -m crawler.rendering.find
AS_ROOT := [ $$(id -u) = 0 ]

.PHONY: audit test accuracy parity bench lint format messages lock clean

audit: $(READY) $(BROWSER)
	@$(if $(REGISTRY),$(BIN)/toise audit $(REGISTRY) $(ARGS),$(BIN)/toise demo $(ARGS))

# Whole files go to one process each: what a file sets up for its tests is set up once. In their order, the long ones are first.
# One process more than there are cores, since many a test waits for politeness.
PROCESSES = $$($(BIN)/python -c 'import os; print(min(4, 1 + (os.cpu_count() or 1)))')
test: $(READY) $(BROWSER) $(PANGO)
	$(BIN)/pytest --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder $(ARGS)

# How often the verdicts are right on the labelled services; writes docs/accuracy.md and reports/figures/accuracy.json.
accuracy: $(READY)
	@$(BIN)/python -m tests.corpus.accuracy

# How our scores of headers compare with those of the MDN HTTP Observatory, where its answers were recorded.
CASES ?= ../shared/cases/observatory
SITES ?= ../shared/headers/gouvernementfr-2026-01.jsonl.gz
parity: $(READY)
	@$(BIN)/python -m tests.parity.observatory $(CASES) $(SITES)

# How fast we are, as ratios to references measured in the same minutes (benchmarks/README.md); half an hour. nginx serves the web.
BENCHES ?= whole "whole --tls" "whole --light" judging processes tail rendering "growth 100 1000"
bench: $(READY) $(BROWSER)
	@PATH="$$PATH:/usr/sbin" command -v nginx >/dev/null || { $(AS_ROOT) && apt-get update && apt-get install --yes --no-install-recommends nginx-light; } >&2
	@for bench in $(BENCHES); do echo "== $$bench"; $(BIN)/python -m benchmarks.$$bench 2>/dev/null || exit 1; done

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# What readers see, for the catalogues of the other languages; what is new waits there for its translation.
messages: $(READY)
	$(BIN)/python -m reports.messages

# The lock file is remade by hand, read, and committed.
lock:
	$(PYTHON) -m venv .venv && $(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--group dev --extra browser --extra fleet --extra notify --extra pdf --extra s3 --output-file requirements.lock pyproject.toml

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Toise needs Python 3.11 or later, this is " + sys.version.split()[0] + ": make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --editable .
	@touch $(READY)

# Pages that scripts write need a browser: one that is there, else Playwright's own, else the system's. Without any they
# are said to be unread, so this never fails.
$(BROWSER): $(READY)
	@{ $(FIND_BROWSER) \
	|| { $(BIN)/playwright install $$($(AS_ROOT) && echo --with-deps) --only-shell chromium && $(FIND_BROWSER); } \
	|| { $(AS_ROOT) && apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends chromium && $(FIND_BROWSER); } \
	|| echo "No browser could be installed: pages that scripts write will stay unread (see the README)."; } >&2
	@touch $(BROWSER)

# The PDF of the annual page is written by WeasyPrint, which needs a library of the system.
$(PANGO): $(READY)
	@{ $(BIN)/python -c "import weasyprint" 2>/dev/null \
	|| { $(AS_ROOT) && apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core; } \
	|| echo "Pango could not be installed: the PDF will not be tested (see docs/annual.md)."; } >&2
	@touch $(PANGO)

clean:
	rm -rf .venv runs toise.db report
