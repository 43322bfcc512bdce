# The targets a person types. `make help` lists them.

.DEFAULT_GOAL := help
SHELL := /bin/bash

# Tools and test material that .ci/tools has fetched are found without a setting.
cache := $(or $(IRM_CI_CACHE),$(HOME)/.cache/irm-ci)
export PATH := $(cache)/bin:$(PATH)

# Tests that need a browser run by themselves, with `make e2e`.
packages = $$(go list ./... | grep -v '/e2e$$')

.PHONY: run test e2e check lint fresh vuln gate attack fuzz supply bench generate build help

run: ## a complete program with invented companies, at http://127.0.0.1:8080
	go run ./cmd/irm demo

# A second database asks for more time than the 3 minutes that Go alone gets.
limit = $(if $(IRM_TEST_FULL),60m,$(if $(IRM_TEST_POSTGRES),8m,3m))

test: ## vet and all tests but the browser's; PostgreSQL too with IRM_TEST_POSTGRES
	go vet $(packages)
	go test -timeout $(limit) $(packages)

e2e: ## the journeys in a real browser, pages checked by axe-core and the W3C validator
	go vet ./e2e
	go test -timeout $(if $(IRM_TEST_FULL),40m,10m) -count 1 ./e2e

check: lint test ## what every change passes: format, generated files, linters, tests

lint: fresh vuln ## check without the tests
	@unformatted=$$(gofmt -l $$(find . -name '*.go' -not -path './.git/*')); \
	if [ -n "$$unformatted" ]; then echo "not formatted by gofmt:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	@.ci/have golangci-lint && golangci-lint run || exit $$(( $$? == 77 ? 0 : 1 ))

fresh: ## proves that the generated files are those of their sources
	@go run ./cmd/proofs -check
	@hash() { find . -name '*_templ.go' -not -path './.git/*' -exec sha256sum {} + | sort -k 2; }; \
	before=$$(hash); go tool templ generate >/dev/null || exit 1; \
	if [ "$$before" != "$$(hash)" ]; then \
		echo "generated files were not those of their templates; they are now:"; \
		diff <(echo "$$before") <(hash) | sed -n 's/^[<>] *[0-9a-f]* */  /p' | sort -u | grep .; exit 1; fi

vuln: ## known vulnerabilities in what we build on
	@.ci/have govulncheck && .ci/vuln || exit $$(( $$? == 77 ? 0 : 1 ))

# What the tests measure is written beside them, and then into docs/promises.md.
figures = $(CURDIR)/bin/figures

# One piece again: make gate GATE=attack. A piece that measures anew replaces its figures.
GATE = check e2e bench attack fuzz supply

gate: export IRM_TEST_FULL = 1
gate: export IRM_TEST_FIGURES = $(figures)
gate: ## before a release: check with full counts, the browser, the measurements, attacks
	.ci/tools --gate
	mkdir -p $(figures)
	$(MAKE) $(GATE)
	go run ./cmd/proofs -figures $(figures)

attack: ## sqlmap and wapiti over all forms of a demo
	.ci/attack $(SECONDS_EACH)

fuzz: ## invented input for every reader of what is typed or sent
	.ci/fuzz $(SECONDS_EACH)

supply: ## modules unchanged, no secrets in the tree, no known vulnerability
	.ci/supply

bench: ## measures against floors of the same machine and writes docs/speed.md
	go run ./bench

generate: ## Go from the templates, docs/asvs.md from the tests' names
	go tool templ generate
	go run ./cmd/proofs

build: ## the program as one file, bin/irm
	CGO_ENABLED=0 go build -trimpath -o bin/irm ./cmd/irm

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
