#!/bin/sh
# timeout: 300
# What a configure script asks of compiler and libc, hcc answers as clang does against the same musl: but
# for what the neutral ABI intends, which is listed here.

set -u
test "$HOST_ISA" = x86_64 || { echo "# SKIP the differences are listed for x86_64"; exit 77; }
command -v autoconf >/dev/null || { echo "# SKIP no autoconf"; exit 77; }
reference=$("$SRC/tests/reference.sh") || { echo "# SKIP no reference"; exit 77; }

cat >configure.ac <<'END_OF_CONFIGURE'
AC_INIT([answers], [1])
AC_CONFIG_HEADERS([config.h])
AC_PROG_CC
AC_USE_SYSTEM_EXTENSIONS
AC_SYS_LARGEFILE
AC_C_BIGENDIAN
AC_C_CHAR_UNSIGNED
AC_C_INLINE
AC_C_RESTRICT
AC_C_FLEXIBLE_ARRAY_MEMBER
AC_C_VARARRAYS
AC_C_TYPEOF
AC_CHECK_SIZEOF([short])
AC_CHECK_SIZEOF([long])
AC_CHECK_SIZEOF([void *])
AC_CHECK_SIZEOF([wchar_t])
AC_CHECK_SIZEOF([off_t])
AC_CHECK_SIZEOF([time_t])
AC_CHECK_SIZEOF([long double])
AC_CHECK_SIZEOF([va_list], [], [#include <stdarg.h>])
AC_CHECK_SIZEOF([struct stat], [], [#include <sys/stat.h>])
AC_CHECK_ALIGNOF([long double])
AC_TYPE_LONG_DOUBLE_WIDER
AC_CHECK_TYPES([__int128, ptrdiff_t, _Float128, __float128, _Float16])
AC_CHECK_MEMBERS([struct stat.st_blksize, struct stat.st_mtim.tv_nsec, struct tm.tm_gmtoff])
AC_CHECK_HEADERS([alloca.h execinfo.h immintrin.h arm_neon.h sys/io.h cpuid.h pthread.h])
AC_CHECK_FUNCS([fork strlcpy qsort_r pthread_setname_np backtrace mremap getrandom secure_getenv])
AC_CHECK_DECLS([sys_siglist, strtold, O_CLOEXEC], [], [], [
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>])
AC_SEARCH_LIBS([dlopen], [dl])
AC_SEARCH_LIBS([cos], [m])
AC_FUNC_ALLOCA
AC_FUNC_STRERROR_R

# A_LINKS(NAME, PROLOGUE, BODY): whether it links. A_VALUE: what it exits with.
AC_DEFUN([A_LINKS], [AC_CACHE_CHECK([$1], [a_cv_$1],
	[AC_LINK_IFELSE([AC_LANG_PROGRAM([$2], [$3])], [a_cv_$1=yes], [a_cv_$1=no])])])
AC_DEFUN([A_VALUE], [AC_CACHE_CHECK([$1], [a_cv_$1],
	[AC_RUN_IFELSE([AC_LANG_PROGRAM([$2], [$3])], [a_cv_$1=0], [a_cv_$1=$?])])])
# A_TAKES(NAME, FLAGS): whether options are taken, in the way that scripts ask
AC_DEFUN([A_TAKES], [AC_CACHE_CHECK([$1], [a_cv_$1], [
	save=$CFLAGS CFLAGS="$CFLAGS -Werror $2"
	AC_LINK_IFELSE([AC_LANG_PROGRAM], [a_cv_$1=yes], [a_cv_$1=no])
	CFLAGS=$save])])
A_LINKS([atomics], [], [static long n; return __atomic_fetch_add(&n, 1, __ATOMIC_SEQ_CST) + __sync_fetch_and_add(&n, 1)])
A_LINKS([wide_atomics], [], [static __int128 n; __atomic_store_n(&n, 1, __ATOMIC_SEQ_CST)])
A_LINKS([c11_threads], [static _Thread_local int n; static _Atomic int a;], [return n + a])
A_LINKS([cleanup], [static void f(int *p) { (void)p; }], [__attribute__((cleanup(f))) int n = 1; return n])
A_LINKS([weak], [extern int nothing(void) __attribute__((weak));], [return nothing ? nothing() : 0])
A_LINKS([alias], [int f(void) { return 0; } int g(void) __attribute__((alias("f")));], [return g()])
A_LINKS([visibility], [__attribute__((visibility("hidden"))) int f(void) { return 0; }], [return f()])
A_LINKS([constructor], [__attribute__((constructor)) static void f(void) { }], [])
A_LINKS([computed_goto], [], [void *p = &&there; goto *p; there: return 0])
A_LINKS([barrier], [], [__asm__ volatile("" ::: "memory")])
A_LINKS([bswap], [], [return (int)__builtin_bswap64(1) + __builtin_popcountll(3) + __builtin_ctzl(8)])
A_LINKS([overflow], [], [int r; return __builtin_add_overflow(1, 2, &r)])
A_LINKS([bundled_quad], [#include <math.h>
#include <stdlib.h>], [return (int)sqrtl(strtold("4", 0))])
A_LINKS([ifunc], [static int f(void) { return 0; } static int (*pick(void))(void) { return f; }
int g(void) __attribute__((ifunc("pick")));], [return g()])
A_LINKS([x86_64], [], [
#ifndef __x86_64__
#error no
#endif
])
A_LINKS([pause], [], [__asm__ volatile("pause")])
A_LINKS([rdtsc], [], [unsigned a, d; __asm__ volatile("rdtsc" : "=a"(a), "=d"(d)); return a + d])
A_LINKS([target_attribute], [__attribute__((target("avx2"))) static int f(void) { return 0; }], [return f()])
A_LINKS([cpu_supports], [], [return __builtin_cpu_supports("sse2")])
A_VALUE([digits_of_long_double], [], [return __LDBL_MANT_DIG__])
A_VALUE([line_of_cache], [#include <unistd.h>], [return sysconf(_SC_PAGESIZE) == 4096])
A_VALUE([va_copy], [#include <stdarg.h>
static int sum(int n, ...) { va_list a, b; int r; va_start(a, n); va_copy(b, a);
	r = va_arg(a, int) * 10 + va_arg(b, int); va_end(a); va_end(b); return r; }], [return sum(1, 7)])
A_TAKES([pthread], [-pthread])
A_TAKES([lto], [-flto])
A_TAKES([fpic], [-fPIC -fvisibility=hidden -ffunction-sections -Wl,--gc-sections])
A_TAKES([hardening], [-fstack-protector-strong -D_FORTIFY_SOURCE=2 -Wl,-z,relro,-z,now])
A_TAKES([shared], [-shared -fPIC])
A_TAKES([pie], [-pie -fPIE])
A_TAKES([native], [-march=native])
A_TAKES([avx2], [-mavx2])
A_TAKES([sse2], [-msse2])
A_TAKES([nonsense], [-fno-such-thing])
A_TAKES([nonsense_warning], [-Wno-such-thing-either])
AC_OUTPUT
END_OF_CONFIGURE
autoconf 2>log && autoheader 2>>log || { cat log; exit 1; }

# CONFIG_SITE: nothing that the machine says.
for compiler in clang hcc; do
	case $compiler in
	clang) CC=$reference/clang ;;
	hcc) CC=$HCC ;;
	esac
	mkdir $compiler
	(cd $compiler && CC="$CC" CFLAGS=-O1 CONFIG_SITE=/dev/null ../configure -C >log 2>&1) ||
		{ tail -n 20 $compiler/config.log; exit 1; }
	tr " " _ <$compiler/config.cache | sed -n 's/^\([a-z]*_cv_[a-zA-Z0-9_]*\)=${.*=\(.*\)}$/\1 \2/p' |
		grep -vE '^ac_cv_(env|prog|path|build|host)_' >$compiler.answers
done
test "$(wc -l <hcc.answers)" -gt 90 || { echo "few answers"; cat hcc.answers; exit 1; }

# The name, clang's answer, hcc's.
join clang.answers hcc.answers | awk '$2 != $3' >got
{ join -v 1 clang.answers hcc.answers; join -v 2 clang.answers hcc.answers; } >>got
# What is of one ISA: instructions, options, headers, names.
sort >expected <<'END'
a_cv_avx2 yes no
a_cv_cpu_supports yes no
a_cv_native yes no
a_cv_pause yes no
a_cv_rdtsc yes no
a_cv_sse2 yes no
a_cv_x86_64 yes no
ac_cv_header_cpuid_h yes no
ac_cv_header_immintrin_h yes no
END
# The neutral ABI: long double is what __float128 is elsewhere, struct stat the kernel's asm-generic one.
sort >>expected <<'END'
a_cv_digits_of_long_double 64 113
ac_cv_sizeof_struct_stat 144 128
ac_cv_sizeof_va_list 24 8
ac_cv_type___float128 yes no
END
# Nothing is shared. Functions chosen when a program starts would be each machine's own; by clang they link, but
# musl does not choose.
sort >>expected <<'END'
a_cv_ifunc yes no
a_cv_shared yes no
END
sort -o got got
sort -o expected expected
diff -u expected got
