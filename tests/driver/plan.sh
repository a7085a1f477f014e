#!/bin/sh
# The whole plan (-###) of each kind of command. Paths of this build and the object's name, which
# depends on the test's folder, are replaced; so is the front end's fixed part, compared once.

set -u
unset LIBRARY_PATH
failed=0
list=$(echo "$ISAS" | tr ' ' ,)
host=${ISAS%% *}
other=${ISAS##* }

# plan ARGS...: what hcc would run, one command a line, without quotes
plan()
{
	"$HCC" -### "$@" 2>&1 | sed -e 's/" "/ /g' -e 's/^ "//' -e 's/"$//' \
		-e "s|$BUILD/||g" -e "s|$CLANG|clang|" -e "s|${TMPDIR:-/tmp}/hcc-XXXXXX|TMP|g" \
		-e "s|${LLD:-/ld.lld/}|ld.lld|" \
		-e 's/--tu-id=[0-9a-f]\{16\}/--tu-id=ID/' \
		-e 's| --no-reach-list=lib/hcc/no-reach.list||'
}

front()
{
	plan "$@" | sed -e 's|clang --target=.* -U__riscv_zmmul|FRONT|' \
		-e 's|-nostdlibinc -isystem lib/hcc/include|HEADERS|'
}

# same NAME: compare file "got" with stdin
same()
{
	if ! diff -u - got >diff; then
		echo "$1:"
		cat diff
		failed=1
	fi
}

: >a.c; : >b.c; : >c.i; : >d.o; : >e.a

plan -c a.c -O2 >got
same compile <<END
clang --target=riscv64-linux-musl --no-default-config -march=rv64gc -mabi=lp64d -mno-relax\
 -msmall-data-limit=0 -fno-pic -ftls-model=local-exec -fno-stack-protector -fsigned-char\
 -Wno-unused-command-line-argument -Wno-overriding-option\
 -D__hcc__=1 -U__riscv -U__riscv_a -U__riscv_arch_test -U__riscv_atomic -U__riscv_c\
 -U__riscv_cmodel_medlow -U__riscv_compressed -U__riscv_d -U__riscv_div -U__riscv_f\
 -U__riscv_fdiv -U__riscv_flen -U__riscv_float_abi_double -U__riscv_fsqrt -U__riscv_i\
 -U__riscv_m -U__riscv_misaligned_avoid -U__riscv_mul -U__riscv_muldiv -U__riscv_xlen\
 -U__riscv_zicsr -U__riscv_zifencei -U__riscv_zmmul -O2 -ffp-contract=off -nostdlibinc\
 -isystem lib/hcc/include -x c a.c -Xclang -disable-llvm-passes -emit-llvm -c\
 -gline-tables-only -o TMP/0.bc
libexec/hcc/hcc-cc1 --targets=$list -O2 --migrate=full --tu-id=ID --strip-debug TMP/0.bc\
 --out=$host:TMP/0-$host.o --out=$other:TMP/0-$other.o
libexec/hcc/hcc-fat $host:TMP/0-$host.o $other:TMP/0-$other.o -o a.o
END

front a.c c.i d.o e.a -lm -Lx -L y -Wl,-z,now -Ifoo -I bar -DA=1 -D B -UC -include a.c -Wall -g \
	-fno-builtin -pthread -s -Ofast -o app >got
same link <<END
FRONT -O3 -Ifoo -I bar -DA=1 -D B -UC -include a.c -Wall -g -fno-builtin -pthread -ffast-math\
 -ffp-contract=off HEADERS -x c a.c -Xclang -disable-llvm-passes -emit-llvm -c -o TMP/0.bc
libexec/hcc/hcc-cc1 --targets=$list -O3 --migrate=full --tu-id=ID TMP/0.bc\
 --out=$host:TMP/0-$host.o --out=$other:TMP/0-$other.o
libexec/hcc/hcc-fat $host:TMP/0-$host.o $other:TMP/0-$other.o -o TMP/0-a.o
FRONT -O3 -Ifoo -I bar -DA=1 -D B -UC -include a.c -Wall -g -fno-builtin -pthread -ffast-math\
 -ffp-contract=off HEADERS -x cpp-output c.i -Xclang -disable-llvm-passes -emit-llvm -c -o TMP/1.bc
libexec/hcc/hcc-cc1 --targets=$list -O3 --migrate=full --tu-id=ID TMP/1.bc\
 --out=$host:TMP/1-$host.o --out=$other:TMP/1-$other.o
libexec/hcc/hcc-fat $host:TMP/1-$host.o $other:TMP/1-$other.o -o TMP/1-c.o
libexec/hcc/hcc-ld --targets=$list -o app --verify=bin/hcc-verify --compress-clones -Lx -Ly -Llib/hcc lib/hcc/crt1.o TMP/0-a.o\
 TMP/1-c.o d.o e.a -lm -z now -s --start-group -lc -lhccrt --end-group\
 --builtins=$host:lib/hcc/builtins/$host.a --builtins=$other:lib/hcc/builtins/$other.a
libexec/hcc/hcc-fat $host:app $other:app.$other -o app
END

front -S -O -fhcc-migrate=calls -fhcc-polls=flag -MMD a.c >got
same assembly <<END
FRONT -O1 -ffp-contract=off HEADERS -x c a.c -Xclang -disable-llvm-passes -emit-llvm -c\
 -gline-tables-only -MMD -MF a.d -MQ a.o -o TMP/0.bc
libexec/hcc/hcc-cc1 --targets=$host -O1 --migrate=calls --polls=flag --tu-id=ID --strip-debug -S TMP/0.bc\
 --out=$host:TMP/0.s
cp TMP/0.s a.s
END

front -E -P -dM a.c - -o out >got
same preprocess <<END
FRONT -O0 -P -dM -ffp-contract=off HEADERS -x c a.c -E -o out
FRONT -O0 -P -dM -ffp-contract=off HEADERS -x c - -E -o out
END

front -M -MF dep a.c >got
same dependencies <<END
FRONT -O0 -M -ffp-contract=off HEADERS -x c a.c -E -MF dep
END

front -nostdinc --hcc-targets="$host" -c -O0 -O2 -Os -x c d.o -o x/y.o >got
same "one ISA" <<END
FRONT -Os -nostdinc -ffp-contract=off -x c d.o -Xclang -disable-llvm-passes -emit-llvm -c\
 -gline-tables-only -o TMP/0.bc
libexec/hcc/hcc-cc1 --targets=$host -Os --migrate=full --tu-id=ID --strip-debug TMP/0.bc\
 --out=$host:TMP/0-$host.o
libexec/hcc/hcc-fat $host:TMP/0-$host.o -o x/y.o
END

HCC_TARGETS="$other,$host" plan -nostdlib d.o >got
same "host first" <<END
libexec/hcc/hcc-ld --targets=$list -o a.out --verify=bin/hcc-verify --compress-clones -Llib/hcc d.o
libexec/hcc/hcc-fat $host:a.out $other:a.out.$other -o a.out
END

plan -nostdlib -fno-hcc-embed d.o >got
same "nothing carried" <<END
libexec/hcc/hcc-ld --targets=$list -o a.out --verify=bin/hcc-verify --compress-clones -Llib/hcc d.o
END

plan --print-layout app.x 2>/dev/null >got || :
: >app.x
plan --print-layout app.x >got
same layout <<END
libexec/hcc/hcc-ld --targets=$list --print-layout app.x
END

plan d.o -nostartfiles -nolibc -o /dev/null >got
same "no regular file" <<END
libexec/hcc/hcc-ld --targets=$list -o TMP/a.out --verify=bin/hcc-verify --compress-clones\
 -Llib/hcc d.o\
 --builtins=$host:lib/hcc/builtins/$host.a --builtins=$other:lib/hcc/builtins/$other.a
cp TMP/a.out /dev/null
END

# Words of @file, quoted all ways; a file that is not there is a name.
printf '%s\n' "-D'A B'" '"-DC=\"x\""  -D\ E' '@more' >args
echo '-UF -c' >more
front @args a.c >got 2>&1
grep -q 'FRONT -O0 -DA B -DC=\\"x\\" -D E -UF -ffp-contract=off' got ||
	{ echo "@file:"; head -n 1 got; failed=1; }
exit $failed
