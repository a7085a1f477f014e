# The runtime: native code of every ISA, joined pair by pair into lib/hcc/libhccrt.a and crt1.o.

RUNTIME_CFLAGS = -std=gnu17 -Os -g -Wall -Wextra -Werror -ffreestanding -nostdlibinc \
	-fno-stack-protector -fno-pic -fno-asynchronous-unwind-tables -fno-unwind-tables \
	-fomit-frame-pointer -ffunction-sections -I$(srcdir)/runtime
RUNTIME_CFLAGS_aarch64 = -mno-outline-atomics

# Units that exist for every ISA: runtime/*.c, and the file names of runtime/arch/<isa>, which every
# ISA must have alike. start.S becomes crt1.o; all else libhccrt.a.
RUNTIME_SRCS = $(notdir $(wildcard $(srcdir)/runtime/*.c))
RUNTIME_ARCH_SRCS = $(notdir $(wildcard $(srcdir)/runtime/arch/$(HOST_ISA)/*.[cS]))
RUNTIME_UNITS = $(RUNTIME_SRCS:.c=.c.o) $(patsubst %,arch_%.o,$(RUNTIME_ARCH_SRCS))
RUNTIME_MEMBERS = $(filter-out arch_start.S.o,$(RUNTIME_UNITS))
RUNTIME_FAT = $(RUNTIME_MEMBERS:%=obj/runtime/%)

# What runs only in a move: its code lies apart, where a process that never moves does not touch it.
RUNTIME_MOVES = capture children events files fill gate hash limits match move options pagemap pages \
	pending pipes rebuild restore revive snapshot sockets states threads unwind write
RUNTIME_APART = $(foreach isa,$(ISAS),$(RUNTIME_MOVES:%=obj/runtime/$(isa)/%.c.o))
$(RUNTIME_APART): RUNTIME_PLACE = -include $(srcdir)/runtime/apart.h

LIBS += lib/hcc/libhccrt.a lib/hcc/crt1.o

define runtime_isa_rules
obj/runtime/$(1)/%.c.o: $$(srcdir)/runtime/%.c
	@mkdir -p $$(@D)
	$$(CLANG) --target=$(1)-linux-musl $$(RUNTIME_CFLAGS) $$(RUNTIME_CFLAGS_$(1)) $$(RUNTIME_PLACE) \
		-I$$(srcdir)/runtime/arch/$(1) -MMD -MP -c $$< -o $$@

obj/runtime/$(1)/arch_%.o: $$(srcdir)/runtime/arch/$(1)/%
	@mkdir -p $$(@D)
	$$(CLANG) --target=$(1)-linux-musl $$(RUNTIME_CFLAGS) $$(RUNTIME_CFLAGS_$(1)) \
		-I$$(srcdir)/runtime/arch/$(1) -MMD -MP -c $$< -o $$@
endef
$(foreach isa,$(ISAS),$(eval $(call runtime_isa_rules,$(isa))))

$(RUNTIME_UNITS:%=obj/runtime/%): obj/runtime/%: $(foreach isa,$(ISAS),obj/runtime/$(isa)/%) \
		libexec/hcc/hcc-fat
	libexec/hcc/hcc-fat $(foreach isa,$(ISAS),$(isa):obj/runtime/$(isa)/$*) -o $@

lib/hcc/libhccrt.a: $(RUNTIME_FAT)
	@mkdir -p $(@D)
	rm -f $@
	ar rcs $@ $(RUNTIME_FAT)

lib/hcc/crt1.o: obj/runtime/arch_start.S.o
	@mkdir -p $(@D)
	cp $< $@

-include $(foreach isa,$(ISAS),$(wildcard obj/runtime/$(isa)/*.d))
