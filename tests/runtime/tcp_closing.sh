#!/bin/sh
# timeout: 240
# TCP connections that are being made, are closed on one side or both, or are over, move with the process: in
# each state, with what is in their queues, and with the place of their ends. The peer is in a network namespace
# of its own. What the process sends goes astray while it moves: so its states last.
. "$SRC/tests/runtime/network"
need_isas

"$HCC" -O2 -o closing "$SRC/tests/runtime/lib_closing.c" || exit 1
"$CLANG" -O2 -o answer "$SRC/tests/runtime/lib_closing.c" || exit 1

# What goes there: to the peer, or astray; at: where the process is.
at=
to_peer()
{
	$at ip neigh replace 10.77.0.2 lladdr "$1" dev v0 nud permanent
	$at ip neigh replace fd77::2 lladdr "$1" dev v0 nud permanent
}
over_there ip neigh replace 10.77.0.1 lladdr "$here" dev v1 nud permanent
over_there ip neigh replace fd77::1 lladdr "$here" dev v1 nud permanent
rules=$(ip rule; ip -6 rule)

# begin ISA ADDRESS: sets pid
begin()
{
	rm -rf out answers cut closed end look.* snap.*
	to_peer "$peer"
	: >out
	: >answers
	run_there ./answer answer "$2" >answers 2>&1 &
	answer=$!
	started="$started $answer"
	wait_lines answers 1
	test "$(cat answers)" = listening || fail "the peer: $(cat answers)"
	(run "$1" ./closing move "$2" >out 2>&1) &
	pid=$!
	started="$started $pid"
	wait_lines out 1
	to_peer 02:00:00:00:00:77
	: >cut
	wait_lines out 2
	printf 'open\n0 %s\n' "$states" >want
	same out want
	n=0
}

# look STATES
look()
{
	n=$((n + 1))
	echo "$n $1" >>want
	: >look.$n
	wait_lines out $((n + 2))
	same out want
	test "$(ip rule; ip -6 rule)" = "$rules" || fail "a rule is left: $(ip rule; ip -6 rule)"
}

# restored ISA [COMMAND...]: by way of a snapshot, restored with a command
restored()
{
	isa=$1
	shift
	"$HCC_MIGRATE" snapshot $pid -o snap.$n || fail "snapshot: $?"
	wait $pid 2>/dev/null
	sleep 0.3
	"$@" "$HCC_MIGRATE" restore snap.$n --isa "$isa" >>out 2>&1 &
	pid=$!
	started="$started $pid"
}

# complete NAME
complete()
{
	to_peer "$peer"
	: >end
	tries=0
	until test "$(tail -n 1 out)" = over || test $tries -gt 4000; do
		tries=$((tries + 1))
		sleep 0.01
	done
	n_k=$(sed -n 's/^k //p' out)
	printf '%s\n' w f q x "k $n_k" e h s r b over >>want
	same out want
	wait $answer
	sort answers >answers.sorted
	printf '%s\n' 'answered 0' 'c 5000' "k $n_k" 'l 5000' listening >answers.want
	same answers.sorted answers.want
}

states="w=8 f=5 q=4 x=4 l=9 c=11 k=11 e=7 h=1 s=2 r=2 b=2"
# The FIN that waits behind other data comes after the peer's: so it is a LAST_ACK.
later="w=8 f=5 q=4 x=4 l=9 c=11 k=9 e=7 h=1 s=2 r=2 b=2"
# Of a peer's FIN that cannot be given only its place is known.
counted="w=1 f=4 q=4 x=4 l=4 c=4 k=4 e=7 h=1 s=2 r=2 b=2"

for isa in $ISAS; do
	case $isa in
	"$HOST_ISA") address=10.77.0.2 ;;
	*) address=fd77::2 ;;
	esac
	begin "$isa" "$address"
	for to in $ISAS $ISAS; do
		test "$to" = "$isa" && test $isa != "$HOST_ISA" && continue
		moved "$to"
		look "$later"
		restored "$to"
		look "$later"
	done
	complete "$isa"
done

# It goes on with them after a snapshot. Without the privileges it is refused, and nothing is harmed.
begin "$HOST_ISA" 10.77.0.2
"$HCC_MIGRATE" snapshot $pid -o snap.kept --leave-running || fail "leave running: $?"
look "$states"
if command -v setpriv >/dev/null; then
	setpriv --bounding-set=-net_admin "$HCC_MIGRATE" snapshot $pid -o snap.refused --timeout 0.3 2>refused &&
		fail "not refused"
	grep -q "descriptor [0-9]* is a TCP connection that is being made or closed from 10.77.0.1:" refused ||
		fail "refused: $(cat refused)"
	look "$states"
	complete refused

	# By another family of address; and where no segment can be given to a socket.
	begin "$HOST_ISA" ::ffff:10.77.0.2
	moved "$HOST_ISA"
	look "$later"
	restored "$HOST_ISA" setpriv --bounding-set=-net_raw
	look "$counted"
	moved "$HOST_ISA"
	look "$counted"
fi
complete counted

# A thread waits for a connection, which comes about between the request and the snapshot: it is one that has been
# made. The process is stopped meanwhile, so that it finds the request and the connection at the same time.
run_there ./answer answer 10.77.0.2 >answers 2>&1 &
answer=$!
started="$started $answer"
wait_lines answers 1
for isa in $ISAS; do
	to_peer 02:00:00:00:00:77
	: >out
	(run "$isa" ./closing wait 10.77.0.2 >out 2>&1) &
	pid=$!
	started="$started $pid"
	wait_lines out 1
	sleep 0.3
	kill -STOP $pid
	to_peer "$peer"
	tries=0
	until ss -tn state established 2>/dev/null | grep -q 10.77.0.2:7778; do
		tries=$((tries + 1))
		test $tries -lt 500 || fail "no connection while stopped"
		sleep 0.01
	done
	"$HCC_MIGRATE" move $pid --to snap.stopped --isa "$HOST_ISA" --pid-file moved >>out 2>&1 &
	mover=$!
	sleep 0.3
	kill -CONT $pid
	wait $mover || fail "stopped: $(cat out)"
	wait $pid 2>/dev/null
	started="$started $(cat moved)"
	wait_lines out 2
	printf 'waiting\n0 0, state 1\n' >want
	same out want
done

kill $answer
wait $answer 2>/dev/null

# At another machine, which knows nothing of the connections: the address moves there.
begin "$HOST_ISA" 10.77.0.2
"$HCC_MIGRATE" snapshot $pid -o snap.far || fail "snapshot: $?"
wait $pid 2>/dev/null
test "$(ip rule | grep -c 'from 10.77.0.1 to 10.77.0.2 .* blackhole')" = 11 || fail "rules: $(ip rule)"
unshare -n sleep 230 &
far=$!
started="$started $far"
has_own_network $far
at="nsenter -t $far -n"
ip link set v0 netns $far
$at ip link set lo up
$at ip addr add 10.77.0.1/24 dev v0
$at ip addr add fd77::1/64 dev v0 nodad
$at ip link set v0 up
to_peer 02:00:00:00:00:77
rules=$(ip rule; ip -6 rule)
far_rules=$($at ip rule)
$at "$HCC_MIGRATE" restore snap.far >>out 2>&1 &
pid=$!
started="$started $pid"
look "$later"
test "$($at ip rule)" = "$far_rules" || fail "a rule is there: $($at ip rule)"
complete far
exit 0
