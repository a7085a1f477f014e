/* Headers: errno.h sys/errno.h features.h float.h iso646.h limits.h stdalign.h stdarg.h
 * Headers: stdbool.h stdc-predef.h stddef.h stdint.h stdnoreturn.h string.h
 * What a freestanding program knows: limits, types, atomic operations of every size; the values
 * of errno. */
#include <errno.h>
#include <features.h>
#include <float.h>
#include <iso646.h>
#include <limits.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdc-predef.h>
#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/errno.h>
#include "lib_log.h"

static void limits(void)
{
	SAY("%d %d %d %d %d", CHAR_BIT, CHAR_MIN, CHAR_MAX, SCHAR_MIN, UCHAR_MAX);
	SAY("%d %d %u %ld %lu %lld", SHRT_MIN, INT_MIN, UINT_MAX, LONG_MIN, ULONG_MAX, LLONG_MAX);
	SAY("%d %d %d %d %d", PATH_MAX, NAME_MAX, IOV_MAX, PIPE_BUF, MB_LEN_MAX);
	SAY("%d %d %d %d", _POSIX_PATH_MAX, NL_ARGMAX, WORD_BIT, LONG_BIT);
	SAY("%d %d %d %d %d %d", FLT_RADIX, FLT_MANT_DIG, DBL_MANT_DIG, DBL_MIN_EXP, DBL_MAX_10_EXP,
		DECIMAL_DIG > 20);
	SAY("%a %a %a %a", DBL_MAX, DBL_MIN, DBL_EPSILON, FLT_TRUE_MIN);
	SAY("%d %d", FLT_EVAL_METHOD, DBL_HAS_SUBNORM);
	CHECK(LDBL_MANT_DIG == 113 || LDBL_MANT_DIG == 64);
	SAY("%zu %zu %zu %zu %zu", sizeof(int), sizeof(long), sizeof(void *), sizeof(wchar_t),
		sizeof(max_align_t));
	SAY("%zu %zu %zu", alignof(max_align_t), alignof(double), alignof(long double));
	SAY("%d %d", (wchar_t)-1 < 0, (char)-1 < 0);
	SAY("%d %d %d", true and not false, 6 bitand 3, 1 xor 3);
	SAY("%d %d", __STDC_ISO_10646__ > 0, __STDC_IEC_559__);
	SAY("%zu", offsetof(struct { char a; double b; }, b));
}

static long sum(int n, ...)
{
	va_list args, again;
	long total = 0;
	int i;

	va_start(args, n);
	for (i = 0; i < n; i++) {
		va_copy(again, args);
		total += va_arg(again, int) * 2;
		va_end(again);
		total += va_arg(args, int);
		total += (long)va_arg(args, double) + va_arg(args, long) + *va_arg(args, char *);
		total += (long)va_arg(args, long double);
	}
	va_end(args);
	return total;
}

#define ATOMIC(type, name)                                                                         \
	static void name(void)                                                                     \
	{                                                                                          \
		static _Atomic type x;                                                             \
		type expected = 7;                                                                 \
                                                                                                   \
		atomic_init(&x, 5);                                                                \
		SAY(#type ": %lld %d", (long long)atomic_load(&x), atomic_is_lock_free(&x));       \
		atomic_store(&x, (type)6);                                                         \
		SAY("%lld", (long long)atomic_exchange(&x, (type)7));                              \
		SAY("%d", atomic_compare_exchange_strong(&x, &expected, (type)100));               \
		SAY("%d %lld", atomic_compare_exchange_strong(&x, &expected, (type)1),             \
			(long long)expected);                                                      \
		SAY("%lld %lld", (long long)atomic_fetch_add(&x, (type)27),                        \
			(long long)atomic_fetch_sub_explicit(&x, (type)1, memory_order_relaxed));  \
		SAY("%lld %lld %lld", (long long)atomic_fetch_or(&x, (type)1),                     \
			(long long)atomic_fetch_and(&x, (type)15),                                 \
			(long long)atomic_fetch_xor(&x, (type)5));                                 \
		x++;                                                                               \
		x *= 3;                                                                            \
		SAY("%lld", (long long)x);                                                         \
	}

ATOMIC(char, atomic_char_)
ATOMIC(short, atomic_short_)
ATOMIC(int, atomic_int_)
ATOMIC(long, atomic_long_)
ATOMIC(unsigned long long, atomic_ullong_)

static void numbers(void)
{
	static const int errors[] = {
		EPERM,
		ENOENT,
		EINTR,
		EAGAIN,
		EWOULDBLOCK,
		EDEADLK,
		ENAMETOOLONG,
		ENOSYS,
		ENOTEMPTY,
		ELOOP,
		EOVERFLOW,
		EILSEQ,
		ENOTSOCK,
		EADDRINUSE,
		ECONNREFUSED,
		EINPROGRESS,
		ESTALE,
		EDQUOT,
		ECANCELED,
		EOWNERDEAD,
		ENOTRECOVERABLE,
		EHWPOISON,
		ENOTSUP,
		ETIMEDOUT,
		EPROTO,
		ERANGE,
		EDOM,
	};
	atomic_flag flag = ATOMIC_FLAG_INIT;
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		printf("%d ", errors[i]);
	puts("");
	errno = 5;
	SHOW(*&errno);
	SAY("%d %d", atomic_flag_test_and_set(&flag), atomic_flag_test_and_set(&flag));
	atomic_flag_clear(&flag);
	atomic_thread_fence(memory_order_seq_cst);
	atomic_signal_fence(memory_order_seq_cst);
	SAY("%d", atomic_flag_test_and_set(&flag));
}

int main(void)
{
	limits();
	SHOW(sum(2, 1, 2.5, 3L, "d", 4.0L, 5, 6.5, 7L, "h", 8.0L));
	atomic_char_();
	atomic_short_();
	atomic_int_();
	atomic_long_();
	atomic_ullong_();
	numbers();
	return 0;
}
