# Scry's commands. `make` alone, or `make help`, lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

PREFIX ?= /usr/local
DESTDIR ?=
ARGS ?=
ROOT ?=

# An import that Package.swift does not declare is an error, whatever happens to be built already.
# SwiftPM builds everything anew when a build moves from a terminal to a pipe or back, unless colours are the same in both.
swift_flags := --explicit-target-dependency-import-check error --no-color-diagnostics
# The program carries Swift's libraries with it: it starts faster so, and runs where no toolchain is.
release := .build/release/scry
sources := Package.swift Sources Tests

.PHONY: help run build test bench fuzz install uninstall deb check-deb layers format lint clean

help: ## Lists the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Installs what is missing, builds, and starts the chat; ARGS="ask hello" passes arguments
	@Scripts/install-packages build run
	@$(MAKE) --no-print-directory build
	@if [[ -n "$(ARGS)" ]]; then exec $(release) $(ARGS); \
	elif [[ -t 0 && -t 1 ]]; then exec $(release); \
	else exec $(release) ask "What is the capital of France?" </dev/null; fi

build: ## Builds the program: .build/release/scry
	@Scripts/check-swift
	swift build -c release --product scry $(swift_flags) --static-swift-stdlib

test: ## Installs what is missing, then checks layers and format, builds with warnings as errors, runs every test
	@Scripts/install-packages build run test
	@Scripts/check-swift
	@Scripts/test-layers
	@$(MAKE) --no-print-directory layers lint
	SCRY_STRICT=1 swift build --build-tests $(swift_flags)
	@Scripts/run-tests

bench: ## Measures, beside the rival programs where they can be installed
	@Scripts/install-packages build run bench
	@$(MAKE) --no-print-directory build
	@if [[ -x Tests/Benchmarks/run ]]; then exec Tests/Benchmarks/run $(ARGS); \
	else echo "There are no benchmarks in Tests/Benchmarks yet."; fi

fuzz: ## Runs the parsers of foreign bytes under libFuzzer, a minute each; ARGS="SECONDS TARGET..." for more or fewer
	@Scripts/fuzz $(ARGS)

install: build ## Installs program, manual, completions, icon under PREFIX (/usr/local), below DESTDIR where it is given
	@Scripts/install-files $(release) "$(DESTDIR)" "$(PREFIX)"

uninstall: ## Removes what install put there
	@Scripts/install-files --remove "$(DESTDIR)" "$(PREFIX)"

deb: build ## Builds a Debian package below .build
	@Scripts/build-deb $(release) .build/deb

check-deb: deb ## Installs the package in a clean Debian 12 (debootstrap, as root) and runs it there; ROOT= keeps the system
	@Scripts/check-deb "$$(ls -t .build/deb/scry_*.deb | head -n 1)" $(ROOT)

layers: ## Checks who imports what, as far as the compiler cannot
	@Scripts/check-layers

format: ## Formats the Swift files
	swift format format --in-place --parallel --recursive $(sources)

lint: ## Checks the format of the Swift files
	swift format lint --strict --parallel --recursive $(sources)

clean: ## Removes what was built
	swift package clean
