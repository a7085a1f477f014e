#!/bin/sh
# no-reach.sh CALLS LIBC_A: names of libc's functions that cannot reach a migration point, one a
# line: all but those of the objects made from the sources in CALLS. Weak references count as calls;
# they may be what is linked. Weak definitions do not where there is another: the name is that of
# the other. Fails if an object calls one of these and is not there itself. Functions that are local
# to their source are named file.c:function, for hcc-verify, which reads the list too.
set -eu

calls=$1
archive=$2

list=$({
	sed '/^#/d; s,^!.*/,brief ,; s,.*/,calls ,' "$calls"
	nm -A -P "$archive" | sed 's/^[^[]*\[\([^]]*\)\.o\]: */symbol \1 /'
} | awk '
	$1 == "calls" { reaches[$2] = 1; next }
	$1 == "brief" { brief[$2] = 1; next }
	$4 ~ /^[TWVDBRi]$/ { definer[$3] = definer[$3] " " $2 }
	$4 ~ /^[TWi]$/ { function_of[$3] = $2 }
	$4 == "T" { strong[$3] = $2 }
	$4 == "t" { local_of[++n_locals] = $2; local[n_locals] = $3 }
	$4 ~ /^[Uw]$/ { n++; user[n] = $2; used[n] = $3 }
	END {
		for (i = 1; i <= n; i++) {
			if (user[i] in reaches || user[i] in brief)
				continue
			count = split(definer[used[i]], by, " ")
			for (k = 1; k <= count; k++)
				if (by[k] in reaches) {
					print "libc-patches/calls: " user[i] " calls " used[i] \
						", and is not there" >"/dev/stderr"
					failed = 1
				}
		}
		if (failed)
			exit 1
		for (name in function_of)
			if (!((name in strong ? strong[name] : function_of[name]) in reaches))
				print name
		for (i = 1; i <= n_locals; i++)
			if (!(local_of[i] in reaches))
				print local_of[i] ".c:" local[i]
	}') || exit 1
echo "$list" | LC_ALL=C sort
