#!/bin/sh
# The neutral ABI as a program sees it: no ISA's macros, types of one size and sign.

set -u
failed=0
"$HCC" -E -dM -x c /dev/null >macros || exit 1
if grep -iE 'riscv|__x86_64|__amd64|__i386|__aarch64|__ARM|__(PIC|pic|PIE|pie)__' macros; then
	echo "these macros are of one ISA"
	failed=1
fi
for macro in '__hcc__ 1' '__linux__ 1' '__LP64__ 1' '__ELF__ 1' '__WCHAR_TYPE__ int' \
	'__SIZEOF_LONG_DOUBLE__ 16' '__SIZEOF_INT128__ 16' '__LDBL_MANT_DIG__ 113' \
	'__BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__' '__BIGGEST_ALIGNMENT__ 16'; do
	grep -qx "#define $macro" macros || { echo "no $macro"; failed=1; }
done
cat >types.c <<'END'
#include <stdarg.h>
_Static_assert((char)-1 < 0, "char is signed");
_Static_assert((__WCHAR_TYPE__)-1 < 0, "wchar_t is signed");
_Static_assert(sizeof(va_list) == sizeof(void *), "va_list is a pointer");
_Static_assert(__FLT_EVAL_METHOD__ == 0, "no excess precision");
_Static_assert(sizeof(long double) == 16 && _Alignof(long double) == 16, "quad");
#ifdef __CHAR_UNSIGNED__
#error char
#endif
END
"$HCC" -fsyntax-only types.c || failed=1
# The user's word counts.
"$HCC" -funsigned-char -U__hcc__ -E -dM -x c /dev/null >macros || exit 1
grep -q __CHAR_UNSIGNED__ macros || { echo "-funsigned-char has no effect"; failed=1; }
! grep -q __hcc__ macros || { echo "-U__hcc__ has no effect"; failed=1; }
exit $failed
