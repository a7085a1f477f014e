# Helpers of the tests of snapshots, sourced by them. Not a test.
# A program under test prints lines, the first when it is about to poll; it goes on in whatever
# process `restore` starts. The whole output of all processes is one file.

set -u
HCC_MIGRATE=${HCC_MIGRATE:?}

# Whatever is still running when the test ends goes with it.
started=
trap 'for pid in $started; do kill -9 "$pid" 2>/dev/null; done' EXIT
trap 'exit 1' INT TERM

fail()
{
	echo "$*"
	exit 1
}

# run ISA PROGRAM [ARG...]: replace this shell by the program for that ISA.
run()
{
	isa=$1 program=$2
	shift 2
	if test "$isa" = "$HOST_ISA"; then
		exec "$program" "$@"
	fi
	eval "qemu=\$QEMU_$isa"
	exec "$qemu" "$program.$isa" "$@"
}

# Skip the test where an ISA cannot be run.
need_isas()
{
	for isa in $ISAS; do
		test "$isa" = "$HOST_ISA" && continue
		eval "qemu=\${QEMU_$isa-}"
		if test -z "$qemu" || ! command -v "$qemu" >/dev/null; then
			echo "# SKIP no qemu-$isa"
			exit 77
		fi
	done
}

# wait_lines FILE N: until the file has that many lines, for at most 20 seconds.
wait_lines()
{
	tries=0
	while test "$(wc -l <"$1")" -lt "$2"; do
		tries=$((tries + 1))
		test $tries -le 2000 || fail "$1 has $(wc -l <"$1") lines, expected $2"
		sleep 0.01
	done
}

# same FILE WANT: whole files are compared.
same()
{
	cmp -s "$1" "$2" || {
		diff "$2" "$1" | head -20
		fail "$1 differs from $2"
	}
}

# fails STATUS MESSAGE COMMAND...: exit status and all of stderr, nothing on stdout.
fails()
{
	want_status=$1 want=$2
	shift 2
	"$@" >fails.out 2>fails.err
	status=$?
	test $status = "$want_status" || fail "$*: exit status is $status, expected $want_status"
	printf '%s\n' "$want" >fails.want
	same fails.err fails.want
	test -s fails.out && fail "$*: prints to stdout"
	return 0
}
