# hcc-cc1: bitcode -> an object per ISA. The only program that links libLLVM.
CC1_SRCS := $(notdir $(wildcard $(srcdir)/passes/*.c))
CC1_OBJS := $(CC1_SRCS:%.c=obj/passes/%.o)
PROGRAMS += libexec/hcc/hcc-cc1

obj/passes/%.o: $(srcdir)/passes/%.c $(wildcard $(srcdir)/passes/*.h) $(srcdir)/runtime/hcc_format.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LLVM_CFLAGS) -c -o $@ $<

libexec/hcc/hcc-cc1: $(CC1_OBJS)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $(CC1_OBJS) $(LLVM_LIBS) -lpthread
