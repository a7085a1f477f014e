# hcc, and hcc-fat for the runtime's native objects.

PROGRAMS += bin/hcc libexec/hcc/hcc-fat

driver_common = diag words file target target_x86_64 target_aarch64 fat
driver_hcc = main options option_table response inputs answers assembly object_name \
	plan plan_front plan_compile plan_link run

bin/hcc: $(driver_common:%=obj/driver/%.o) $(driver_hcc:%=obj/driver/%.o)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

libexec/hcc/hcc-fat: $(driver_common:%=obj/driver/%.o) obj/driver/fat_main.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

obj/driver/%.o: CPPFLAGS += -D_GNU_SOURCE

obj/driver/option_table.o: $(srcdir)/driver/options.def

EXTRA += share/config.site
share/config.site: $(srcdir)/driver/config.site
	@mkdir -p $(@D)
	cp $< $@

# A script, but a program to those who install it.
PROGRAMS += bin/hcc-strip
bin/hcc-strip: $(srcdir)/driver/hcc-strip.in config.mk
	@mkdir -p $(@D)
	sed -e 's|@LLVM_BINDIR@|$(LLVM_BINDIR)|' -e 's|@ISAS@|$(ISAS)|' $< >$@.new
	chmod 755 $@.new && mv $@.new $@
