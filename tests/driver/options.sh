#!/bin/sh
# Options that C projects give gcc and clang: taken without a word, or refused at once, so that a probe
# draws the right conclusion (exit status 2, nothing written).

set -u
failed=0
cat >a.c <<'END'
#include <stdio.h>
int main(void) { return puts("runs") < 0; }
END
echo '{ global: main; local: *; };' >v.ver

# taken OPTIONS...: all at once; the program still runs.
taken()
{
	rm -f app
	if ! "$HCC" "$@" a.c -o app >out 2>&1 || [ -s out ] || [ "$(./app 2>&1)" != runs ]; then
		echo "hcc $*:"
		cat out
		failed=1
	fi
}
taken -O2 -g3 -ggdb -gdwarf-4 -gdwarf32 -gz -std=gnu11 -pedantic -Wall -Wextra -Wno-unused -Werror \
	-fno-strict-aliasing -fwrapv -fno-common -fvisibility=hidden -fomit-frame-pointer -fPIC -fPIE \
	-fstack-protector-strong -fstack-clash-protection -fcf-protection -ffunction-sections \
	-fdata-sections -fno-plt -fno-math-errno -fno-builtin-printf -fdiagnostics-color=always \
	-ffile-prefix-map=/a=/b -fdebug-prefix-map=/a=/b -fno-delete-null-pointer-checks \
	-ftrivial-auto-var-init=zero -fstrict-flex-arrays=3 -flto=auto -ffat-lto-objects -pipe -pthread \
	-Qunused-arguments -no-canonical-prefixes -Xclang -fno-validate-pch -Wp,-D_FORTIFY_SOURCE=2 \
	-D_GNU_SOURCE -Wa,--noexecstack -m64 -mtune=native --param ssp-buffer-size=4 -rtlib=compiler-rt \
	-unwindlib=none -nostdinc++ --gcc-toolchain=/usr -mno-omit-leaf-frame-pointer -Rpass=inline \
	-grecord-gcc-switches -ggnu-pubnames -gno-column-info -MJ a.json \
	--start-no-unused-arguments --end-no-unused-arguments -static -static-libgcc -static-libstdc++ -no-pie -rdynamic -fuse-ld=lld
taken --static --pedantic --ansi --define-macro=A=1 --undefine-macro=A --include=stdlib.h --include-directory=. \
	-pass-exit-codes -ffp-model=fast -Werror
taken -ffp-model=strict -Werror
taken -fno-omit-frame-pointer -fcommon -funsigned-char -Og -lm -lpthread -lrt -ldl -s \
	-Wl,-rpath,/x -Wl,-rpath=/x,--as-needed,--no-as-needed -Wl,--gc-sections -Wl,-O1,--sort-common \
	-Wl,-z,relro -Wl,-z,now,-z,defs,-z,noexecstack -Wl,--hash-style=gnu -Wl,--build-id=sha1 \
	-Wl,--no-undefined -Wl,-E -Wl,--export-dynamic -Wl,-Bsymbolic-functions -Wl,-soname,x \
	-Wl,--version-script=v.ver -Wl,--version-script,v.ver -Wl,--dynamic-list=v.ver \
	-Wl,--exclude-libs,ALL -Wl,--warn-common,--fatal-warnings -Wl,--enable-new-dtags \
	-Wl,-Map,app.map -Wl,--compress-debug-sections=zlib -Wl,-Bstatic,-Bdynamic -Wl,--start-group \
	-Wl,--end-group -Wl,--push-state,--as-needed,--pop-state -Wl,-umain -Wl,--no-undefined-version \
	-Wl,--package-metadata=x -Wl,--orphan-handling=warn -Wl,--lto-O2 -Wl,--discard-all -Wl,-y,main -Wl,-e,_start \
	-Wl,--no-warn-rwx-segments -Wl,-z,stack-size=1000000 -Wl,--icf=none
[ -s app.map ] || { echo "-Wl,-Map writes no map"; failed=1; }

for option in -shared -pie -static-pie -m32 -mx32 -march=native -mcpu=native -msse2 -mavx2 -mfpu=neon \
	-mcmodel=large -fsanitize=address -fsanitize=undefined -fprofile-generate --coverage -pg \
	-fopenmp -finstrument-functions -fplugin=x.so -emit-llvm -save-temps -specs=x -Tscript \
	-Wa,-mbig-obj --sysroot=/ --target=x86_64-linux-gnu -stdlib=libc++ \
	-gsplit-dwarf=single -ObjC --analyze -emit-ast -save-stats --config=x -iwithsysroot \
	--shared --pie --save-temps=obj -ffixed-x18 -fzero-call-used-regs=used -fstack-usage -ftime-trace \
	-V -qversion -bogus; do
	# shellcheck disable=SC2086
	"$HCC" $option -c a.c -o refused.o >out 2>&1
	status=$?
	if [ $status != 2 ] || [ -e refused.o ] || [ "$(wc -l <out)" != 1 ]; then
		echo "hcc $option: status $status"
		cat out
		failed=1
	fi
done

# for the linker
for option in -e,main -b,binary --format=binary --unresolved-symbols=ignore-all --pop-state -bogus; do
	if "$HCC" a.c -Wl,$option -o refused >out 2>&1 || [ -e refused ] || [ "$(wc -l <out)" != 1 ]; then
		echo "hcc -Wl,$option:"
		cat out
		failed=1
	fi
done

# fails NAME: what was run last has failed
fails() { echo "$1"; failed=1; }
"$HCC" -c -- a.c && "$HCC" -o app -- a.o && ./app >out || fails "--"
cp a.c ./-a.c && "$HCC" -o app -- -a.c && ./app >out || fails "a file with a dash after --"
mkdir lib && echo 'int one(void) { return 1; }' >one.c && "$HCC" -c one.c && ar rcs lib/libone.a one.o
echo 'int one(void); int main(void) { return one() != 1; }' >main.c
LIBRARY_PATH=/nowhere:$PWD/lib "$HCC" main.c -lone -o app && ./app || fails "LIBRARY_PATH"
# An object twice is an error; once in an archive that is taken whole and once in one that is not, none.
"$HCC" main.c -Wl,--push-state,--whole-archive lib/libone.a -Wl,--pop-state lib/libone.a -o app && ./app ||
	fails "--push-state"

# What is not for the compiler: other texts in the form of assembly, for the preprocessor.
printf '#ifdef A\n A\n#endif\n' >text.S
for source in text.S '-x assembler-with-cpp text.S' '-x assembler-with-cpp -'; do
	# shellcheck disable=SC2086
	[ "$("$HCC" -E -P -DA=yes $source <text.S | tr -d ' \n')" = yes ] || fails "-E $source"
done
exit $failed

