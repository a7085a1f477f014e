#!/bin/sh
# prepare.sh MUSL_SRC OVERLAY DEST [HEADER...]: make DEST the tree that is built (see BASE). Files
# that are the same as before keep their times, so that only what has changed is compiled again.
set -eu

musl=$1
overlay=$2
dest=$3
shift 3

new=$dest.new
rm -rf "$new"
mkdir -p "$new/arch"
cp -R "$musl/arch/generic" "$new/arch/generic"
cp -R "$musl/arch/riscv64" "$new/arch/hcc"
for name in include src tools COPYRIGHT Makefile VERSION; do
	cp -R "$musl/$name" "$new/$name"
done

sed '/^#/d; /^$/d' "$overlay/removed" | while read -r path; do
	rm -rf "${new:?}/$path"
done
# Other ISAs' code.
rm -rf "$new"/src/*/aarch64 "$new"/src/*/arm "$new"/src/*/i386 "$new"/src/*/m68k \
	"$new"/src/*/microblaze "$new"/src/*/mips* "$new"/src/*/or1k "$new"/src/*/powerpc* \
	"$new"/src/*/riscv64 "$new"/src/*/s390x "$new"/src/*/sh "$new"/src/*/x32 "$new"/src/*/x86_64

cp -R "$overlay/files/." "$new/"
sed '/riscv/d; /arch_specific/d' "$musl/arch/riscv64/bits/syscall.h.in" \
	>"$new/arch/hcc/bits/syscall.h.in"
for header; do
	cp "$header" "$new/src/internal/"
done
for patch in "$overlay"/patches/*.patch; do
	[ ! -f "$patch" ] || patch -s -p1 -d "$new" <"$patch"
done
cp "$overlay/config.mak" "$new/config.mak"
cp "$overlay/calls" "$new/hcc-calls"
find "$new" -type f \( -name '*.orig' -o -name '*.rej' \) -exec rm -f {} +

# Everything that is compiled gets one old time, unless it has changed since the last build.
find "$new" -type f -exec touch -t 200001010000 {} +
if [ -d "$dest" ]; then
	(cd "$new" && find . -type f) | while read -r file; do
		if [ ! -f "$dest/$file" ] || ! cmp -s "$new/$file" "$dest/$file"; then
			touch "$new/$file"
		else
			touch -r "$dest/$file" "$new/$file"
		fi
	done
	for built in obj lib; do
		[ ! -d "$dest/$built" ] || mv "$dest/$built" "$new/$built"
	done
	rm -rf "$dest"
fi
mv "$new" "$dest"
