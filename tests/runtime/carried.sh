#!/bin/sh
# An executable carries those of the other ISAs: where `install` has copied only the one file, or it has
# been stripped, the program moves to each ISA and back all the same.
. "$SRC/tests/runtime/common"
need_isas
other=$(for isa in $ISAS; do test "$isa" = "$HOST_ISA" || echo "$isa"; done | tail -n 1)

# Until the process says that its frames stand.
wait_started()
{
	tries=0
	until grep -q '^restored ' stats 2>/dev/null; do
		tries=$((tries + 1))
		test $tries -le 1000 || fail "not restored: $(cat err)"
		sleep 0.02
	done
	rm stats
}

# move_both FOLDER: start FOLDER/app, and move it to the other ISA and back
move_both()
{
	: >out
	(exec "$1/app" >out 2>err </dev/null) &
	pid=$!
	started="$started $pid"
	wait_lines out 1
	for isa in "$other" "$HOST_ISA"; do
		rm -rf snap
		"$HCC_MIGRATE" snapshot $pid -o snap || fail "$1: no snapshot before $isa: $(cat err)"
		wait $pid 2>/dev/null
		"$HCC_MIGRATE" restore snap --isa "$isa" --stats stats >>out 2>err </dev/null &
		pid=$!
		started="$started $pid"
		n_lines=$(wc -l <out)
		wait_started
		kill -USR1 $pid || fail "$1: not running on $isa: $(cat err)"
		wait_lines out $((n_lines + 1))
	done
	kill $pid
	wait $pid 2>/dev/null
	test "$(cat out)" = "$(printf 'ready\nstill\nstill')" || fail "$1: $(cat out)"
}

if test "${1-}" = unprivileged; then
	XDG_CACHE_HOME=$PWD/cache HOME=/nowhere
	export XDG_CACHE_HOME HOME
	move_both "$PWD/../readonly"
	exit
fi

cat >app.c <<'END'
#include <signal.h>
#include <unistd.h>
int n, stop;
volatile sig_atomic_t asked;
static void ask(int signal) { (void)signal; asked = 1; }
int main(void)
{
	signal(SIGUSR1, ask);
	write(1, "ready\n", 6);
	while (!*(volatile int *)&stop) {
		n++;
		if (asked) {
			asked = 0;
			write(1, "still\n", 6);
		}
	}
}
END
"$HCC" -O2 -o app app.c || exit 1
test -x "app.$other" || fail "no app.$other beside it"
"$HCC_MIGRATE" extract app --isa "$other" -o got && cmp got "app.$other" && test -x got ||
	fail "what app carries is not app.$other"
rm -f got
fails 1 "hcc-migrate: error: app.$other: carries no executable for $HOST_ISA" \
	"$HCC_MIGRATE" extract "app.$other" --isa "$HOST_ISA" -o got
fails 2 "hcc-migrate: error: extract: no --isa ISA" "$HCC_MIGRATE" extract app -o got
test ! -e got || fail "extract wrote something all the same"
"$HCC" -O2 -fno-hcc-embed -o bare app.c || exit 1
fails 1 "hcc-migrate: error: bare: carries no executable for $other" \
	"$HCC_MIGRATE" extract bare --isa "$other" -o got

mkdir installed stripped readonly
install -m 755 app installed/app && move_both "$PWD/installed" || exit 1
cmp installed/app."$other" app."$other" || fail "installed/app.$other"
strip -o stripped/app app && move_both "$PWD/stripped" || exit 1

# Where nothing can be written beside it, it is the user's cache.
install -m 755 app readonly/app
if test "$(id -u)" = 0; then
	user="setpriv --reuid 65534 --regid 65534 --clear-groups"
	mkdir work && chmod 777 work
else
	user=env
	mkdir work
fi
chmod 555 readonly
if $user test -x "$HCC_MIGRATE" && $user test -w work; then
	(cd work && $user sh "$0" unprivileged) || exit 1
	test ! -e "readonly/app.$other" && test -x "$(echo work/cache/hcc/*/"app.$other")" ||
		fail "not in the cache: $(find work readonly)"
fi
chmod 755 readonly
