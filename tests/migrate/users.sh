#!/bin/sh
# timeout: 60
# A process goes on as the user that it was, with that user's groups, whoever restores it; and where
# that cannot be had it does not begin.
. "$SRC/tests/runtime/common"
need_isas
test "$(id -u)" = 0 && command -v setpriv >/dev/null || { echo "# SKIP not root"; exit 77; }
error="hcc-migrate: error:"
as_nobody="setpriv --reuid=65534 --regid=65533 --groups=65532,65531"

"$HCC" -O2 -o app "$SRC/tests/migrate/lib_wait.c" || exit 1
chmod 755 .
$as_nobody test -x "$PWD/app" && $as_nobody test -x "$HCC_MIGRATE" ||
	{ echo "# SKIP nobody cannot reach the build"; exit 77; }
mkdir theirs
chown 65534:65533 theirs
: >out

# start PREFIX
start()
{
	n=$(wc -l <out)
	(exec $1 ./app >>out 2>err </dev/null) &
	pid=$!
	started="$started $pid"
	wait_lines out $((n + 1))
}

# ids: of $pid, as /proc has them
ids()
{
	sed -n 's/^[UG]id:\t//p; s/^Groups:\t//p' /proc/$pid/status | sed 's/ $//' | tr '\t\n' ' |'
}

start "$as_nobody"
want=$(ids)
(cd theirs && $as_nobody "$HCC_MIGRATE" snapshot $pid -o snap) || exit 1
wait $pid 2>/dev/null
# Root's now, who becomes that user: on each ISA.
mv theirs/snap snap && chown -R root: snap
for isa in $ISAS; do
	n=$(wc -l <out)
	rm -f stats
	"$HCC_MIGRATE" restore snap --isa "$isa" --stats stats >>out 2>err </dev/null &
	pid=$!
	started="$started $pid"
	tries=0
	until grep -qs '^restored ' stats; do
		tries=$((tries + 1))
		test $tries -lt 1000 || fail "not restored on $isa: $(cat err)"
		sleep 0.02
	done
	kill -USR1 $pid
	wait_lines out $((n + 1))
	test "$(ids)" = "$want" || fail "on $isa it is $(ids), expected $want"
	# It is still its own user's to ask.
	(cd theirs && rm -rf again && $as_nobody "$HCC_MIGRATE" snapshot $pid -o again) ||
		fail "on $isa: not to be asked"
	wait $pid 2>/dev/null
done
test ! -s err || fail "$(cat err)"

# Root's process is not anybody's.
start env
"$HCC_MIGRATE" snapshot $pid -o roots || exit 1
wait $pid 2>/dev/null
mv roots theirs/roots && chown -R 65534 theirs/roots
cd theirs || exit 1
$as_nobody "$HCC_MIGRATE" restore roots >../got.out 2>../got.err </dev/null && fail "nobody goes on as root"
echo "$error $PWD/roots/snapshot: the process ran as user 0, this is user 65534" >../want
cd .. && same got.err want
