# Parley. `make help` lists what there is.

SWIFT_FLAGS := -j 2 --explicit-target-dependency-import-check error
PARLEY      := .build/release/parley

.DEFAULT_GOAL := help
.PHONY: help setup build demo serve test test-peers test-tsan test-asan sequences fuzz format lint bench clean

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: ## Install what the build needs (Debian 12, Ubuntu 24.04)
	@scripts/setup

build: setup ## Build the release binary
	swift build $(SWIFT_FLAGS) -c release --product parley

# Unoptimised: a first call in half the time, and what it builds the tests use, too.
demo: setup ## Hold a whole call on this machine, offline
	swift build $(SWIFT_FLAGS) --product parley
	.build/debug/parley demo

serve: build ## Answer calls with config/parley.yaml
	$(PARLEY) serve

# One after the other: network and timing tests share two cores with nothing else.
test: ## Set up, build and run every test
	@scripts/setup --test-peers
	PARLEY_PEERS=$(CURDIR)/.cache/peers PARLEY_PROXY=$(CURDIR)/.cache/proxy swift test $(SWIFT_FLAGS) --no-parallel

test-peers: ## Only those in which vendors' own programs meet ours
	@scripts/setup --test-peers
	PARLEY_PEERS=$(CURDIR)/.cache/peers PARLEY_PROXY=$(CURDIR)/.cache/proxy swift test $(SWIFT_FLAGS) --no-parallel --filter PeerTests --filter MCPTests --filter SignatureTests --filter WebhookServiceTests

test-tsan: ## The unit suites under the thread sanitizer
	@scripts/setup --test-peers
	Tests/Sanitizers/run thread

test-asan: ## The unit suites under the address sanitizer
	@scripts/setup --test-peers
	Tests/Sanitizers/run address

sequences: setup ## A million random orders of events for the conversation's invariants, alone and with its playout (an hour)
	PARLEY_SEQUENCES=1000000 swift test $(SWIFT_FLAGS) --no-parallel --filter ReducerSequenceTests --filter SpokenSequenceTests

fuzz: setup ## A million inputs for the media dialects, and for what reads forms, JSON, YAML and tables
	Tests/Fuzz/run 1000000
	Tests/Fuzz/texts 1000000

format: ## Format the sources
	swift format --in-place --recursive Package.swift Sources Tests

lint: ## Check the format
	swift format lint --strict --recursive Package.swift Sources Tests

bench: build ## Measure calls and the agents' loop on one core, and that frames cost no allocation
	Benchmarks/allocations
	Benchmarks/loop
	Benchmarks/run

clean: ## Remove what was built and what the demo left
	rm -rf .build var/demo
