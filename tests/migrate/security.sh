#!/bin/sh
# timeout: 120
# Only its owner can ask a process; who has other rights than its caller, or keeps secrets, declines. What is
# written is its owner's alone, also while it is written. No page is ever writable and executable at once.
. "$SRC/tests/runtime/common"
error="hcc-migrate: error:"
here=$(pwd -P)
TMPDIR=$here
export TMPDIR
umask 0
"$CC" -O1 -o killer "$SRC/tests/migrate/lib_kill.c" || exit 1
"$HCC" -O2 -o app "$SRC/tests/migrate/lib_wait.c" || exit 1
chmod 755 app

# start COMMAND...: sets pid once it has begun
start()
{
	: >out
	chmod 666 out
	(exec "$@" >>out 2>err </dev/null) &
	pid=$!
	started="$started $pid"
	wait_lines out 1
}

goes_on()
{
	n=$(wc -l <out)
	kill -USR1 $pid || fail "$1: the process is gone"
	wait_lines out $((n + 1))
	for left in snap* hcc-*; do test -e "$left" && fail "$1: $left is left over"; done
	return 0
}

# ---- What is written

start ./app
hello="echo hcc-migrate hello 1"
"$HCC_MIGRATE" move $pid --to "$hello; cat >/dev/null & : >seen; exec sleep 5" --timeout 2 2>err &
mover=$!
started="$started $mover"
tries=0
until test -e hcc-move*/snapshot; do
	tries=$((tries + 1))
	test $tries -lt 500 || fail "no snapshot: $(cat err)"
	sleep 0.01
done
modes=$(stat -c '%a %u' hcc-move* hcc-move*/* | sort -u | tr '\n' ' ')
test "$modes" = "600 $(id -u) 700 $(id -u) " || fail "modes and owners: $modes"
# While the process waits, its snapshot is not to be restored.
fails 1 "$error $(echo hcc-move*)/request: process $pid has not ended" "$HCC_MIGRATE" restore hcc-move*
kill $mover
wait $mover
goes_on modes

# ---- W^X

"$HCC_MIGRATE" snapshot $pid -o kept --leave-running || exit 1
./killer p 100000 -w -p $pid "$HCC_MIGRATE" move $pid --to snap --pid-file pid >>out 2>killed
test $? = 3 || { echo "# SKIP ptrace is not allowed"; exit 77; }
pid=$(cat pid)
started="$started $pid"
test -s killed && fail "by a directory: $(cat killed)"
goes_on "by a directory"
./killer 0 100000 -w "$HCC_MIGRATE" move $pid --pid-file pid \
	--to "exec '$HCC_MIGRATE' restore - --stdout out" 2>killed
pid=$(cat pid)
started="$started $pid"
test -s killed && fail "through a pipe: $(cat killed)"
goes_on "through a pipe"
# The test itself sees such a page.
cat >wx.c <<'END'
#include <sys/mman.h>
int main(void) { return !mmap(0, 4096, 7, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }
END
mkdir bin && "$CC" -o bin/hcc-migrate wx.c && ./killer 0 100000 -w bin/hcc-migrate 2>killed
grep -q "^writable and executable" killed || fail "a page that is both is not seen"
kill -9 $pid

# ---- Who asks

cat >secret.c <<'END'
#include <stdlib.h>
#include <sys/prctl.h>
#define main app_main
#include "lib_wait.c"
#undef main
int main(int argc, char **argv)
{
	if (argc > 1)
		prctl(PR_SET_DUMPABLE, atoi(argv[1]), 0, 0, 0);
	return app_main(1, argv);
}
END
"$HCC" -O2 -I"$SRC/tests/migrate" -o secret secret.c || exit 1
start ./secret 0
fails 1 "$error process $pid: it keeps its memory from others (it is not dumpable: prctl(2))" \
	"$HCC_MIGRATE" snapshot $pid -o snap
goes_on secret
kill -9 $pid
start ./secret 1
# A signal without a request is nothing, and is no end either.
kill -34 $pid 2>/dev/null
goes_on signal
"$HCC_MIGRATE" snapshot $pid -o snap || fail "secret 1: $?"
rm -rf snap

test "$(id -u)" = 0 && command -v setpriv >/dev/null || exit 0
as_nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
chmod 755 .
mkdir -m 777 theirs
path=$here
while test "$path" != /; do
	test -x "$path" && $as_nobody test -x "$path" || exit 0
	path=$(dirname "$path")
done
start ./app
fails 1 "$error process $pid: owned by user 0, expected 65534" \
	$as_nobody "$HCC_MIGRATE" snapshot $pid -o theirs/snap
goes_on "another user"
kill -9 $pid
start $as_nobody ./app
fails 1 "$error process $pid: owned by user 65534, expected 0" "$HCC_MIGRATE" snapshot $pid -o snap
goes_on "root"
$as_nobody "$HCC_MIGRATE" snapshot $pid -o theirs/snap || fail "its owner: $?"
test "$(stat -c '%a %u' theirs/snap)" = "700 65534" || fail "$(stat -c '%a %u' theirs/snap)"

# Set-user-ID and set-group-ID programs have no handler of requests, whoever asks.
chmod 4755 app
start $as_nobody ./app
fails 1 "$error process $pid: owned by user 65534, expected 0" "$HCC_MIGRATE" snapshot $pid -o snap
goes_on setuid
mask=$(sed -n 's/^SigCgt:[ 	]*//p' /proc/$pid/status)
test $(((0x$mask >> 33) & 1)) = 0 || fail "setuid: it has a handler of requests: $mask"
# Nor does it take a snapshot for what it was.
(cd theirs && HCC_RESTORE=9 timeout 1 $as_nobody ../app 9<../kept/snapshot >../taken 2>&1)
grep -q '^ready$' taken || fail "setuid: HCC_RESTORE is not ignored: $(cat taken)"
chmod 2755 app
start $as_nobody ./app
fails 1 "$error process $pid: it has the rights of group 0 besides those of 65534" \
	$as_nobody "$HCC_MIGRATE" snapshot $pid -o theirs/snap2
goes_on setgid
exit 0
