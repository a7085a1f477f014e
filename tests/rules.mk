# What the tests, the demo and the benchmarks leave behind.
CLEAN += check demo

include $(srcdir)/tests/fuzz/rules.mk

# The programs with seeded faults (tests/faults/seed.c): what tests/faults.sh runs. Nothing else needs
# them.
SEED_CC1 = hcc_liveness_visit hcc_mark_reach hcc_record hcc_make_resume hcc_emit_sites hcc_lower_labels \
	hcc_portable_stack hcc_codegen LLVMBuildFreeze LLVMParseCommandLineOptions
SEED_LD = verify_shared
faults: all obj/faults/hcc-cc1 obj/faults/hcc-ld
obj/faults/seed.o: $(srcdir)/tests/faults/seed.c $(wildcard $(srcdir)/passes/*.h) \
		$(srcdir)/runtime/hcc_format.h
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -I$(srcdir)/passes $(CFLAGS) $(LLVM_CFLAGS) -c -o $@ $<
obj/faults/hcc-cc1: obj/faults/seed.o $(CC1_OBJS)
	$(CC) $(LDFLAGS) $(SEED_CC1:%=-Wl,--wrap=%) -o $@ $^ $(LLVM_LIBS) -lpthread
obj/faults/seed_ld.o: $(srcdir)/tests/faults/seed_ld.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<
obj/faults/hcc-ld: obj/faults/seed_ld.o $(hcc_ld:%=obj/linker-scripts/%.o)
	$(CC) $(LDFLAGS) $(SEED_LD:%=-Wl,--wrap=%) -o $@ $^ $(DW_LIBS) $(ELF_LIBS) $(ZSTD_LIBS)
check: faults
.PHONY: faults

# Debian's own packages by hcc, with their own tests, and servers moved under load: a long run.
# PACKAGES='zlib redis' are these only.
check-packages: all
	@SRC=$(srcdir_abs) BUILD="$(CURDIR)" sh $(srcdir)/tests/packages/check $(PACKAGES)
.PHONY: check-packages
CLEAN += packages

# The long part of tests/torture: every conformance case at all sets of options, moved at every poll,
# and programs from seeds. TORTURE_SEEDS of csmith's and of gen.c's are run, the first
# TORTURE_MOVED of them moved at 20 points.
TORTURE_SEEDS = 2000
TORTURE_MOVED = 200
torture: all
	@BUILD="$(CURDIR)" HCC_CROWD_MOVES=100 sh $(srcdir)/tests/run threads/crowd
	@BUILD="$(CURDIR)" HCC_TEST_KILL=steps sh $(srcdir)/tests/run migrate/killed
	@BUILD="$(CURDIR)" HCC_TORTURE=all sh $(srcdir)/tests/run -j2 'torture/conformance/*'
	@BUILD="$(CURDIR)" sh $(srcdir)/tests/torture/csmith.sh -j2 --seeds 1..$(TORTURE_MOVED) --moves 20
	@BUILD="$(CURDIR)" sh $(srcdir)/tests/torture/csmith.sh -j2 \
		--seeds $$(($(TORTURE_MOVED) + 1))..$(TORTURE_SEEDS)
	@BUILD="$(CURDIR)" sh $(srcdir)/tests/torture/frames.sh -j2 --seeds 1..$(TORTURE_MOVED) --moves 20
.PHONY: torture
