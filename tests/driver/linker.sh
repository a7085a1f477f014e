#!/bin/sh
# What build systems hand to the linker: --wrap, lists of what was linked, two definitions of one name; and what
# is refused, with a reason, before anything is written.
set -u
failed=0

fail()
{
	echo "$*"
	failed=1
}

# on_all NAME EXPECTED
on_all()
{
	for isa in $ISAS; do
		if test "$isa" = "$HOST_ISA"; then
			got=$("./$1")
		else
			eval "emulator=\${QEMU_$isa-}"
			test -n "$emulator" || continue
			got=$("$emulator" "./$1.$isa")
		fi
		test "$got" = "$2" || fail "$1 on $isa: '$got', expected '$2'"
	done
}

# libc's own calls are wrapped as well, as with other static programs.
cat >wrap.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int n;
void *__real_malloc(size_t);
void *__wrap_malloc(size_t bytes) { n++; return __real_malloc(bytes); }
int main(void)
{
	char *first = malloc(4), *second = strdup(strcpy(first, "two"));

	printf("%s %d\n", second, n);
	return 0;
}
END
"$HCC" -O1 -c wrap.c && "$HCC" -Wl,--wrap=malloc wrap.o -o wrap || failed=1
on_all wrap "two 2"
echo 'int other(void); int __wrap_other(void) { return 3; } int main(void) { return other() != 3; }' >lib.c
"$HCC" -O1 -Wl,--wrap,other lib.c -o lib && ./lib || fail "what is defined nowhere, wrapped"

echo 'int f(void) { return 1; } int main(void) { return f() != 1; }' >one.c
echo 'int f(void) { return 2; }' >two.c
"$HCC" -O1 one.c two.c -o one 2>err && fail "two definitions"
for option in -z,muldefs --allow-multiple-definition; do
	rm -f one
	"$HCC" -O1 -Wl,$option one.c two.c -o one && ./one || fail "$option: the first does not win"
done

mkdir 'a b'
"$HCC" -c one.c -o 'a b/$one.o' && "$HCC" -Wl,--dependency-file=app.d 'a b/$one.o' -o app || failed=1
lib=$(dirname "$("$HCC" -print-file-name=libc.a)")
set -- "$lib/crt1.o" 'a\ b/$$one.o' "$lib/libc.a" "$lib/libhccrt.a"
{
	printf 'app:'
	printf ' \\\n  %s' "$@"
	printf '\n'
	printf '\n%s:\n' "$@"
} | diff -u - app.d || failed=1

rm -f app app.*
for option in -shared -pie -r -i -m,elf_x86_64 -melf_x86_64 -EB -T,script -Tscript -Ttext=0x1000 --script=x \
	--section-start=.x=1 --image-base=1 --sort-section=name -N -n --omagic -q --emit-relocs \
	-init,f -fini=f -M --print-map -z,execstack; do
	"$HCC" -Wl,$option wrap.o -o app >out 2>&1
	status=$?
	case $status-$(cat out) in
	2-"hcc: error: -"*": "*) ;;
	*) fail "-Wl,$option: status $status: $(cat out)" ;;
	esac
	test -z "$(ls app* 2>/dev/null)" || fail "-Wl,$option: left" app*
done
"$HCC" -Wl,-R/x,-EL,-dn,--no-keep-memory,--export-dynamic-symbol=main,--pack-dyn-relocs=none,--demangle one.c \
	-o app && ./app || failed=1
exit $failed
