# relfile. `make help` says what there is to make.

CC       = gcc
SAN      =
BUILD    = build$(if $(strip $(SAN)),/$(subst $(comma),-,$(strip $(SAN))))
PREFIX   = /usr/local
DESTDIR  =
comma    = ,
LAYERS   = docs/layers.txt
VERSION := $(shell cat VERSION)

is_clang := $(shell $(CC) --version 2>/dev/null | grep -c clang)

WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion \
           -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
           -Wpointer-arith -Wcast-qual -Wcast-align -Wwrite-strings -Wvla -Wundef \
           -Wformat=2 -Wimplicit-fallthrough -Wnull-dereference -Wdouble-promotion \
           $(if $(filter 0,$(is_clang)),-Wduplicated-cond -Wlogical-op,-Wmissing-variable-declarations)
HARDEN   = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection \
           -fPIE -ftrivial-auto-var-init=zero
CPPFLAGS = -D_GNU_SOURCE -DRELFILE_VERSION='"$(VERSION)"' -Isrc -I. $(EXTRA_CPPFLAGS)
CFLAGS   = -std=c17 -g $(WARNINGS) $(if $(strip $(SAN)), \
           -O1 -fsanitize=$(strip $(SAN)) -fno-omit-frame-pointer -fno-sanitize-recover=all \
           -DARENA_BLOCK_BYTES=0, \
           -O2 $(WERROR) $(HARDEN)) $(EXTRA_CFLAGS)
WERROR   = -Werror
LDFLAGS  = $(if $(strip $(SAN)),-fsanitize=$(strip $(SAN)),-pie -Wl,-z,relro,-z,now,--as-needed) $(EXTRA_LDFLAGS)

# A C library without argp has it in a library of its own, argp-standalone.
ARGP    := $(shell $(CC) -D_GNU_SOURCE tests/probe/argp.c -o /dev/null 2>/dev/null || echo -largp)
LIBS     = -lyaml -ljansson -lpcre2-8 -lutf8proc -lcrypto -lcrypt -larchive -lcurl -lgit2 -lm -lpthread $(ARGP) $(EXTRA_LIBS)

# component -> its sources, wherever it lives
sources   = $(shell find src/$(1) $(1) -name "*.c" 2>/dev/null)
objects   = $(patsubst %.c,$(BUILD)/%.o,$(call sources,$(1)))
uses      = $(sort $(1) $(foreach u,$(filter-out -,$(USES_$(1))),$(call uses,$(u))))
libraries = $(foreach u,$(call uses,$(1)),$(BUILD)/lib/lib$(u).a)
link      = $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -o $(1) $(2) \
            -Wl,--start-group $(3) -Wl,--end-group $(LIBS)

COMPONENTS := $(shell awk '/^[a-z]/ && $$1 != "main" {print $$1}' $(LAYERS))
$(foreach line,$(shell awk '/^[a-z]/ {printf "USES_%s:=", $$1; \
    for (i = 3; i <= NF; i++) printf "%s%s", (i > 3 ? "," : ""), $$i; print ""}' $(LAYERS)), \
    $(eval $(subst $(comma), ,$(line))))
PRESENT := $(foreach c,$(COMPONENTS),$(if $(call sources,$(c)),$(c)))
ALL_LIBRARIES = $(foreach c,$(PRESENT),$(BUILD)/lib/lib$(c).a)

all: $(BUILD)/relfile ## build/relfile

$(BUILD)/relfile: src/main.c $(ALL_LIBRARIES)
	@mkdir -p $(@D)
	$(call link,$@,$<,$(ALL_LIBRARIES))

define component
$(BUILD)/lib/lib$(1).a: $(call objects,$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	ar rcs $$@ $$^
$(BUILD)/unit/$(1)/%: tests/unit/$(1)/%.c $(filter $(ALL_LIBRARIES),$(call libraries,$(1)))
	@mkdir -p $$(@D)
	$$(call link,$$@,$$<,$(filter $(ALL_LIBRARIES),$(call libraries,$(1))) -lcmocka)
endef
$(foreach c,$(PRESENT),$(eval $(call component,$(c))))

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -c -o $@ $<

# Runs folders of template vectors in process: build/tests/vectors DIR...
$(BUILD)/tests/vectors: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/conformance/*.c)) $(ALL_LIBRARIES)
	@mkdir -p $(@D)
	$(call link,$@,$(filter %.o,$^),$(ALL_LIBRARIES))

C_FILES = $(shell find src templating environments tests -name '*.[ch]' 2>/dev/null)

format: ## rewrite the sources as .clang-format says
	clang-format -i $(C_FILES)

clean: ## remove build/
	rm -rf build

.SECONDARY:
.PHONY: all format clean
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
