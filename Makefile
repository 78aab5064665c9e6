# `make demo` and `make test` do all the set-up; nothing by hand.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test serve bench soak weights examples background clean

demo: $(VENV)/ready
	$(BIN)/policygraph demo

serve: $(VENV)/ready
	@test -e demo/graph.lbug || $(BIN)/policygraph demo
	$(BIN)/policygraph serve --store demo/graph.lbug

test: $(VENV)/ready-test
	$(BIN)/python -m pytest $(ARGS)

# Each line compares two things timed in one run.
bench: $(VENV)/ready-test
	$(BIN)/python tests/benchmarks/bench.py
	$(BIN)/python tests/benchmarks/extraction.py
	$(BIN)/python tests/benchmarks/files.py
	$(BIN)/python tests/benchmarks/linking.py
	$(BIN)/python tests/benchmarks/explorer.py
	$(BIN)/python tests/benchmarks/loading.py
	$(BIN)/python tests/benchmarks/answering.py
	$(BIN)/python tests/benchmarks/answering.py neo4j
	$(BIN)/python tests/benchmarks/cluster.py

# Damaged files of every format for ten minutes, what is read badly is kept and fails; `ingest` killed a hundred times on each
# engine; 32 clients for ten minutes while the graph is ingested anew.
soak: $(VENV)/ready-test
	$(BIN)/python -m pytest -m soak
	$(BIN)/python tests/soak/fuzz_readers.py $(or $(SECONDS),600)
	$(BIN)/python tests/soak/kill_ingest.py $(or $(KILLS),100)
	$(BIN)/python tests/soak/serve.py $(or $(SECONDS),600)

# The weights of links, fitted anew on the annotated pairs: what each pair left out scores, then weights.tsv; read both.
weights: $(VENV)/ready-test
	$(BIN)/python -W ignore tests/continuity/fit.py --write

# The OpenAPI examples and the background of the similarity, made anew; read the diff.
examples: $(VENV)/ready-test
	$(BIN)/python -W ignore -m api.examples

background: $(VENV)/ready
	$(BIN)/python -m ingest.background ingest/samples tests/data/plans/raw tests/data/plans-2/raw tests/data/plans-3/raw tests/data/plans-4/raw

clean:
	rm -rf $(VENV) demo

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("policygraph needs Python 3.11 or later, this is " + sys.version.split()[0] + "; set PYTHON=") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "python3 -m venv cannot work here: install it, on Debian with apt-get install python3-venv" >&2; exit 1; }

$(VENV)/ready: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/ready-test: $(VENV)/ready
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[test,py2neo]'
	@touch $@
