# Read by musl's own Makefile in the tree that is built. Given on its command line: HCC, HCC_TOOLS,
# includedir, libdir.
ARCH = hcc
SUBARCH =
CC = $(HCC)
AR = ar
RANLIB = ranlib

CFLAGS_C99FSE = -std=c99 -nostdinc -ffreestanding
CFLAGS_AUTO = -O2 -w
CFLAGS_ALL += -fhcc-migrate=$(MIGRATE)

SHARED_LIBS =
TOOL_LIBS =
ALL_TOOLS =

# Most of libc calls nobody back, so its frames are gone before a migration point is reached.
MIGRATE = leaf
$(shell sed '/^\#/d; /^!/d; s,.*,obj/src/&.o,' hcc-calls): MIGRATE = calls

# Waits for other threads, cancellation points, and what streams wait for: the thread can be captured
# there.
POINTS = stdio/__lockfile stdio/__stdio_read stdio/__stdio_write stdio/fopen thread/__syscall_cp \
	thread/__wait thread/pthread_barrier_wait thread/pthread_cancel thread/pthread_mutex_timedlock
$(POINTS:%=obj/src/%.o): CFLAGS_ALL += -D__hcc_syscall=__hcc_syscall_point

# It waits in a loop without a call, for a thread that may have been captured.
obj/src/thread/pthread_spin_lock.o: MIGRATE = full

# Floating-point exceptions are part of what these functions promise: no operation may be made that
# the source does not make.
$(patsubst ./src/%.c,obj/src/%.o,$(filter ./src/math/% ./src/complex/% ./src/fenv/%,$(BASE_SRCS) \
	$(filter %.c,$(ARCH_SRCS)))): CFLAGS_ALL += -frounding-math -ffp-exception-behavior=maytrap

# sqrt is an instruction only where it need not set errno.
obj/src/math/hcc/sqrt.o obj/src/math/hcc/sqrtf.o: CFLAGS_ALL += -fno-math-errno

# A new compiler makes everything anew, and so do these options and a header of ours.
$(patsubst ./src/%.c,obj/src/%.o,$(BASE_SRCS) $(filter %.c,$(ARCH_SRCS))): $(HCC_TOOLS) \
	config.mak hcc-calls \
	$(wildcard arch/hcc/*.h arch/hcc/bits/*.h src/internal/hcc_*.h)
$(patsubst ./src/%.c,obj/src/%.o,$(wildcard ./src/malloc/mallocng/*.c)): src/malloc/mallocng/meta.h

# One line an object is enough.
CC_CMD = @printf '  HCC %s\n' $@; $(CC) $(CFLAGS_ALL) -c -o $@ $<
