# Game Djinn. `make help` lists what can be done; `make run` and `make test` need only Rust and Node.
SHELL := bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help

CARGO ?= cargo
# Chosen with the whole workspace, so that crates get the features that the tests give them and
# nothing is compiled twice.
DEBUG_HUB = $(CARGO) build --locked --workspace --bin djinn
HUB = $${CARGO_TARGET_DIR:-target}/debug/djinn
# The settings a developer wants locally are read from .env, if there is one.
ifneq (,$(wildcard .env))
include .env
export
endif

FRONTEND_SOURCES := $(shell find frontend/src frontend/public frontend/scripts frontend/*.html frontend/*.ts frontend/package.json deploy -type f 2>/dev/null)

##@ Use it
.PHONY: run
run: build ## Build what is missing and start the hub on http://localhost:8000 (DEMO=1: with a sample library)
	exec target/release/djinn serve $${DEMO:+--demo}

.PHONY: build
build: frontend/dist/index.html ## Build the release binary, the SPA inside
	$(CARGO) build --release --locked --package djinn

.PHONY: dev
dev: frontend/node_modules/.ready ## Hub in debug mode and the SPA's dev server with hot reload, on http://localhost:5173
	$(DEBUG_HUB)
	trap 'kill 0' EXIT
	DJINN__LIMITS__ANONYMOUS_DOCUMENTS=any target/debug/djinn serve &
	cd frontend && HUB_URL=http://127.0.0.1:8000 npm run dev

.PHONY: dev-scaled
dev-scaled: frontend/dist/index.html ## Five subgraph processes and a router on PostgreSQL and Redis (starts throw-away servers)
	$(DEBUG_HUB)
	scripts/with-services scripts/scaled target/debug/djinn

.PHONY: db-migrate
db-migrate: ## Bring the database to this version
	$(DEBUG_HUB)
	$(HUB) migrate

.PHONY: db-seed
db-seed: ## Load the sample library
	$(DEBUG_HUB)
	$(HUB) seed --demo

##@ Work on it
.PHONY: test
test: frontend/dist/index.html ## All tests that need no server and no browser, on SQLite and in memory
	scripts/nextest --workspace
	$(CARGO) test --locked --quiet --workspace --doc
	cd frontend && npm test

.PHONY: test-services
test-services: frontend/dist/index.html ## The same Rust suites on PostgreSQL and Redis
	scripts/with-services scripts/nextest --workspace

.PHONY: e2e
e2e: frontend/dist/index.html tests/clients/node_modules/.ready ## Public GraphQL clients against the hub, and journeys through the SPA in Chromium
	$(DEBUG_HUB)
	(cd tests/clients && HUB_BIN=$(CURDIR)/target/debug/djinn npm test)
	(cd frontend && HUB_BIN=$(CURDIR)/target/debug/djinn npm run e2e)

.PHONY: conformance
conformance: frontend/dist/index.html tests/conformance/node_modules/.ready ## The official MCP suites and the MCP Inspector against the binary
	$(DEBUG_HUB)
	(cd tests/conformance && HUB_BIN=$(CURDIR)/target/debug/djinn npm test)

.PHONY: check
check: frontend/dist/index.html tests/clients/node_modules/.ready ## Formatting, lints, docs, licences, import table, generated files, frontend
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	# As it ships: without what tests ask of the crates.
	$(CARGO) check --locked --quiet --package djinn
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps --quiet
	scripts/check-imports
	scripts/check-house
	scripts/check-licences
	$(MAKE) check-schema
	(cd tests/clients && npm run check)
	(cd frontend && npm run check)

.PHONY: schema
schema: frontend/node_modules/.ready ## Write schema/ from the code: SDL of each subgraph, supergraph, API, configuration
	$(DEBUG_HUB)
	$(HUB) schema --write schema
	(cd frontend && npm run --silent compose && npm run --silent codegen)
	# Again: openapi.json is made of the API that was composed just now.
	$(DEBUG_HUB)
	$(HUB) schema --write schema
	mv schema/errors.md schema/metrics.md schema/mcp-tools.md docs/

.PHONY: check-schema
check-schema: frontend/node_modules/.ready ## Fail if schema/ is not what the code says
	scripts/check-schema

.PHONY: bench
bench: build ## Measure the hub, large imports, the router as a gateway, and 10,000 sockets; printed as figures and ratios
	export DJINN_BIN=$(CURDIR)/target/release/djinn
	$(CARGO) build --locked --release --package djinn-bench
	target/release/djinn-bench
	target/release/djinn-bench imports
	target/release/djinn-bench analytics
	target/release/djinn-bench gateway
	target/release/djinn-bench swarm
	target/release/djinn-bench slow
	target/release/djinn-bench plans

.PHONY: fmt
fmt: ## Format everything
	$(CARGO) fmt --all

.PHONY: clean
clean: ## Remove what was built; your data stays
	$(CARGO) clean
	rm -rf frontend/dist frontend/node_modules tests/clients/node_modules tests/conformance/node_modules

.PHONY: help
help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

frontend/node_modules/.ready: frontend/package.json frontend/package-lock.json
	(cd frontend && npm ci --no-audit --no-fund)
	touch $@

tests/clients/node_modules/.ready: tests/clients/package.json tests/clients/package-lock.json
	(cd tests/clients && npm ci --no-audit --no-fund)
	touch $@

tests/conformance/node_modules/.ready: tests/conformance/package.json tests/conformance/package-lock.json
	(cd tests/conformance && npm ci --no-audit --no-fund --loglevel=error)
	touch $@

frontend/dist/index.html: frontend/node_modules/.ready $(FRONTEND_SOURCES) schema/api.graphql
	(cd frontend && npm run build)
	touch $@
