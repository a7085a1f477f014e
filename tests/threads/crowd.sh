#!/bin/sh
# timeout: 300
# 64 threads that compute, lock, sleep and signal each other, moved to and fro between the ISAs; all sums
# are right. With HCC_CROWD_MOVES=100 this is the whole; a part of it is enough each time.
set -u
. "$SRC/tests/programs/common"
need_every_isa
moves=${HCC_CROWD_MOVES-8}

fail()
{
	echo "crowd: $*"
	exit 1
}

"$HCC" -O2 -o crowd "$SRC/tests/threads/lib_crowd.c" || exit 1
isa=$HOST_ISA
launch "$isa" ./crowd 64
i=0
while test $i -lt "$moves"; do
	i=$((i + 1))
	sleep 0.05
	# Now and then to the same ISA.
	test $((i % 4)) = 3 || isa=$(next_isa "$isa")
	hop "$isa"
	case $? in
	1) finish 1; fail "ended with status $status before move $i to $isa: $(head -n 5 out err)" ;;
	2) fail "move $i to $isa: $(cat hop.log)" ;;
	esac
done
: >stop
finish 100
test "$status" = 0 || fail "status $status on $isa: $(head -n 10 out err)"
printf 'ready\nok\n' | cmp -s - out || fail "$(head -n 10 out)"
test ! -s err || fail "$(head -n 10 err)"
exit 0
