#!/bin/sh
# The reports of a canned file of results: medians, ratios round by round, means, a plot that is XML.
cat >r.jsonl <<'END'
{"about": {"command": "bench/run", "date": "2026-01-02", "host": "x86_64", "other": "aarch64", "processor": "P", "processors": "2", "clang": "clang 19"}}
{"id": "lua/fib", "config": "clang", "measure": "seconds", "round": 1, "value": 1.0}
{"id": "lua/fib", "config": "hcc", "measure": "seconds", "round": 1, "value": 1.1}
{"id": "lua/fib", "config": "hcc", "measure": "seconds", "round": 2, "value": 2.4}
{"id": "lua/fib", "config": "clang", "measure": "seconds", "round": 2, "value": 2.0}
{"id": "lua/fib", "config": "hcc", "measure": "seconds", "round": 3, "value": 1.5}
{"id": "lua/fib", "config": "clang", "measure": "seconds", "round": 3, "value": 1.0}
{"id": "lua/fib", "config": "v8", "measure": "seconds", "round": 2, "value": 6.0}
{"id": "cg", "config": "clang", "measure": "seconds", "round": 1, "value": 0.5}
{"id": "cg", "config": "hcc", "measure": "seconds", "round": 1, "value": 0.4}
{"id": "cg", "config": "clang", "measure": "short", "round": 1, "value": 0.1}
{"id": "cg", "config": "clang-emulated", "measure": "short", "round": 1, "value": 2.0}
{"id": "cg", "config": "hcc-emulated", "measure": "short", "round": 1, "value": 2.1}
{"id": "cg", "config": "clang", "measure": "instructions", "round": 0, "value": 1000}
{"id": "cg", "config": "hcc", "measure": "instructions", "round": 0, "value": 1100}
{"id": "lua", "config": "clang", "measure": "text", "round": 0, "value": 1000}
{"id": "lua", "config": "hcc", "measure": "text", "round": 0, "value": 1300}
{"id": "lua", "config": "hcc", "measure": "clones", "round": 0, "value": 500}
{"id": "lua", "config": "hcc", "measure": "moves", "round": 0, "value": 150}
END
"$SRC/bench/report" r.jsonl >table || exit 1
status=0

# expect FILE PATTERN
expect()
{
	grep -qE "$2" "$1" && return
	echo "no '$2' in $1:"
	cat "$1"
	status=1
}

# Ratios of the rounds 1.1, 1.2 and 1.5; a sorted row of medians would give 1.5.
expect table '^  lua/fib +1\.000 +1\.200 +1\.15-1\.35 +3\.000 +-$'
expect table '^  geometric mean +0\.980 '
expect table '^  highest +1\.200 +3\.000'
expect table '^  cg +2\.000 +2\.100 +1\.050 +1\.05-1\.05 +20\.0$'
expect table '^  cg +1000 +1100 +1\.100'
expect table '^  lua +1000 +1\.30 +0\.15 +0\.50 +'
expect r.json '"id": "lua/fib", "config": "hcc", "measure": "seconds", "n": 3, "median": 1\.5, .*"base": "clang", "ratio": 1\.2,'
expect r.json '"date": "2026-01-02"'
expect r.svg '<desc id="d">Geometric means: hcc 0\.98, WebAssembly, V8 3\.00, clang, emulated by qemu 20\.00'
expect r.svg '>1\.20</text>'
test "$(grep -o '<circle' r.svg | wc -l)" = 3 || { echo "not a mark of hcc's a row and one in the legend"; status=1; }
if command -v xmllint >/dev/null; then xmllint --noout r.svg || status=1; fi
if command -v node >/dev/null; then
	node -e 'JSON.parse(require("fs").readFileSync("r.json"))' || status=1
fi
exit $status
