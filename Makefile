# The one door to the course. `make` alone lists what it can do.
# Everything runs in .venv, which the first command sets up and later ones leave alone.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
SITE := _build/html
SAMPLE := _build/sample-class
PORT ?= 8000

# The arrays of the course are small: more BLAS threads than one make them slower, a hundredfold
# when the machine is busy.
export OPENBLAS_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup course test quick mutation fairness messages check book reference notebooks pdf \
  release sample grade serve shots clean bench bench-grading

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY) ## make .venv with everything in it

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: $(PYTHON) is older than 3.11; run make with PYTHON=python3.11 or newer"; exit 1; }
	@echo "setting up $(VENV) (once; about a minute and a half)"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[tests]'
	@touch $@

# The book and the class need nothing of each other: one core each.
course: release ## build the book, make the release, grade the sample class
	@$(MAKE) --no-print-directory -j2 pdf sample PDF=--if-possible
	@echo
	@echo "site:      $(CURDIR)/$(SITE)/index.html   (make serve shows it)"
	@echo "notebooks: $(CURDIR)/release"
	@echo "grades:    $(CURDIR)/$(SAMPLE)/grades.csv"
	@echo "reports:   $(CURDIR)/$(SAMPLE)/mixgrade"
	@echo "feedback:  $(CURDIR)/$(SAMPLE)/feedback"

# Only pages that changed are read again; book/_ext sees to it that nothing old is published.
book: $(READY) ## build the website into _build/html, warnings as errors
	$(BIN)/jupyter-book build . -W -n --keep-going -q

reference: $(READY) ## write the pages of the API reference anew, with the output of its examples
	$(BIN)/python scripts/reference_examples.py
	$(BIN)/python scripts/reference.py

notebooks: book ## bring the chapters' notebooks in book/notebooks up to date, for Binder and Colab
	rm -f book/notebooks/*.ipynb
	cp $(SITE)/notebooks/*.ipynb book/notebooks/

pdf: book ## print the whole book as a PDF, linked from the site; needs Chromium
	$(BIN)/python scripts/pdf.py $(PDF) $(SITE)

release: $(READY) ## make the students' notebooks in release/ from the masters in source/
	$(BIN)/python scripts/release.py

# The sample class is ours: where bubblewrap does not work it may run with limits only, as every
# report then says.
WALLS := $(shell bwrap --unshare-pid --ro-bind / / true 2>/dev/null && echo bubblewrap)

sample: $(READY) ## grade the made-up sample class
	$(BIN)/python scripts/sample_class.py $(SAMPLE)
	@test -n "$(WALLS)" || echo "notice: bubblewrap is not to be had here: the sample class is" \
	  "graded with limits only. A real class needs it (apt install bubblewrap)"
	COURSE_CELL_SECONDS=20 COURSE_ISOLATION=$(or $(WALLS),limits) \
	  $(BIN)/python scripts/grade.py --classroom $(SAMPLE)

grade: $(READY) ## grade classroom/submitted; ASSIGNMENT=ps5-em takes one assignment only
	$(BIN)/python scripts/grade.py --classroom classroom $(ASSIGNMENT)

# Two files of tests at a time, in the order of their names: it begins with the longest.
TESTS := -n 2 --dist loadfile --no-loadscope-reorder

test: $(READY) ## run every test
	$(BIN)/python -m pytest $(TESTS) --durations=30

quick: $(READY) ## run the tests that take seconds
	$(BIN)/python -m pytest $(TESTS) -m "not slow"

# The masters, the bank of answers and their helpers are where it looks.
mutation: export PYTHONPATH = tests:tests/course:source:scripts
mutation: $(READY) ## change the model solutions and see whether the checks notice; ONLY="ps5-em"
	$(BIN)/python -m mutation $(ONLY)

fairness: $(READY) ## run every right answer 50 times, with 1 and 2 BLAS threads; ONLY="ps5-em"
	$(BIN)/python scripts/fairness.py $(ONLY)

messages: $(READY) ## collect what the checks say to wrong answers in _build/messages.html; ONLY=...
	$(BIN)/python scripts/messages.py $(ONLY)

check: $(READY) ## look at the code's style with ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

serve: $(READY) ## show the built site on this machine; PORT=8000
	$(BIN)/python scripts/serve.py $(SITE) $(PORT)

shots: $(READY) ## photograph the built site in _build/shots; PAGES="kmeans search" takes some
	$(BIN)/python scripts/shots.py $(SITE) _build/shots $(PAGES)

# The peers get an environment of their own, so that the course needs none of them.
BENCH := .venv-bench

$(BENCH)/.installed: constraints-bench.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints-bench.txt \
	  scikit-learn blackjax
	@touch $@

# No limit on threads here: each contestant is timed with the number that suits it best.
bench: $(BENCH)/.installed ## measure mixcore beside its peers; CASES="em kmeans" takes some only
	env -u OPENBLAS_NUM_THREADS -u OMP_NUM_THREADS PYTHONPATH=.:tests:scripts \
	  $(BENCH)/bin/python -m benchmarks $(if $(QUICK),--quick) $(CASES)
	$(if $(CASES),,@$(MAKE) --no-print-directory bench-grading)

bench-grading: $(READY) ## measure mixgrade beside stock nbgrader; a part of bench
	PYTHONPATH=.:tests:scripts:source $(BIN)/python -m benchmarks.grading $(if $(QUICK),--quick)

clean: ## remove what was built; .venv, .venv-bench and classroom/ stay
	rm -rf _build
	find source -mindepth 1 -maxdepth 1 -type d -exec rm -rf {} +
