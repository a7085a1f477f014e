# The fuzz targets: a program each, built by clang with the code under test compiled anew for it, with
# the sanitizers in. `make fuzz` runs each for FUZZ_SECONDS; the tests run each a fixed number of times.

FUZZ_SECONDS = 60
FUZZ_CFLAGS = -std=gnu17 -O1 -g -fno-omit-frame-pointer -Wall -Wextra -Werror \
	-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
	-I. -I$(srcdir) -I$(srcdir)/runtime
# libelf hands out pointers into the file: on our hosts they need no alignment.
FUZZ_CFLAGS_linker-scripts = -D_GNU_SOURCE -I$(srcdir)/linker-scripts -fno-sanitize=alignment \
	-include $(srcdir)/tests/fuzz/targets/lib_tracked.h
FUZZ_CFLAGS_driver = -D_GNU_SOURCE
FUZZ_CFLAGS_migrate = -fno-sanitize=alignment

# TARGET: the code under test, as FOLDER/NAME
FUZZ_snapshot = migrate/error migrate/isa migrate/image migrate/file migrate/inspect \
	runtime/snapshot runtime/states runtime/match tests/fuzz/targets/lib_program

fuzz_linker = $(patsubst %,linker-scripts/%,isa diag strmap buffer object section resolve layout) \
	$(patsubst %,tests/fuzz/targets/lib_%,objects link tracked)
FUZZ_object = $(fuzz_linker) linker-scripts/extract

FUZZ_sites = $(fuzz_linker) $(patsubst %,linker-scripts/%,image table table_write stackmap unwind pool)

FUZZ_executable = migrate/error migrate/isa migrate/image runtime/match \
	tests/fuzz/targets/lib_program runtime/snapshot runtime/states
FUZZ_layout = $(patsubst %,linker-scripts/%,isa diag image print_layout) runtime/snapshot runtime/states \
	$(patsubst %,tests/fuzz/targets/lib_%,program link tracked)
fuzz_driver = $(patsubst %,driver/%,diag words file target target_x86_64 target_aarch64)
FUZZ_fat = $(fuzz_driver) driver/fat tests/fuzz/targets/lib_objects
FUZZ_words = $(fuzz_driver) driver/options

FUZZ_status = migrate/status migrate/error

FUZZ_TARGETS = snapshot object sites executable layout fat words status
FUZZ_PROGRAMS = $(FUZZ_TARGETS:%=obj/fuzz/%)

fuzz_common = tests/fuzz/targets/lib_fuzz tests/fuzz/targets/lib_elf

obj/fuzz/%.o: $(srcdir)/%.c config.h
	@mkdir -p $(@D)
	$(CLANG) $(FUZZ_CFLAGS) $(FUZZ_CFLAGS_$(word 3,$(subst /, ,$@))) -MMD -MP -c -o $@ $<

define fuzz_rules
obj/fuzz/$(1): obj/fuzz/tests/fuzz/targets/$(1).o $$(patsubst %,obj/fuzz/%.o,$$(FUZZ_$(1)) \
		$$(fuzz_common))
	$$(CLANG) -fsanitize=fuzzer,address,undefined -o $$@ $$^ $$(DW_LIBS) $$(ELF_LIBS)
endef
$(foreach target,$(FUZZ_TARGETS),$(eval $(call fuzz_rules,$(target))))

-include $(shell find obj/fuzz -name '*.d' 2>/dev/null)

# The tests run them.
check: $(FUZZ_PROGRAMS)

fuzz: $(FUZZ_PROGRAMS)
	@BUILD="$(CURDIR)" sh $(srcdir)/tests/fuzz/long $(FUZZ_SECONDS) $(FUZZ_TARGETS)

fuzz-programs: $(FUZZ_PROGRAMS)

.PHONY: fuzz fuzz-programs
CLEAN += fuzz
