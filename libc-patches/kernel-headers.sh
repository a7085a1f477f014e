#!/bin/sh
# kernel-headers.sh FROM OWN DEST: put the kernel's headers for the neutral ABI into DEST. FROM is
# where some ISA's are (Debian: linux-libc-dev, /usr/include): linux/ and its like are the same for
# all. asm/ is made: each header of asm-generic/ that is a whole, and the few in OWN that have no
# generic form. What only an ISA can say (asm/kvm.h, asm/perf_regs.h) is left out.
set -eu

from=$1
own=$2
dest=$3

new=$dest/.kernel-headers
rm -rf "$new"
mkdir -p "$new/asm"
for folder in asm-generic linux misc mtd rdma sound video xen; do
	[ ! -d "$from/$folder" ] || cp -RL "$from/$folder" "$new/$folder"
done
for header in "$new"/asm-generic/*.h; do
	name=${header##*/}
	case $name in
	# Parts of others.
	errno-base.h | hugetlb_encode.h | int-l64.h | int-ll64.h | *-common.h | signal-defs.h) ;;
	*) echo "#include <asm-generic/$name>" >"$new/asm/$name" ;;
	esac
done
cp "$own"/*.h "$new/asm/"
for folder in "$new"/*; do
	rm -rf "${dest:?}/${folder##*/}"
	mv "$folder" "$dest/"
done
rmdir "$new"
