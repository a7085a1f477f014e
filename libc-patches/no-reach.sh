#!/bin/sh
# no-reach.sh CALLS LIBC_A: names of libc's functions that cannot reach a migration point, one a
# line: all but those of the objects made from the sources in CALLS, and of objects that call these.
# Weak references count as calls; they may be what is linked. Weak definitions do not where there is
# another: the name is that of the other.
#
# For hcc-verify, which reads the list too: file.c:function for the functions of such objects that are
# local to their source, and leaf:function for those others that are compiled without records
# (-fhcc-migrate=leaf) all the same, as what they call calls nothing back that reaches.
set -eu

calls=$1
archive=$2

{
	sed '/^#/d; s,.*/,,; s,^,calls ,' "$calls"
	nm -A -P "$archive" | sed 's/^[^[]*\[\([^]]*\)\.o\]: */symbol \1 /'
} | awk '
	$1 == "calls" { reaches[$2] = recorded[$2] = 1; next }
	$4 ~ /^[TWVDBRi]$/ { definer[$3] = definer[$3] " " $2; if ($4 ~ /^[TWi]$/) function_of[$3] = $2 }
	$4 == "T" { strong[$3] = $2 }
	$4 == "t" { local_of[++n_locals] = $2; local[n_locals] = $3 }
	$4 ~ /^[Uw]$/ { n++; user[n] = $2; used[n] = $3 }
	END {
		do {
			changed = 0
			for (i = 1; i <= n; i++) {
				if (user[i] in reaches)
					continue
				count = split(definer[used[i]], by, " ")
				for (k = 1; k <= count; k++)
					if (by[k] in reaches) {
						reaches[user[i]] = 1
						changed = 1
					}
			}
		} while (changed)
		for (name in function_of)
			if (!((name in strong ? strong[name] : function_of[name]) in reaches))
				print name
			else if (!((name in strong ? strong[name] : function_of[name]) in recorded))
				print "leaf:" name
		for (i = 1; i <= n_locals; i++)
			if (!(local_of[i] in reaches))
				print local_of[i] ".c:" local[i]
			else if (!(local_of[i] in recorded))
				print "leaf:" local[i]
	}' | LC_ALL=C sort
