#!/bin/sh
# timeout: 120
# An interestingness test, for creduce, cvise or by hand: 0 when hcc's result differs from clang's
# while the program is well defined, so that it is hcc that is wrong.
#
#   TORTURE_OPTS='-O2 -g' TORTURE_ISA=aarch64 TORTURE_ENV='HCC_SCORCH=1 HCC_MOVE_EVERY=1' \
#           creduce .../tests/torture/interesting.sh program.c
#
#   TORTURE_SOURCE   the program, in the current folder (default program.c)
#   TORTURE_OPTS     hcc's options (default -O2); as a failing line of random's names them
#   TORTURE_ISA      the ISA it goes wrong on (default: any)
#   TORTURE_ENV      switches of the runtime for the run
#   TORTURE_CHAIN    a chain of so many moves from TORTURE_ISA or the host's, instead
#   TORTURE_LOG      what hcc must say, when it is hcc that fails (a pattern of grep's)
#
# Well defined: clang -O0, -O2, -O1 with -fsanitize=undefined and with -fsanitize=address agree with
# clang -O1, and clang and gcc are not warned of what makes C undefined (uninitialised, no return, ...).
# With no arguments from tests/run, it tests itself.
set -u
here=$(cd "$(dirname "$0")" && pwd)
is_test=${SRC+1}
SRC=${SRC-$(cd "$here/../.." && pwd)}
BUILD=${BUILD-$SRC/build}
. "$SRC/tests/environment"
. "$here/common"

# is_interesting: of program in the current folder
is_interesting()
{
	source=${TORTURE_SOURCE:-program.c}
	options=${TORTURE_OPTS:--O2}
	# What clang warns of is cheap to ask and rules most reductions out.
	# shellcheck disable=SC2086
	"$CLANG" -fsyntax-only -O1 $INCLUDES -Wno-everything -Werror=return-type -Werror=uninitialized \
		-Werror=implicit-function-declaration -Werror=implicit-int -Werror=incompatible-pointer-types \
		-Werror=int-conversion -Werror=format "$source" 2>/dev/null || return 1
	native "$source" || return 1
	# shellcheck disable=SC2086
	if ! build "$source" $options; then
		test -n "${TORTURE_LOG-}" && grep -q -- "$TORTURE_LOG" hcc.log
		return
	fi
	test -z "${TORTURE_LOG-}" || return 1
	if test -n "${TORTURE_CHAIN-}"; then
		polls
		! chain "${TORTURE_ISA:-$HOST_ISA}" "$TORTURE_CHAIN" || return 1
	else
		differs=
		for isa in ${TORTURE_ISA:-$ISAS}; do
			# shellcheck disable=SC2086
			run "$isa" ${TORTURE_ENV-} || differs=1
		done
		test -n "$differs" || return 1
	fi
	defined "$source"
}

# A reducer calls it without arguments where the program is; tests/run where there is none.
if test -z "$is_test" || test -e "${TORTURE_SOURCE:-program.c}"; then
	is_interesting
	exit
fi

# A compiler that is wrong about one macro.
cat >wrong <<END
#!/bin/sh
exec "$HCC" -DWRONG "\$@"
END
chmod +x wrong
cat >program.c <<'END'
#include <stdio.h>
int main(void)
{
	int sum = 0, some[4] = {1, 2, 3};
	for (int i = 0; i < 4; i++)
		sum += some[i];
#ifdef WRONG
	sum++;
#endif
#ifdef UNDEFINED
	sum += some[sum / 2 + 1];
#endif
	printf("%d\n", sum);
	return 0;
}
END
! is_interesting || { echo "interesting though hcc is right"; exit 1; }
HCC=$PWD/wrong
is_interesting || { echo "not interesting though hcc is wrong: $why"; exit 1; }
TORTURE_ISA=aarch64
is_interesting || { echo "not interesting on aarch64: $why"; exit 1; }
sed 's/WRONG/UNDEFINED/; s/some\[4\] = /some[] = /' program.c >undefined.c
TORTURE_SOURCE=undefined.c
! is_interesting || { echo "interesting though the program is undefined"; exit 1; }
