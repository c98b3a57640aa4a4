# make demo    grade a made-up class of 12 from clone to feedback
# make test    everything that proves the project: unit tests, gates, nbval over notebooks/ and solutions/, JupyterLab in a
#              browser where Chromium is installed (BROWSER_FULL=1 runs every cell of the lectures there too)
# make lab     JupyterLab with the lectures and the formgrader; options go into LAB, as in make lab LAB=--no-browser
# make build   release/ and solutions/ from source/
# make bench   the grader against stock nbgrader on the same class, about ten minutes; BENCH=--scale for 1,000 submissions
# make lock    requirements.lock anew from pyproject.toml
PYTHON ?= python3
BIN := .venv/bin

# nbgrader calls `alembic` by name.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Caches and settings stay inside the clone.
export UV_CACHE_DIR := $(CURDIR)/.cache/uv
export PIP_NO_CACHE_DIR := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export XDG_CACHE_HOME := $(CURDIR)/.cache
export MPLCONFIGDIR := $(CURDIR)/.cache/matplotlib
export IPYTHONDIR := $(CURDIR)/.cache/ipython
export JUPYTER_CONFIG_DIR := $(CURDIR)/.cache/jupyter/config
export JUPYTER_DATA_DIR := $(CURDIR)/.cache/jupyter/data
export JUPYTER_RUNTIME_DIR := $(CURDIR)/.cache/jupyter/runtime

.PHONY: demo test lab build bench lock
demo: .venv/ready ; @$(BIN)/course demo
# Two workers share the cores already; more threads for linear algebra would only wait for each other.
test: export OPENBLAS_NUM_THREADS = 1
test: .venv/ready ; $(BIN)/python -m pytest -n 2 --dist loadfile
lab: .venv/ready ; $(BIN)/jupyter lab --LabApp.default_url=/lab/tree/notebooks $(LAB)
build: .venv/ready ; $(BIN)/course build
bench: .venv/ready ; $(BIN)/python scripts/throughput.py $(BENCH)
lock: .venv/ready ; $(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
	--no-header --no-annotate --upgrade --output-file requirements.lock

# uv installs the locked versions in parallel; pip alone takes five times as long. Compiled modules start kernels three
# times as fast where Python may not write its own.
.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; try make PYTHON=python3.11")'
	@echo "Creating the environment in .venv/ (about 2.5 GB, a minute or two)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install --quiet $$(grep '^uv==' requirements.lock)
	@$(BIN)/uv pip install --quiet --compile-bytecode -r requirements.lock
	@$(BIN)/uv pip install --quiet --no-deps --editable .
	@touch $@
