#!/bin/sh
# An address that only one ISA has must not get into shared data; nor may a symbol be shared on one
# ISA and private on another.
. "$SRC/tests/elf/common"

make_start
cat >ok.c <<'END'
#define IN(name) __attribute__((section(name)))
int datum IN(".data.hcc.datum") = 1;
int *const pointer IN(".rodata.hcc.pointer") = &datum;
static int private_datum;
int *get(void) IN(".text.hcc.get");
int *get(void) { return &private_datum; } /* code may */
int main(void) IN(".text.hcc.main");
int main(void) { return *pointer - 1 + *get(); }
END
fat ok
link start.o ok.o
check_aligned pointer datum get
check_runs app 0

cat >bad.c <<'END'
int private_datum = 1;
int *pointer2 __attribute__((section(".data.hcc.pointer2"))) = &private_datum;
END
fat bad
check_error "bad.o: section '.data.hcc.pointer2' holds the address of 'private_datum', which is private to $HOST_ISA" \
	start.o ok.o bad.o
cat >bad2.c <<'END'
static int private_datum2 = 1;
int *pointer3 __attribute__((section(".data.hcc.pointer3"))) = &private_datum2;
END
fat bad2
check_error "bad2.o: section '.data.hcc.pointer3' holds the address of '.data', which is private to $HOST_ISA" \
	start.o ok.o bad2.o

cat >half.c <<END
#ifdef ISA_$HOST_ISA
#define IN __attribute__((section(".data.hcc.half")))
#else
#define IN
#endif
int half IN = 1;
END
fat half
check_error "app: section '.data.hcc.half' is 4 bytes on $HOST_ISA, absent on $other" start.o ok.o half.o
cat >half.c <<END
#ifdef ISA_$HOST_ISA
#define IN __attribute__((section(".text.hcc.half")))
#else
#define IN
#endif
IN int half(void) { return 1; }
END
fat half
link start.o ok.o
"$LD" --targets="$targets" -o app2 start.o ok.o half.o >out 2>&1 && fail "half-private function linked"
grep -q "^hcc: error: app2: 'half' is at 0x[0-9a-f]* on $HOST_ISA, at 0x[0-9a-f]* on $other\$" out ||
	fail "half: $(cat out)"
exit $failed
