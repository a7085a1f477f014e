#!/bin/sh
# timeout: 240
# Established TCP connections move with the process while they are under load. The clients are in a
# network namespace of their own; while the server is on its way, what they send goes astray, as it
# would when an address moves to another machine.
. "$SRC/tests/runtime/network"
need_isas

"$HCC" -O2 -o tcp "$SRC/tests/runtime/lib_tcp.c" || exit 1
"$CLANG" -O2 -o load "$SRC/tests/runtime/lib_tcp.c" || exit 1

to_server()
{
	over_there ip neigh replace 10.77.0.1 lladdr "$1" dev v1 nud permanent
}
to_server "$here"

# serve ISA [RATE]: start the server; sets pid
serve()
{
	rm -rf out snap.* stop
	: >out
	(run "$1" ./tcp serve 10.77.0.1 ${2-} >out 2>&1) &
	pid=$!
	started="$started $pid"
	wait_lines out 1
}

# load N: start the clients; sets clients
load()
{
	: >load.out
	run_there ./load load 10.77.0.1 "$1" >load.out 2>&1 &
	clients=$!
	started="$started $clients"
	wait_lines load.out 1
	sleep 0.3
}

# move ISA
move()
{
	to_server 02:00:00:00:00:77
	"$HCC_MIGRATE" snapshot $pid -o snap.$1 || fail "snapshot for $1: $?"
	wait $pid
	"$HCC_MIGRATE" restore snap.$1 --isa "$1" >>out 2>&1 &
	pid=$!
	started="$started $pid"
	sleep 0.3
	to_server "$here"
	rm -rf snap.$1
}

# all_came_back NAME
all_came_back()
{
	: >stop
	wait $clients || fail "$1: clients: $(cat load.out); server: $(cat out)"
	printf 'connected\nall came back\n' >want
	same load.out want
	tries=0
	until test "$(tail -n 1 out)" = served || test $tries -gt 2000; do
		tries=$((tries + 1))
		sleep 0.01
	done
	printf 'ready\nserved\n' >want
	same out want
}

for isa in $ISAS; do
	serve "$isa"
	load 8
	for to in $ISAS $ISAS; do
		test "$to" = "$isa" && test $isa != "$HOST_ISA" && continue
		move "$to"
		sleep 0.7
	done
	all_came_back "$isa"
done

# In one step, and nothing keeps away what the clients send in the meantime: a rule does that, which is gone
# afterwards. Clients that come meanwhile have to wait; nobody is reset.
rules=$(ip rule)
for isa in $ISAS; do
	serve "$isa"
	load 8
	rm -f come.stop
	run_there ./load come 10.77.0.1 >come.out 2>&1 &
	come=$!
	started="$started $come"
	for to in $ISAS $ISAS; do
		test "$to" = "$isa" && test $isa != "$HOST_ISA" && continue
		moved "$to"
		sleep 0.5
		test "$(ip rule)" = "$rules" || fail "a rule is left: $(ip rule)"
	done
	: >come.stop
	wait $come || fail "move from $isa: clients that come and go: $(cat come.out)"
	all_came_back "move from $isa"
done

# Where a timer of the kernel sends what waits, nothing is sent any more once the queues have been read.
serve "$HOST_ISA" 4000000
load 8
for i in 1 2 3 4 5 6 7 8 9 10; do
	moved "$HOST_ISA"
	sleep 0.2
done
all_came_back paced

# While there is only the snapshot the clients get no answer at all.
serve "$HOST_ISA"
load 4
"$HCC_MIGRATE" snapshot $pid -o snap.rule || fail "snapshot: $?"
test "$(ip rule | grep -c 'from 10.77.0.1 to 10.77.0.2 .*ipproto tcp sport 7777 .*blackhole')" = 4 ||
	fail "rules: $(ip rule)"
sleep 1
"$HCC_MIGRATE" restore snap.rule >>out 2>&1 &
pid=$!
started="$started $pid"
sleep 0.5
test "$(ip rule)" = "$rules" || fail "a rule is left: $(ip rule)"
all_came_back rule

# Whoever is killed: the connections are those of the process, or of its snapshot.
serve "$HOST_ISA"
load 4
is_alive()
{
	grep -q '^State:.*[RSDTt] (' /proc/$1/status 2>/dev/null
}
new_is_alive()
{
	test -s moved && is_alive "$(cat moved)"
}
# settle WHAT: until there is the old process, or the new one, or the snapshot; and nothing else
settle()
{
	tries=0
	while :; do
		if test -e snap.killed/snapshot; then
			is_alive $pid || new_is_alive || return 0
		elif is_alive $pid || new_is_alive; then
			return 0
		fi
		tries=$((tries + 1))
		test $tries -lt 150 || fail "$1: $(ls -d snap.killed* 2>&1), $(is_alive $pid && echo old) \
$(new_is_alive && echo new)"
		sleep 0.1
	done
}
for delay in 05 08 11 14 17 20 25 30 40; do
	rm -rf snap.killed* moved
	"$HCC_MIGRATE" move $pid --to snap.killed --pid-file moved >>out 2>/dev/null &
	mover=$!
	sleep 0.0$delay
	kill -9 $mover 2>/dev/null
	wait $mover 2>/dev/null
	sleep 0.5
	settle "killed after $delay ms"
	if is_alive $pid; then
		continue
	elif new_is_alive; then
		pid=$(cat moved)
	else
		"$HCC_MIGRATE" restore snap.killed >>out 2>&1 &
		pid=$!
		# The folder is removed next.
		tries=0
		until test "$(readlink /proc/$pid/exe)" = "$(readlink -f tcp)"; do
			tries=$((tries + 1))
			test $tries -lt 500 || fail "not restored after $delay ms: $(cat out)"
			sleep 0.02
		done
	fi
	started="$started $pid"
done
all_came_back "killed moves"
test "$(ip rule)" = "$rules" || fail "a rule is left: $(ip rule)"

# The server goes on after a snapshot, also when what takes it is killed.
serve "$HOST_ISA"
load 4
"$HCC_MIGRATE" snapshot $pid -o snap.kept --leave-running || fail "leave running: $?"
for delay in 1 2 3 4 5 6 7 8 9; do
	"$HCC_MIGRATE" snapshot $pid -o snap.killed --leave-running 2>/dev/null &
	taker=$!
	sleep 0.00$delay
	kill -9 $taker 2>/dev/null
	wait $taker 2>/dev/null
	rm -rf snap.killed*
done
all_came_back killed

# Without the privileges it is refused, and nothing is harmed.
if command -v setpriv >/dev/null; then
	serve "$HOST_ISA"
	load 1
	setpriv --bounding-set=-net_admin "$HCC_MIGRATE" snapshot $pid -o snap.refused 2>refused
	grep -q "process $pid: descriptor 5 is a TCP connection from 10.77.0.1:7777 to 10.77.0.2:" \
		refused || fail "refused: $(cat refused)"
	# If the user wants so, it is given up: the program finds it reset, whatever it does next.
	setpriv --bounding-set=-net_admin "$HCC_MIGRATE" snapshot $pid -o snap.closed \
		--close-connections || fail "close connections: $?"
	wait $pid
	"$HCC_MIGRATE" restore snap.closed 2>&1 | sed 's/^write:/read:/' >>out
	printf 'ready\nread: descriptor 5: Connection reset by peer\n' >want
	same out want
fi
exit 0
