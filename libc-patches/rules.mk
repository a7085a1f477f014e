# libc: musl's own Makefile, run in a tree of its sources with ours laid over, with hcc as compiler.

LIBC_DIR = obj/libc-patches/musl
LIBC_OVERLAY = $(shell find $(srcdir)/libc-patches -type f)
LIBC_HEADERS = $(srcdir)/runtime/hcc_process.h
LIBC_EMPTY = $(addprefix lib/hcc/lib,m.a rt.a pthread.a crypt.a util.a xnet.a resolv.a dl.a)
LIBC_TOOLS = bin/hcc libexec/hcc/hcc-cc1 libexec/hcc/hcc-fat
LIBC_MAKE = $(MAKE) -s --no-print-directory -C $(LIBC_DIR) HCC="$(HCC)" \
	HCC_TOOLS="$(LIBC_TOOLS:%=$(CURDIR)/%)" prefix= libdir="$(CURDIR)/lib/hcc" includedir="$(CURDIR)/lib/hcc/include"

LIBS += lib/hcc/libc.a $(LIBC_EMPTY)
EXTRA += lib/hcc/no-reach.list lib/hcc/include/asm/unistd.h

obj/libc-patches/prepared: $(LIBC_OVERLAY) $(LIBC_HEADERS) config.mk
	@mkdir -p $(@D)
	sh $(srcdir)/libc-patches/prepare.sh $(MUSL_SRC) $(srcdir)/libc-patches $(LIBC_DIR) $(LIBC_HEADERS)
	@touch $@

obj/libc-patches/headers: obj/libc-patches/prepared
	+$(LIBC_MAKE) install-headers
	@touch $@

lib/hcc/include/asm/unistd.h: $(srcdir)/libc-patches/kernel-headers.sh \
		$(wildcard $(srcdir)/libc-patches/asm/*.h) config.mk | obj/libc-patches/headers
	sh $(srcdir)/libc-patches/kernel-headers.sh "$(LINUX_HEADERS)" $(srcdir)/libc-patches/asm \
		lib/hcc/include
	@touch $@

# The list of the last build would leave records out of this one.
lib/hcc/libc.a: obj/libc-patches/headers $(LIBC_TOOLS)
	rm -f lib/hcc/no-reach.list
	+$(LIBC_MAKE) lib/libc.a
	cp $(LIBC_DIR)/lib/libc.a $@.new && mv $@.new $@

$(LIBC_EMPTY):
	@mkdir -p $(@D)
	rm -f $@
	ar rc $@

lib/hcc/no-reach.list: lib/hcc/libc.a $(srcdir)/libc-patches/no-reach.sh $(srcdir)/libc-patches/calls
	sh $(srcdir)/libc-patches/no-reach.sh $(srcdir)/libc-patches/calls $< >$@.new && mv $@.new $@
