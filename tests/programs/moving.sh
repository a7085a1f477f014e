# Shell functions to run a program of hcc's and to move it. Sourced by tests; the current folder is
# the caller's own. A run's standard output and error are gathered in the files out and err.
#
#   launch ISA APP ARG...   start APP (APP.ISA under its emulator when foreign); sets pid
#   hop ISA                 move it to ISA; sets pid; 0 moved, 1 it had ended before, 2 failed (in hop.log)
#   ended                   whether pid has ended
#   finish SECONDS          wait for its end; sets status, "hang" when it did not end in time
#   next_isa ISA            print the ISA after ISA in $ISAS

n_hops=0
pid=
stats=
trap 'test -z "$pid" || kill -9 "$pid" 2>/dev/null' EXIT
trap 'exit 1' HUP INT TERM

# The emulator of ISA, empty for the host's own; fails when there is none.
emulator()
{
	test "$1" != "$HOST_ISA" || return 0
	eval "emulator_=\${QEMU_$1-}"
	test -n "$emulator_" && command -v "$emulator_"
}

# Leave with a skip unless every ISA can be run here.
need_every_isa()
{
	for isa_ in $ISAS; do
		if ! emulator "$isa_" >/dev/null; then
			echo "# SKIP no qemu for $isa_"
			exit 77
		fi
	done
}

launch()
{
	launch_isa=$1 launch_app=$2
	shift 2
	: >out
	: >err
	if test "$launch_isa" = "$HOST_ISA"; then
		"$launch_app" "$@" </dev/null >>out 2>>err &
	else
		"$(emulator "$launch_isa")" "$launch_app.$launch_isa" "$@" </dev/null >>out 2>>err &
	fi
	pid=$!
	settle
}

ended()
{
	read -r stat_ 2>/dev/null <"/proc/$pid/stat" || return 0
	case $stat_ in
	*") Z "*) return 0 ;;
	esac
	return 1
}

# Wait until the runtime of pid can be asked to move: until it catches the signal of a request (34;
# 36 as seen from outside of qemu).
settle()
{
	for try_ in 1 2 3 4 5 6 7 8 9 10 20 30 40 50 60 70 80 90; do
		mask_=$(sed -n 's/^SigCgt:[^0-9a-f]*......//p' "/proc/$pid/status" 2>/dev/null)
		test -n "$mask_" || return 0
		test $((0x$mask_ >> 33 & 5)) -eq 0 || return 0
		sleep "0.0$try_"
	done
}

hop()
{
	n_hops=$((n_hops + 1))
	"$HCC_MIGRATE" snapshot "$pid" -o "snap.$n_hops" --timeout 60 ${stats:+--stats "$stats"} \
		>hop.log 2>&1
	hop_status=$?
	if test $hop_status -ne 0; then
		if ended; then return 1; fi
		echo "snapshot: status $hop_status" >>hop.log
		return 2
	fi
	if test -s hop.log; then return 2; fi
	wait "$pid"
	hop_status=$?
	pid=
	if test $hop_status -ne 137; then
		echo "the source ended with status $hop_status after its snapshot" >>hop.log
		return 2
	fi
	"$HCC_MIGRATE" restore "snap.$n_hops" --isa "$1" ${stats:+--stats "$stats"} \
		</dev/null >>out 2>>err &
	pid=$!
	settle
	rm -rf "snap.$((n_hops - 1))"
	return 0
}

finish()
{
	waited_=0
	until ended; do
		if test "$waited_" -ge $(($1 * 20)); then
			kill -9 "$pid"
			wait "$pid" 2>/dev/null
			pid=
			status=hang
			return
		fi
		sleep 0.05
		waited_=$((waited_ + 1))
	done
	wait "$pid"
	status=$?
	pid=
}

next_isa()
{
	first_= found_=
	for isa_ in $ISAS; do
		test -n "$first_" || first_=$isa_
		if test -n "$found_"; then
			echo "$isa_"
			return
		fi
		test "$isa_" != "$1" || found_=1
	done
	echo "$first_"
}
