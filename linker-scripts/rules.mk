# hcc-ld: one link for all ISAs.

PROGRAMS += libexec/hcc/hcc-ld

hcc_ld = main options isa diag strmap buffer object section resolve taken reached layout script temps extract lld \
	image table table_write compress pack stackmap unwind pool metaobj sha256 unique verify checker print_layout \
	link

libexec/hcc/hcc-ld: $(hcc_ld:%=obj/linker-scripts/%.o)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(DW_LIBS) $(ELF_LIBS) $(ZSTD_LIBS)

obj/linker-scripts/%.o: CPPFLAGS += -D_GNU_SOURCE -I$(srcdir)/linker-scripts -I$(srcdir)/runtime

# The template as a C string.
obj/linker-scripts/image.ld.inc: $(srcdir)/linker-scripts/image.ld
	@mkdir -p $(@D)
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $< > $@

obj/linker-scripts/script.o: CPPFLAGS += -Iobj/linker-scripts
obj/linker-scripts/script.o: obj/linker-scripts/image.ld.inc
