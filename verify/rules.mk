# hcc-verify: reads finished executables, and shares nothing with what made them but hcc_format.h
# and what reads it (hcc_table.h, hcc_unpack.h).

PROGRAMS += bin/hcc-verify

hcc_verify = $(notdir $(basename $(wildcard $(srcdir)/verify/*.c)))

bin/hcc-verify: $(hcc_verify:%=obj/verify/%.o)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -pthread -o $@ $^ $(CAPSTONE_LIBS) $(DW_LIBS) $(ELF_LIBS) $(ZSTD_LIBS)

obj/verify/%.o: CPPFLAGS += -D_GNU_SOURCE -I$(srcdir)/verify -I$(srcdir)/runtime
obj/verify/%.o: CFLAGS += -pthread
