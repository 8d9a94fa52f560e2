# relfile. `make help` says what there is to make.

CC       = gcc
SAN      =
BUILD    = build$(if $(strip $(SAN)),/$(subst $(comma),-,$(strip $(SAN))))
PREFIX   = /usr/local
DESTDIR  =
comma    = ,
# V=1 shows whole commands, make -s nothing
Q        = $(if $(V),,@)
silent   = $(findstring s,$(firstword -$(MAKEFLAGS)))
say      = @$(if $(V)$(silent),:,printf '  %-5s %s\n' $(1) $(2))
LAYERS   = docs/layers.txt
VERSION := $(shell cat VERSION)

is_clang := $(shell $(CC) --version 2>/dev/null | grep -c clang)

WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion \
           -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
           -Wpointer-arith -Wcast-qual -Wcast-align -Wwrite-strings -Wvla -Wundef \
           -Wformat=2 -Wimplicit-fallthrough -Wnull-dereference -Wdouble-promotion \
           $(if $(filter 0,$(is_clang)),-Wduplicated-cond -Wlogical-op,-Wmissing-variable-declarations)
zero_init := $(shell echo | $(CC) -Werror -ftrivial-auto-var-init=zero -xc -c - -o /dev/null 2>/dev/null \
               && echo -ftrivial-auto-var-init=zero)
HARDEN   = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE $(zero_init)
CPPFLAGS = -D_GNU_SOURCE -DRELFILE_VERSION='"$(VERSION)"' -Isrc -I. -I$(BUILD)/made $(EXTRA_CPPFLAGS)
CFLAGS   = -std=c17 -g $(WARNINGS) $(if $(strip $(SAN)), \
           -O1 -fsanitize=$(strip $(SAN)) -fno-omit-frame-pointer -fno-sanitize-recover=all \
           -DARENA_BLOCK_BYTES=0, \
           -O2 $(WERROR) $(HARDEN)) $(EXTRA_CFLAGS)
WERROR   = -Werror
LDFLAGS  = $(if $(strip $(SAN)),-fsanitize=$(strip $(SAN)),-pie -Wl,-z,relro,-z,now,--as-needed) $(EXTRA_LDFLAGS)

# A C library without argp has it in a library of its own, argp-standalone.
ARGP    := $(shell $(CC) -D_GNU_SOURCE tests/probe/argp.c -o /dev/null 2>/dev/null || echo -largp)
# What takes longer to load than a small command takes is linked in, where there is a static library:
# of libarchive only what reads tar and gzip is used, so that it does not bring libxml2, ICU and
# libstdc++ along. STATIC= shares them all.
STATIC   = archive z utf8proc
library  = $(if $(and $(filter $(1),$(STATIC)),$(wildcard $(shell $(CC) -print-file-name=lib$(1).a))),-l:lib$(1).a,-l$(1))
SHARED  := $(call library,archive) $(call library,z) $(call library,utf8proc)
LIBS     = $(SHARED) -lm -lpthread $(ARGP) $(EXTRA_LIBS)

# component -> its sources, wherever it lives
sources   = $(shell find src/$(1) $(1) -name "*.c" 2>/dev/null)
objects   = $(patsubst %.c,$(BUILD)/%.o,$(call sources,$(1)))
uses      = $(sort $(1) $(foreach u,$(filter-out -,$(USES_$(1))),$(call uses,$(u))))
libraries = $(foreach u,$(call uses,$(1)),$(BUILD)/lib/lib$(u).a)
link      = $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $(1) $(2) \
            -Wl,--start-group $(3) -Wl,--end-group $(LIBS)

COMPONENTS := $(shell awk '/^[a-z]/ && $$1 != "main" {print $$1}' $(LAYERS))
$(foreach line,$(shell awk '/^[a-z]/ {printf "USES_%s:=", $$1; \
    for (i = 3; i <= NF; i++) printf "%s%s", (i > 3 ? "," : ""), $$i; print ""}' $(LAYERS)), \
    $(eval $(subst $(comma), ,$(line))))
PRESENT := $(foreach c,$(COMPONENTS),$(if $(call sources,$(c)),$(c)))
ALL_LIBRARIES = $(foreach c,$(PRESENT),$(BUILD)/lib/lib$(c).a)

# Headers that are made of other sources.
MADE = $(BUILD)/made/base/openssl_calls.h

all: $(BUILD)/relfile ## build/relfile

$(BUILD)/relfile: src/main.c $(ALL_LIBRARIES)
	@mkdir -p $(@D)
	$(call say,link,$@)
	$(Q)$(call link,$@,$<,$(ALL_LIBRARIES))

define component
$(BUILD)/lib/lib$(1).a: $(call objects,$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	$(Q)ar rcs $$@ $$^
$(BUILD)/unit/$(1)/%: tests/unit/$(1)/%.c $(filter $(ALL_LIBRARIES),$(call libraries,$(1)))
	@mkdir -p $$(@D)
	$$(call say,link,$$@)
	$(Q)$$(call link,$$@,$$<,$(filter $(ALL_LIBRARIES),$(call libraries,$(1))) -lcmocka -lcrypto -lcrypt)
endef
$(foreach c,$(PRESENT),$(eval $(call component,$(c))))

$(BUILD)/%.o: %.c | $(MADE)
	@mkdir -p $(@D)
	$(call say,cc,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# A macro for each function of OpenSSL that the header lists.
$(BUILD)/made/base/openssl_calls.h: src/base/openssl.h
	@mkdir -p $(@D)
	$(Q)sed -n '/^ *F(/p' $< | grep -o '[A-Za-z0-9_]\{2,\}' | sed 's/.*/#define & openssl()->&/' >$@

# Runs folders of template vectors in process: build/tests/vectors DIR...
$(BUILD)/tests/vectors: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/conformance/*.c)) $(ALL_LIBRARIES)
	@mkdir -p $(@D)
	$(call say,link,$@)
	$(Q)$(call link,$@,$(filter %.o,$^),$(ALL_LIBRARIES) -ljansson)

# Holds values against schemas, as the official suite of JSON Schema has them: build/tests/schemas DRAFT FILE...
$(BUILD)/tests/schemas: $(BUILD)/tests/schema/main.o $(ALL_LIBRARIES)
	@mkdir -p $(@D)
	$(call say,link,$@)
	$(Q)$(call link,$@,$(filter %.o,$^),$(ALL_LIBRARIES) -ljansson)

# Holds our readers against libyaml and PCRE2: build/tests/oracles FILE...
$(BUILD)/tests/oracles: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/oracle/*.c)) $(ALL_LIBRARIES)
	@mkdir -p $(@D)
	$(call say,link,$@)
	$(Q)$(call link,$@,$(filter %.o,$^),$(ALL_LIBRARIES) -lyaml -lpcre2-8)

# ---- tests

# The program with points at which tests have it killed (io/failpoint.h): what has none is the shipped one's.
POINTED = $(patsubst %.c,$(BUILD)/failpoint/%.o,$(shell grep -rl '"io/failpoint.h"' src tests/failpoint --include='*.c'))
$(BUILD)/failpoint/%.o: %.c | $(MADE)
	@mkdir -p $(@D)
	$(call say,cc,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -DRELFILE_FAILPOINTS -MMD -MP -c -o $@ $<

$(BUILD)/tests/relfile: src/main.c $(POINTED) $(ALL_LIBRARIES)
	@mkdir -p $(@D)
	$(call say,link,$@)
	$(Q)$(call link,$@,$< $(POINTED),$(ALL_LIBRARIES))

UNIT_TESTS = $(foreach c,$(PRESENT),$(patsubst tests/%.c,$(BUILD)/%,$(wildcard tests/unit/$(c)/test_*.c)))
VECTORS    = tests/conformance/vectors
FOUND      = tests/conformance/found
# The first python that has what the tests need; on all cores, where it has xdist.
PYTHON    ?= $(shell for p in python3 /usr/bin/python3; do $$p -c 'import pytest, xdist, yaml, jsonschema' \
               2>/dev/null && echo $$p && exit; done; echo python3)
PYTEST     = $(PYTHON) -m pytest $(shell $(PYTHON) -c 'import xdist' 2>/dev/null && echo '-n auto')

unit: $(UNIT_TESTS) oracle ## run the unit tests
	@for test in $(UNIT_TESTS); do \
	    $$test >$$test.log 2>&1 || { cat $$test.log; echo "FAILED: $$test"; exit 1; }; done; \
	echo "$(words $(UNIT_TESTS)) unit test programs passed"

oracle: $(BUILD)/tests/oracles ## hold YAML and regular expressions against libyaml and PCRE2
	@$(BUILD)/tests/oracles $(wildcard $(VECTORS)/*.jsonl tests/fuzz/corpus/*)

vectors: $(BUILD)/tests/vectors ## hold the template engine against what helm and helmfile render
	$(BUILD)/tests/vectors $(VECTORS) $(FOUND)

# Go programs that record what helm and helmfile make of cases, and the cases that they do not agree
# with relfile about. The same SEED and CASES are the same cases.
SECONDS = 60
SEED    = 1
build/tools/oracle-%: $(shell find tests/oracle/go -name '*.go' -o -name 'go.*')
	@mkdir -p $(@D)
	cd tests/oracle/go/$(filter charts helmfile,$*) && go build -buildvcs=false -o $(CURDIR)/$@ ./$(filter-out charts helmfile,$*)

RANDOM_RUN = tests/oracle/random/run.py $(if $(CASES),--cases $(CASES) --seconds 3600,--seconds $(SECONDS)) --seed $(SEED) \
             --found $(BUILD)/found.jsonl --vectors $(BUILD)/tests/vectors

random: $(BUILD)/tests/vectors build/tools/oracle-helm ## hold templates against helm on random cases, with Go
	$(RANDOM_RUN) --oracle build/tools/oracle-helm

.PHONY: random-charts
random-charts: $(BUILD)/tests/vectors build/tools/oracle-charts ## and whole charts against helm template
	$(RANDOM_RUN) --oracle build/tools/oracle-charts --charts

random-helmfile: $(BUILD)/tests/vectors build/tools/oracle-helmfile ## and helmfile's
	$(RANDOM_RUN) --oracle build/tools/oracle-helmfile --kind mutate --group helmfile

.PHONY: random-specs
random-specs: $(BUILD)/relfile ## and random specs by helmfile.schema.json against helmfile, which must be on the PATH, with helm
	$(PYTHON) tests/conformance/helmfile/run.py --relfile $(BUILD)/relfile --schema $(or $(SPECS),1-500) --limit 1 \
	    --report $(BUILD)/random-specs --commands build,list-json,template,show-dag,write-values

# Programs that are run against servers which only the end-to-end tests start.
REMOTE_TESTS = $(BUILD)/unit/state/test_remote $(BUILD)/unit/state/test_rivals

e2e: $(BUILD)/relfile $(BUILD)/tests/relfile $(BUILD)/tests/disk.so $(REMOTE_TESTS) ## run the command line tests
	RELFILE=$(CURDIR)/$(BUILD)/relfile RELFILE_POINTED=$(CURDIR)/$(BUILD)/tests/relfile \
	    RELFILE_UNIT=$(CURDIR)/$(BUILD)/unit $(PYTEST) -q -p no:cacheprovider tests/e2e

crash: $(BUILD)/tests/relfile ## kill runs at each of their steps, on all stores that are installed: minutes
	$(PYTHON) tests/crash/crash.py --relfile $(BUILD)/tests/relfile $(CRASH_OPTIONS)

servers-more: ## build a second S3 server of another make, MinIO, with Go: minutes
	tests/servers/build.sh buckets build/tools/buckets

servers: ## build the servers that tests need and Debian has not, with Go
	tests/servers/build.sh tools build/tools/servers

cluster: ## build what a Kubernetes cluster is made of, with Go; ten minutes the first time
	tests/servers/build.sh cluster build/tools/cluster

# Tests of clusters wait most of the time: two for each core.
WAITING = $(shell $(PYTHON) -c 'import os, xdist; print("-n", 2 * len(os.sched_getaffinity(0)))' 2>/dev/null)

# What a cluster is made of must be on the PATH, or built (make cluster). SHORT=1: not what takes long.
kubernetes: $(BUILD)/relfile $(BUILD)/tests/relfile $(BUILD)/unit/target/test_kubernetes ## run the tests against real clusters; SHORT=1 most of them
	RELFILE=$(CURDIR)/$(BUILD)/relfile RELFILE_POINTED=$(CURDIR)/$(BUILD)/tests/relfile RELFILE_CONTRACT=$(CURDIR)/$(BUILD)/unit/target/test_kubernetes \
	    tests/servers/cluster.sh with 2 $(PYTEST) $(WAITING) -q -rs -p no:cacheprovider $(if $(SHORT),-m "not long") $(KUBERNETES_OPTIONS) tests/kubernetes

# What it does to a disk is written down, and a bad disk imitated: it is loaded before libc.
$(BUILD)/tests/disk.so: tests/crash/disk.c
	@mkdir -p $(@D)
	$(call say,link,$@)
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -fPIC -shared -o $@ $<

power: $(BUILD)/tests/relfile $(BUILD)/tests/disk.so ## power failures and bad disks under a file store, thousands of them
	$(PYTHON) tests/crash/power.py $(POWER_OPTIONS)
	$(PYTHON) tests/crash/power.py --faults
	! $(PYTHON) tests/crash/power.py --runs 0 --forget folder
	! $(PYTHON) tests/crash/power.py --runs 0 --forget file

concurrency: $(BUILD)/tests/relfile ## 16 processes that share a state, are killed, stopped and cut off: SECONDS for each store
	$(PYTHON) tests/crash/rivals.py --relfile $(BUILD)/tests/relfile --seconds $(SECONDS) --seed $(SEED)
	! $(PYTHON) tests/crash/rivals.py --relfile $(BUILD)/tests/relfile --seconds 20 --store file --unguarded

corpus: $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c)) ## run what fuzzing found, without a fuzzer
	@for target in $^; do timeout 120 $$target tests/fuzz/corpus/$${target##*/fuzz_}/* >/dev/null 2>&1 || \
	    { echo "FAILED: $$target"; exit 1; }; done; echo "$(words $^) corpora passed"

test: unit vectors corpus e2e ## run all tests

bench: $(BUILD)/relfile $(BUILD)/tests/measure ## compare with helm and helmfile, which must be on the PATH
	RELFILE=$(CURDIR)/$(BUILD)/relfile MEASURE=$(CURDIR)/$(BUILD)/tests/measure python3 tests/bench/run.py

bench-state: $(BUILD)/relfile ## measure reading and writing a state of 1,000 releases, on each store that is installed
	$(PYTHON) tests/bench/state/run.py --relfile $(BUILD)/relfile $(BENCH_OPTIONS)

bench-cluster: $(BUILD)/relfile ## measure 100 and 1,000 (RELEASES="100 1000") releases on a cluster of its own; beside helmfile, where it is on the PATH
	RELFILE=$(CURDIR)/$(BUILD)/relfile tests/servers/cluster.sh with 1 sh -c \
	    'KUBECONFIG=$$RELFILE_TEST_CLUSTERS/admin.kubeconfig python3 tests/bench/cluster.py $(RELEASES)'

# Engine beside engine; CHARTS are folders of charts besides those of the vectors.
bench-engine: $(BUILD)/tests/engine ## compare the template engine with Go's: CHARTS="FOLDER..."
	ENGINE=$(CURDIR)/$(BUILD)/tests/engine python3 tests/bench/engine/run.py $(CHARTS)

$(BUILD)/tests/engine: tests/bench/engine/engine.c $(ALL_LIBRARIES)
	@mkdir -p $(@D)
	$(call say,link,$@)
	$(Q)$(call link,$@,$<,$(ALL_LIBRARIES))

$(BUILD)/tests/measure: tests/bench/measure.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $<

# A fuzz target with a main of its own, for gcc; `make fuzz` builds the same for libFuzzer.
$(BUILD)/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $(ALL_LIBRARIES)
	@mkdir -p $(@D)
	$(call say,link,$@)
	$(Q)$(call link,$@,$< tests/fuzz/replay.c,$(ALL_LIBRARIES))

# ---- fuzzing, with clang

FUZZ_SECONDS = 30
FUZZ_TARGETS = $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_BUILD   = build/fuzzing

fuzz: ## fuzz each target for FUZZ_SECONDS
	@[ "$(FUZZ_SECONDS)" -gt 0 ] 2>/dev/null || { echo "FUZZ_SECONDS must be 1 or more" >&2; exit 2; } # 0 has no end
	@$(MAKE) --no-print-directory CC=clang BUILD=$(FUZZ_BUILD) \
	    SAN=address,undefined,fuzzer-no-link $(FUZZ_TARGETS:%=$(FUZZ_BUILD)/libfuzzer/%)
	@for t in $(FUZZ_TARGETS); do \
	    mkdir -p $(FUZZ_BUILD)/found/$$t; dict=; \
	    if [ -f tests/fuzz/$$t.dict ]; then dict=-dict=tests/fuzz/$$t.dict; fi; \
	    echo "fuzzing $$t for $(FUZZ_SECONDS) s"; \
	    (cd $(FUZZ_BUILD)/found/$$t && $(CURDIR)/$(FUZZ_BUILD)/libfuzzer/$$t \
	        $${dict:+-dict=$(CURDIR)/tests/fuzz/$$t.dict} -max_total_time=$(FUZZ_SECONDS) -timeout=20 \
	        -rss_limit_mb=3000 -max_len=8192 -verbosity=0 -print_final_stats=1 \
	        . $(CURDIR)/tests/fuzz/corpus/$$t) 2>&1 | tail -n 12 >$(FUZZ_BUILD)/$$t.log; \
	    if grep -q "SUMMARY\|ERROR" $(FUZZ_BUILD)/$$t.log; then cat $(FUZZ_BUILD)/$$t.log; exit 1; fi; \
	    grep number_of_executed_units $(FUZZ_BUILD)/$$t.log; done

$(BUILD)/libfuzzer/%: tests/fuzz/fuzz_%.c $(ALL_LIBRARIES)
	@mkdir -p $(@D)
	$(call say,link,$@)
	$(Q)$(call link,$@,$< -fsanitize=fuzzer,$(ALL_LIBRARIES))

# ---- checks

C_FILES = $(shell git ls-files '*.[ch]' 2>/dev/null || find src templating environments tests -name '*.[ch]')
HEADERS = $(filter %.h,$(filter-out tests/%,$(C_FILES)))

check: check-layers check-headers check-symbols check-format check-generated check-scripts check-tests ## quick checks

check-layers:
	@awk -f tests/lint/layers.awk $(LAYERS) $(C_FILES)

check-headers: $(MADE)
	@for h in $(HEADERS); do echo "#include \"$$h\"" | \
	    $(CC) $(CPPFLAGS) $(CFLAGS) -fsyntax-only -xc - || exit 1; done

check-symbols: $(ALL_LIBRARIES)
	@tests/lint/symbols.sh $(BUILD)/lib

check-format:
	@clang-format --dry-run -Werror $(C_FILES)

check-generated: $(BUILD)/relfile
	@$(foreach file,$(GENERATED),$(print_$(file)) | cmp - $(file) || \
	    { echo "make generate would change it"; exit 1; };)

check-scripts:
	@shellcheck -x -s sh run.sh test.sh .ci/run tests/lint/symbols.sh tests/servers/*.sh

# Each file of tests can be read, with what it takes from others.
check-tests: $(BUILD)/relfile
	@for folder in tests/e2e tests/kubernetes; do RELFILE=$(CURDIR)/$(BUILD)/relfile \
	    $(PYTHON) -m pytest --collect-only -q -p no:cacheprovider $$folder >$(BUILD)/collected.log 2>&1 || \
	    { tail -n 40 $(BUILD)/collected.log; exit 1; }; done

tidy: $(MADE) ## static analysis, which takes minutes
	clang-tidy --quiet $(filter %.c,$(filter-out tests/%,$(C_FILES))) -- $(CPPFLAGS) -std=c17
	@$(MAKE) --no-print-directory BUILD=build/analyzer EXTRA_CFLAGS=-fanalyzer $(PRESENT:%=build/analyzer/lib/lib%.a)

complexity: ## the most complex functions
	@pmccabe $(filter %.c,$(filter-out tests/%,$(C_FILES))) | sort -nr | head -n 20

format: ## rewrite the sources as .clang-format says
	clang-format -i $(C_FILES)

# What is made of the program's tables: file and the command that prints it.
GENERATED = helmfile.schema.json docs/state.schema.json docs/spec-reference.md docs/commands.md docs/functions.md
print_helmfile.schema.json  = $(BUILD)/relfile help schema
print_docs/state.schema.json = $(BUILD)/relfile help state-schema
print_docs/spec-reference.md = $(BUILD)/relfile help spec
print_docs/commands.md      = $(BUILD)/relfile help commands
print_docs/functions.md     = $(BUILD)/relfile help functions

generate: $(BUILD)/relfile ## rewrite what is made of the tables: schema, references
	$(foreach file,$(GENERATED),$(print_$(file)) >$(file);)

# ---- installing

COMMANDS = $(shell $(BUILD)/relfile help --names | tr ' ' '-')

install: $(BUILD)/relfile ## install the program, its man pages and completions under PREFIX
	install -D -m 755 $(BUILD)/relfile $(DESTDIR)$(PREFIX)/bin/relfile
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	$(BUILD)/relfile help --man >$(DESTDIR)$(PREFIX)/share/man/man1/relfile.1
	for name in $(COMMANDS); do $(BUILD)/relfile help --man $$name \
	    >$(DESTDIR)$(PREFIX)/share/man/man1/relfile-$$name.1 || exit 1; done
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	    $(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(BUILD)/relfile completion bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/relfile
	$(BUILD)/relfile completion zsh >$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_relfile
	$(BUILD)/relfile completion fish >$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/relfile.fish

clean: ## remove build/
	rm -rf build

help: ## print this
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "Variables: CC, SAN=address,undefined, PREFIX, DESTDIR, V=1, FUZZ_SECONDS"

.SECONDARY:
.PHONY: all unit oracle random random-helmfile vectors e2e crash power concurrency servers servers-more cluster kubernetes corpus test bench bench-state bench-cluster fuzz check check-layers check-headers check-symbols \
        check-format check-generated check-scripts tidy complexity format generate install clean help
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
