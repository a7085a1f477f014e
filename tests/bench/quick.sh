#!/bin/sh
# bench/run --quick of one kernel builds, measures and reports it.
command -v valgrind >/dev/null || echo "no valgrind" >without
"$SRC/bench/run" --quick --pairs 1 --only ep --output "$PWD/ep.jsonl" >table 2>errors || {
	cat table errors
	exit 1
}
for measure in seconds instructions text clones table compile; do
	test $measure != instructions || test ! -f without || continue
	grep -q "\"id\": \"ep\", \"config\": \"hcc\", \"measure\": \"$measure\", \"round\": [01], \"value\": [0-9.]*}" \
		ep.jsonl || { echo "no $measure:"; cat ep.jsonl; }
done
grep -qE '^  ep +[0-9.]+ +[0-9.]+' table && test -s ep.json && test -s ep.svg || cat table
"$SRC/bench/run" --only nothing >out 2>&1 && echo "no error for a program that is not there"
grep -q "^bench: error: no program 'nothing'" out || cat out
