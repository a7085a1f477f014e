#!/bin/sh
# A fat object is to ar, ranlib, nm and ld -r as the host's object in it, and ld -r keeps what is in
# it for the other ISAs. hcc-fat refuses what it must not join.

set -u
failed=0
fat=$BUILD/libexec/hcc/hcc-fat
host=${ISAS%% *}
other=${ISAS##* }
section=.hcc.obj.$other
for tool in ld ar ranlib nm objcopy; do
	command -v $tool >/dev/null || { echo "# SKIP no $tool"; exit 77; }
done

wrong()
{
	echo "$@"
	failed=1
}

for name in a b; do
	echo "int $name(void) { return 0; } static int hidden;" >$name.c
	echo "int *hidden_$name(void) { return &hidden; }" >>$name.c
	for isa in $ISAS; do
		"$CLANG" --target="$isa-linux-musl" -ffreestanding -O2 -c -o $name-$isa.o $name.c ||
			exit 1
	done
	"$fat" "$other:$name-$other.o" "$host:$name-$host.o" -o $name.o || exit 1
done

nm a-"$host".o >expected
nm a.o >got
cmp expected got || wrong "nm differs"
ar rc x.a a.o b.o && ranlib x.a || exit 1
nm -s x.a | grep -q '^hidden_b in b.o' || wrong "archive lacks an index"

# A record is 16 bytes, the object, and padding to 8.
record()
{
	size=$(wc -c <"$1")
	printf 'hccfat1\0'
	printf "$(printf '\\%03o\\%03o\\%03o\\0\\0\\0\\0\\0' $((size & 255)) $((size >> 8 & 255)) \
		$((size >> 16)))"
	cat "$1"
	head -c $((-size & 7)) /dev/zero
}
payload()
{
	objcopy -O binary --only-section=$section --set-section-flags $section=alloc "$1" "$2"
}
record a-"$other".o >a.record
record b-"$other".o >b.record
payload a.o got
cmp a.record got || wrong "a.o holds something else for $other"
hex='[0-9a-f]*'
readelf -SW a.o | grep -q "\] $section  *PROGBITS  *$hex $hex $hex 00  *E  0  *0  *8" ||
	wrong "$(readelf -SW a.o | grep "$section")"

cat a.record b.record >both
for linker in ld "${LLD:-ld.lld-19}"; do
	"$linker" -r -o ab.o a.o b.o || exit 1
	payload ab.o got
	cmp both got || wrong "$linker -r loses what is for $other"
	"$linker" -e a -o linked ab.o || wrong "$linker cannot link ab.o"
	! readelf -SW linked | grep -q hcc.obj || wrong "$linker keeps $section in an executable"
done

# More sections than the ELF header can count.
i=0
while [ $i -lt 3500 ]; do
	for j in 0 1 2 3 4 5 6 7 8 9; do
		echo "int v$i$j = 1, w$i$j = 2;"
	done
	i=$((i + 1))
done >many.c
for isa in $ISAS; do
	"$CLANG" --target="$isa-linux-musl" -ffreestanding -fdata-sections -O0 \
		-c -o many-$isa.o many.c || exit 1
done
"$fat" "$host:many-$host.o" "$other:many-$other.o" -o many.o || exit 1
n_sections=$(readelf -hW many-"$host".o | sed -n 's/.*Number of section headers:.*(\(.*\))/\1/p')
[ "$n_sections" -gt 65280 ] ||
	wrong "many.c makes too few sections"
nm many-"$host".o >expected
nm many.o >got
cmp expected got || wrong "nm differs with many sections"
payload many.o got
record many-"$other".o | cmp - got || wrong "many.o holds something else for $other"

# check MESSAGE ARGS...
check()
{
	message="hcc-fat: error: $1"
	shift
	rm -f out.o
	"$fat" "$@" 2>err && wrong "hcc-fat $* succeeded"
	[ "$(cat err)" = "$message" ] || wrong "hcc-fat $*: expected '$message', got '$(cat err)'"
	[ ! -e out.o ] || wrong "hcc-fat $* left an output"
}
machine() { od -An -tu2 -j18 -N2 "$1" | tr -d ' '; }
known=$(echo "$ISAS" | tr ' ' ,)
check "usage: hcc-fat ISA:OBJECT... -o OUTPUT" "$host:a-$host.o"
check "a.o: expected ISA:OBJECT with an ISA of $known" a.o -o out.o
check "vax:a.o: expected ISA:OBJECT with an ISA of $known" vax:a.o -o out.o
check "$host:b.o: a second object for $host" "$host:a.o" "$host:b.o" -o out.o
check "cannot read 'none.o': No such file or directory" "$host:none.o" -o out.o
check "a.c: not an ELF object" "$host:a.c" -o out.o
check "a-$other.o: is an object, expected an executable as linked" "$host:linked" "$other:a-$other.o" -o out.o
check "a.o: already a fat object" "$host:a.o" "$other:a-$other.o" -o out.o
is=$(machine a-"$other".o) expected=$(machine a-"$host".o)
check "a-$other.o: ELF machine is $is, expected $expected as for $host" "$host:a-$other.o" -o out.o
head -c 200 a-"$host".o >cut.o
check "cut.o: damaged object: place of the section header table" "$host:cut.o" -o out.o
head -c -1 a-"$host".o >cut.o
check "cut.o: damaged object: number of sections" "$host:cut.o" -o out.o
check "cannot write 'no/out.o': No such file or directory" "$host:a-$host.o" -o no/out.o
exit $failed
