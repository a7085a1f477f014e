#!/bin/sh
# timeout: 240
# A unit that cannot be allocated with the values of its records in registers is compiled with them in
# memory (hcc-cc1 --in-memory): such code can be moved as any other.
set -u
mkdir -p tree/bin tree/libexec/hcc
cp "$HCC" "$BUILD/bin/hcc-verify" tree/bin/
ln -s "$BUILD/lib" tree/lib
for program in hcc-ld hcc-fat; do
	ln -s "$BUILD/libexec/hcc/$program" "tree/libexec/hcc/$program"
done
cat >tree/libexec/hcc/hcc-cc1 <<END
#!/bin/sh
exec "$BUILD/libexec/hcc/hcc-cc1" "\$@" --in-memory
END
chmod +x tree/libexec/hcc/hcc-cc1
HCC=$(pwd)/tree/bin/hcc HCC_TEST_LEVELS=-O2
export HCC HCC_TEST_LEVELS
for case in many_live vectors int128; do
	mkdir "$case"
	(cd "$case" && "$SRC/tests/programs/c/each" "$SRC/tests/programs/c/$case.c") || exit 1
done
