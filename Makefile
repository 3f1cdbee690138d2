# SPDX-License-Identifier: MIT
# Two commands are enough: `make run` starts the PBX, `make test` tests it.  `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin
VOICES := asterisk-core-sounds-en-wav
ALL_VOICES := $(foreach l,en es fr it ru,asterisk-core-sounds-$(l)-wav)
SOURCES := altiware drivers dsp boards_sim tests native setup.py
C_FILES = $(shell git ls-files '*.c' '*.h' '*.inc')

.PHONY: help setup build run check format test pytest ctest test-vm test-arm tsan soak bench accuracy figures fuzz demo docs clean

help:           ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

.venv/ready: pyproject.toml .ci/bootstrap
	.ci/bootstrap $(PYTHON)
	ALTIWARE_ENGINE=later $(BIN)/pip install --quiet --editable .
	@touch $@

.venv/ready-dev: .venv/ready
	ALTIWARE_ENGINE=later $(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@

build: .venv/ready  ## create .venv with what the PBX needs, and compile the C engine in place
	@ls dsp/_native*.so >/dev/null 2>&1 || echo "compiling the engine: a minute or two"
	@$(BIN)/python setup.py --quiet build_ext --inplace
	@$(BIN)/python -m compileall -q altiware drivers dsp boards_sim

setup: .venv/ready-dev build  ## the same with what checks and tests need

run: build      ## start the PBX on simulated boards
	@$(BIN)/altiware run

check: setup    ## format, lint, types, import rules, C warnings: "ready to push"
	$(BIN)/ruff format --check $(SOURCES) && $(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy && $(BIN)/lint-imports
	$(BIN)/clang-format --dry-run --Werror $(C_FILES)
	$(BIN)/lizard -l c -C 12 -L 60 -w native/src && $(MAKE) --no-print-directory -j2 -C native warnings
	@echo "ready to push"

format: setup   ## put the sources into the house format
	$(BIN)/ruff check --fix-only --quiet $(SOURCES); $(BIN)/ruff format --quiet $(SOURCES)
	$(BIN)/clang-format -i $(C_FILES)

test: setup ctest  ## set up all that the tests need, and run them all
	.ci/packages $(VOICES) libspandsp-dev
	$(BIN)/python -m pytest

pytest: setup   ## the Python tests alone
	$(BIN)/python -m pytest

ctest:          ## the C tests, under ASan+UBSan and with starved allocation
	$(MAKE) --no-print-directory -j2 -C native test

bench: setup    ## measure; writes build/bench.json
	.ci/packages libspandsp-dev || echo "without spandsp beside us"
	$(BIN)/python -m tests.bench

accuracy: setup ## how well blocks hear, at the limits; writes build/accuracy.json
	.ci/packages libspandsp-dev libspeexdsp-dev $(ALL_VOICES) || echo "without spandsp beside us"
	$(BIN)/python -m tests.accuracy

figures: setup  ## write docs/reference/figures.md from what was measured
	$(BIN)/python -m tests.figures_page

tsan:           ## the rings and the engine's threads, under ThreadSanitizer
	$(MAKE) --no-print-directory -j2 -C native tsan

soak:           ## ten hours of engine time with orders at random, under sanitizers
	$(MAKE) --no-print-directory -j2 -C native soak

test-vm: setup  ## drivers on a real kernel without hardware: DAHDI and USB in qemu, two minutes
	.ci/packages qemu-system-x86 gcc-12 make
	$(BIN)/python -m tests.vm

test-arm:       ## the lanes of AArch64 against their references, on an emulated processor
	.ci/packages gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static
	$(MAKE) --no-print-directory -j2 -C native neon

fuzz: setup     ## fuzz the parsers under ASan (FUZZ_INPUTS=10000000)
	$(MAKE) --no-print-directory -j2 -C native fuzz

demo: setup     ## play an office morning, with recorded voices
	@.ci/packages $(VOICES)
	@$(BIN)/altiware demo

clean:          ## remove what was built
	rm -rf build dsp/_native.* *.egg-info
