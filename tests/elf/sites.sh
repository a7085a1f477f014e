#!/bin/sh
# Call sites must be alike on all ISAs: the message names the function and both values.
. "$SRC/tests/elf/common"
need x86_64 aarch64

make_start
# sites HOST-VALUES...: a function f with one site, its record's fields different on the host
# defaults: line 7, flags 1, 2 values of types 32 and 129, 1 site, function flags 0, name f
sites()
{
	line=7 flags=1 n_values=2 type=129 n_sites=1 function_flags=0 name=f bytes=64
	eval "$*"
	cat >sites.c <<END
#ifdef ISA_$HOST_ISA
#define IF(host, other) host
#else
#define IF(host, other) other
#endif
#include "hcc_format.h"
__attribute__((section(".text.hcc.f"))) int f(int x) { return x; }
__attribute__((section(".text.hcc.main"))) int main(void) { return f(0); }
__attribute__((section(".text.hcc_resume"))) int f_resume(void *frame) { return frame != 0; }
static const struct {
	struct hcc_sites_function function;
	struct hcc_sites_site site;
	uint8_t types[4];
	char strings[12];
} record __attribute__((section(".hcc.sites"), used, aligned(8))) = {
	{ IF($bytes, 64), (uint64_t)f, (uint64_t)f_resume, 0, IF($n_sites, 1), IF($function_flags, 0),
	  52 },
	{ IF($line, 7), IF($n_values, 2), IF($flags, 1) },
	{ 32, IF($type, 129) },
	IF("$name\0f.c", "f\0f.c"),
};
_Static_assert(sizeof record == 64, "record");
END
	sed -i 's/(uint64_t)f,/(uintptr_t)f,/; s/(uint64_t)f_resume/(uintptr_t)f_resume/' sites.c
	fat sites
}

sites
link start.o sites.o
check_runs app 0
"$CC" -std=gnu17 -I"$SRC/runtime" -o table_check "$SRC/tests/elf/table_check.c" || exit 1
./table_check app app.$other || fail "table"

sites line=8
check_error "app: function 'f' site 0 is on line 7 on $other, 8 on $HOST_ISA" start.o sites.o
sites flags=0
check_error "app: function 'f' site 0 has flags 0x1 on $other, 0x0 on $HOST_ISA" start.o sites.o
sites n_values=1
check_error "app: function 'f' site 0 has 2 values on $other, 1 on $HOST_ISA" start.o sites.o
sites type=64
check_error "app: function 'f' site 0 value 1 has type 129 on $other, 64 on $HOST_ISA" start.o sites.o
sites n_sites=0
check_error "app: function 'f' has 1 call sites on $other, 0 on $HOST_ISA" start.o sites.o
sites function_flags=1
check_error "app: function 'f' has flags 0x0 on $other, 0x1 on $HOST_ISA" start.o sites.o
sites bytes=56
check_error "sites.o: its call-site records are damaged" start.o sites.o
sites bytes=72
check_error "sites.o: its call-site records are damaged" start.o sites.o
sites name=g
"$LD" $packing --targets="$targets" -o app start.o sites.o >out 2>&1 && fail "another name was linked"
grep -q "is 'f' of 'f.c' on $other, 'g' of 'f.c' on $HOST_ISA\$" out || fail "name: $(cat out)"
exit $failed
