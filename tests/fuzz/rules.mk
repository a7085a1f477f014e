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
	runtime/snapshot runtime/hash runtime/states runtime/match tests/fuzz/targets/lib_program \
	tests/fuzz/targets/lib_objects

fuzz_linker = $(patsubst %,linker-scripts/%,isa diag strmap buffer object section resolve taken reached layout) \
	$(patsubst %,tests/fuzz/targets/lib_%,objects link tracked)
FUZZ_object = $(fuzz_linker) linker-scripts/extract

FUZZ_sites = $(fuzz_linker) $(patsubst %,linker-scripts/%,image table table_write pack stackmap unwind pool)

FUZZ_executable = migrate/error migrate/isa migrate/image runtime/match \
	tests/fuzz/targets/lib_program tests/fuzz/targets/lib_objects runtime/snapshot runtime/hash runtime/states
FUZZ_layout = $(patsubst %,linker-scripts/%,isa diag image print_layout) runtime/snapshot runtime/hash runtime/states \
	$(patsubst %,tests/fuzz/targets/lib_%,program objects link tracked)
fuzz_driver = $(patsubst %,driver/%,diag words file assembly target target_x86_64 target_aarch64)
FUZZ_fat = $(fuzz_driver) driver/fat runtime/snapshot runtime/hash runtime/states $(patsubst %,tests/fuzz/targets/lib_%,program objects)
FUZZ_words = $(fuzz_driver) $(patsubst %,driver/%,options option_table response inputs answers)

FUZZ_status = migrate/status migrate/error

FUZZ_stream = migrate/stream migrate/error
FUZZ_LIBS_stream = $(ZSTD_LIBS)

# The runtime's files, on a kernel of the target's own. What of the rest a restore does not reach is not
# there; the program's table and state have their addresses from the target.
FUZZ_restore = $(patsubst %,kernel/runtime/%,rebuild capture descriptors snapshot states match \
	events files memberships notes pipes sockets gate fill hash) \
	kernel/runtime/text kernel/runtime/title kernel/tests/fuzz/targets/restore \
	tests/fuzz/targets/lib_program tests/fuzz/targets/lib_objects
FUZZ_LIBS_restore = -no-pie -Wl,-Ttext-segment=0x20000000 -Wl,--defsym=__hcc_meta_start=program \
	-Wl,--defsym=__hcc_process=0x1040100 -Wl,--defsym=fuzz_start_main=0x1010000 \
	-Wl,--unresolved-symbols=ignore-in-object-files
FUZZ_KERNEL_CFLAGS = -fno-pie -I$(srcdir)/tests/fuzz/kernel -I$(srcdir)/runtime/arch/x86_64 \
	-I$(srcdir)/tests/fuzz/targets -D__libc_start_main=fuzz_start_main -fno-sanitize=alignment

FUZZ_TARGETS = snapshot restore object sites executable layout fat words status stream
# hcc-verify: all but its main.
ifneq ($(wildcard $(srcdir)/verify/image.c),)
FUZZ_TARGETS += verifier
FUZZ_verifier = $(filter-out verify/main,$(patsubst $(srcdir)/%.c,%,$(wildcard $(srcdir)/verify/*.c))) \
	runtime/snapshot runtime/hash runtime/states tests/fuzz/targets/lib_program tests/fuzz/targets/lib_objects
FUZZ_LIBS_verifier = $(CAPSTONE_LIBS) $(ZSTD_LIBS)
FUZZ_CFLAGS_verify = -D_GNU_SOURCE -I$(srcdir)/verify -fno-sanitize=alignment
endif

FUZZ_PROGRAMS = $(FUZZ_TARGETS:%=obj/fuzz/%)

fuzz_common = tests/fuzz/targets/lib_fuzz tests/fuzz/targets/lib_elf

obj/fuzz/%.o: $(srcdir)/%.c config.h
	@mkdir -p $(@D)
	$(CLANG) $(FUZZ_CFLAGS) $(FUZZ_CFLAGS_$(word 3,$(subst /, ,$@))) -MMD -MP -c -o $@ $<

obj/fuzz/kernel/%.o: $(srcdir)/%.c config.h
	@mkdir -p $(@D)
	$(CLANG) $(FUZZ_CFLAGS) $(FUZZ_KERNEL_CFLAGS) -MMD -MP -c -o $@ $<

define fuzz_rules
obj/fuzz/$(1): $$(filter-out obj/fuzz/tests/fuzz/targets/restore.o,obj/fuzz/tests/fuzz/targets/$(1).o) $$(patsubst %,obj/fuzz/%.o,$$(FUZZ_$(1)) \
		$$(fuzz_common))
	$$(CLANG) -fsanitize=fuzzer,address,undefined -o $$@ $$^ $$(FUZZ_LIBS_$(1)) $$(DW_LIBS) $$(ELF_LIBS)
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
