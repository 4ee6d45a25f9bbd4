# Every command a person runs; `make` alone lists them. Variables:
#   ARGS=...      more arguments for JupyterLab (make lab), the hub (make hub) or pytest (make test, make test-browser)
#   NB="03 04"    the notebooks for make notebooks; without it, all
#   INTO=...      the folder for the assignments of make release, or for a class on a hub; without it, assignments, hub
#   PYTHON=...    the Python that .venv is made from; without it, the first of the usual names that is 3.11-3.13
#   ENV=current   use the active environment (conda, a container) as it is, and install nothing
.DEFAULT_GOAL := help
.PHONY: help env lab test notebooks test-browser bench clean requirements classroom-env release grade bench-classroom \
	hub-env hub test-hub bench-hub

ifeq ($(ENV),current)
RUN := "$(or $(PYTHON),python3)"
else
RUN := .venv/bin/python
endif

# A name on the PATH may be a shim that fails when run, so each candidate is run; it prints the path of the
# interpreter itself, which stays valid where the candidate is the very .venv that is about to be replaced.
FIND_PYTHON := for name in $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11); do \
	"$$name" -c "import sys; (3, 11) <= sys.version_info < (3, 14) or sys.exit(1); \
	print(getattr(sys, '_base_executable', sys.executable))" 2>/dev/null && break; done

# environment.yml without what only conda reads: one requirement a line.
REQUIREMENTS := sed -n -e '/- conda-forge/d' -e '/- python=/d' -e '/- pip:*$$/d' -e 's/^ *- //p' environment.yml

help:
	@awk -F ': .*## |:.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$NF}' Makefile

# Lines of environment.yml that the filter would pass over in silence, such as a wrongly indented entry.
UNREAD := grep -nvE '^ *(\#.*)?$$|^[a-z]+:|^ +- ' environment.yml

# .venv/stamp is written last, so a .venv without it is an unfinished one.
env: ## build .venv from environment.yml, unless it is there and up to date
ifeq ($(ENV),current)
	@$(REQUIREMENTS) | $(RUN) helpers/classroom/installation.py
else
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
		echo "No Python 3.11, 3.12 or 3.13 found (tried: $(or $(PYTHON),python3 python3.13 python3.12 python3.11))." >&2; \
		echo "Install one, or name it: make $(or $(MAKECMDGOALS),env) PYTHON=/path/to/python3" >&2; exit 1; \
	fi; \
	stamp=$$({ cat environment.yml pyproject.toml && "$$python" -V && pwd -P; } | cksum); \
	if [ -x .venv/bin/python ] && [ "$$(cat .venv/stamp 2>/dev/null)" = "$$stamp" ]; then exit 0; fi; \
	if command -v uv >/dev/null 2>&1; then with=uv; else with=pip; fi; \
	echo "Building .venv from environment.yml with $$($$python -V) and $$with (uv: seconds, pip: a minute or two)"; \
	if [ ! -r environment.yml ] || $(UNREAD); then echo "environment.yml: missing, or the line above is no entry." >&2; exit 1; fi; \
	rm -rf .venv; \
	build() { \
		if [ $$with = uv ]; then \
			step="uv venv"; uv venv --quiet --python "$$python" .venv || return; \
			step="uv pip install"; $(REQUIREMENTS) > .venv/requirements.txt && [ -s .venv/requirements.txt ] || return; \
			uv pip install --quiet --python .venv/bin/python -r .venv/requirements.txt || return; \
		else \
			step="python -m venv"; "$$python" -m venv .venv || return; \
			step="pip install"; $(REQUIREMENTS) > .venv/requirements.txt && [ -s .venv/requirements.txt ] || return; \
			.venv/bin/python -m pip install --quiet --disable-pip-version-check -r .venv/requirements.txt || return; \
		fi; \
	}; \
	if build; then echo "$$stamp" > .venv/stamp; else \
		rm -rf .venv; echo "The environment was not built: $$step failed (see above); .venv is removed." >&2; exit 1; fi
endif

lab: env ## open the course in JupyterLab (ARGS=--no-browser for a server)
	$(RUN) helpers/classroom/lab.py --ServerApp.root_dir=notebooks --LabApp.default_url=/lab/tree/00_start_here.ipynb $(ARGS)

# Three workers for two cores, because many tests wait for other processes; threads of the linear algebra would only
# wait for each other's cores.
test: classroom-env ## lint, unit tests, and every notebook's outputs compared
	$(RUN) -m ruff check --quiet .
	$(RUN) -m ruff format --check --quiet .
	OPENBLAS_NUM_THREADS=1 $(RUN) -m pytest -n 3 --no-loadscope-reorder tests notebooks $(ARGS)

notebooks: env ## re-execute the notebooks (NB="03 04": some), store their normal form, renew README.md
	$(RUN) -m helpers.classroom.execute $(NB)
	$(RUN) -m helpers.classroom.readme

test-browser: env ## the lessons in JupyterLab in Chromium: controls, descriptions, accessibility, time
	$(RUN) -m pytest -s tests/browser $(ARGS)

test-hub: hub-env ## a class of six and one more on a hub, each running lesson 03
	$(RUN) -m pytest tests/hub $(ARGS)

bench: env ## print how fast the helpers are, as ratios within one run, and how well the gradient check judges
	OPENBLAS_NUM_THREADS=1 $(RUN) -m helpers.classroom.bench
	OPENBLAS_NUM_THREADS=2 $(RUN) -m helpers.classroom.bench
	OPENBLAS_NUM_THREADS=1 $(RUN) tests/maths/networks.py 200
	OPENBLAS_NUM_THREADS=1 $(RUN) tests/maths/mistaken.py

# What only an instructor needs comes into .venv when it is first asked for:
# $(call add,an extra of pyproject.toml,what it is called,the modules that are there with it).
add = $(RUN) -c "import importlib, sys; [*map(importlib.import_module, sys.argv[1:])]" $(3) 2>/dev/null || { \
	echo "Adding $(2) to .venv"; \
	if command -v uv >/dev/null 2>&1; then uv pip install --quiet --python .venv/bin/python -e '.[$(1)]'; \
	else $(RUN) -m pip install --quiet --disable-pip-version-check -e '.[$(1)]'; fi; }
classroom-env: env ## add what assigning and grading need: nbgrader and Dask
ifneq ($(ENV),current)
	@$(call add,classroom,nbgrader and Dask,nbgrader distributed)
endif

# The hub's proxy is a program for Node.js. Where that is lacking, `make hub` says so and its tests are left out.
hub-env: env ## add what a class on a hub needs: JupyterHub and its proxy
ifneq ($(ENV),current)
	@$(call add,hub,JupyterHub,jupyterhub)
	@[ -x .venv/proxy/node_modules/.bin/configurable-http-proxy ] || ! command -v npm >/dev/null || { \
	echo "Adding JupyterHub's proxy to .venv"; \
	npm install --prefix .venv/proxy --no-audit --no-fund --no-update-notifier --loglevel=error \
		configurable-http-proxy@5 >/dev/null; }
endif

release: classroom-env ## make an assignment: LESSONS="07 12" [EXERCISES="7.2 12.1"] [NAME=week3] [DUE=...] [POINTS="7.2=3"]
	@$(RUN) -m helpers.classroom release --lessons $(LESSONS) --exercises $(EXERCISES) --points $(POINTS) \
		$(if $(NAME),--name "$(NAME)") $(if $(DUE),--due "$(DUE)") --into "$(or $(INTO),assignments)"

grade: classroom-env ## grade a class: SUBMISSIONS=folder-or-zip NAME=week3 [WORKERS=2] [SCHEDULER=tcp://...] [ISOLATION=no]
	@$(RUN) -m helpers.classroom grade "$(SUBMISSIONS)" --name "$(NAME)" --workers $(or $(WORKERS),2) \
		$(if $(SCHEDULER),--scheduler "$(SCHEDULER)") $(if $(ISOLATION),--isolation "$(ISOLATION)") --into "$(or $(INTO),assignments)"

bench-classroom: classroom-env ## grade a drawn class and print the time, and its mistakes as planted and as reported
	PYTHONPATH=tests/lessons $(RUN) tests/classroom/bench.py $(or $(STUDENTS),200)

hub: hub-env ## serve the course to a class on this machine: [PORT=8000] [CONFIG=my_hub.py]
	@$(RUN) -m helpers.classroom.hub --port "$(or $(PORT),8000)" --into "$(or $(INTO),hub)" \
		$(if $(CONFIG),--config "$(CONFIG)") $(ARGS)

bench-hub: hub-env ## a class logs in at once and runs lesson 03: print times and memory [STUDENTS=20]
	$(RUN) tests/hub/hub_class.py $(or $(STUDENTS),20)

requirements: ## print what environment.yml asks of pip
	@$(REQUIREMENTS)

clean: ## remove .venv and all caches (a student's progress and a hub's class stay)
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis
	find . -path ./hub -prune -o -name __pycache__ -prune -exec rm -rf {} +
	find . -path ./hub -prune -o -name .ipynb_checkpoints -prune -exec rm -rf {} +
