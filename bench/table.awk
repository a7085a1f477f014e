# Print the summary (summary.awk) as tables. hcc's host and other ISA are named by -v host= -v other=.

function get(id, config, measure, what) {
	return ((id, config, measure) in what) ? what[id, config, measure] : ""
}

function number(format, width, value) {
	return value == "" || value == "-" || value == 0 ? sprintf("%" width "s", "-") : sprintf(format, value)
}

function ratio(id, config, measure) {
	return number("%8.3f", 8, get(id, config, measure, ratios))
}

# Geometric means and worst of the ratios of a measure.
function mean(config, measure,    i, sum, n, r) {
	worst = 0
	for (i = 1; i <= n_ids; i++) {
		r = get(ids[i], config, measure, ratios)
		if (r == "" || r == "-" || r <= 0)
			continue
		sum += log(r)
		n++
		if (r > worst)
			worst = r
	}
	return n ? exp(sum / n) : ""
}

function any(config, measure) {
	return (config, measure) in present
}

BEGIN { FS = "\t" }
{
	if (!($1 in known)) {
		known[$1] = 1
		ids[++n_ids] = $1
	}
	median[$1, $2, $3] = $5
	ratios[$1, $2, $3] = $9
	spread[$1, $2, $3] = $10 == "-" ? "" : sprintf("%.2f-%.2f", $10, $11)
	present[$2, $3] = 1
}

function times(    i, id) {
	printf "Run time on %s: processor seconds by clang -O2, and ratios to it (medians of rounds; hcc's quartiles)\n", host
	printf "  %-14s %8s %8s %11s %8s %8s\n", "", "clang s", "hcc", "", "v8", "wasm2c"
	for (i = 1; i <= n_ids; i++) {
		id = ids[i]
		if (get(id, "clang", "seconds", median) == "")
			continue
		printf "  %-14s %8.3f %s %11s %s %s\n", id, get(id, "clang", "seconds", median),
			ratio(id, "hcc", "seconds"), get(id, "hcc", "seconds", spread),
			ratio(id, "v8", "seconds"), ratio(id, "wasm2c", "seconds")
	}
	summary_line("geometric mean", 8, mean("hcc", "seconds"), mean("v8", "seconds"), mean("wasm2c", "seconds"))
	mean("hcc", "seconds"); a = worst; mean("v8", "seconds"); b = worst; mean("wasm2c", "seconds")
	summary_line("highest", 8, a, b, worst)
}

function summary_line(name, width, a, b, c) {
	printf "  %-14s %8s %s %11s %s %s\n", name, "", number("%8.3f", 8, a), "", number("%8.3f", 8, b),
		number("%8.3f", 8, c)
}

function instructions(    i, id) {
	both = any("hcc-emulated", "instructions")
	printf "\nInstructions of a smaller run: callgrind's%s\n", both ? "; " other "'s by qemu" : ""
	printf "  %-14s %12s %12s %8s", "", "clang " host, "hcc", "ratio"
	if (both)
		printf " %14s %12s %8s", "clang " other, "hcc", "ratio"
	print ""
	for (i = 1; i <= n_ids; i++) {
		id = ids[i]
		if (get(id, "clang", "instructions", median) == "" &&
		    get(id, "clang-emulated", "instructions", median) == "")
			continue
		printf "  %-14s %s %s %s", id, number("%12d", 12, get(id, "clang", "instructions", median)),
			number("%12d", 12, get(id, "hcc", "instructions", median)), ratio(id, "hcc", "instructions")
		if (both)
			printf " %s %s %s", number("%14d", 14, get(id, "clang-emulated", "instructions", median)),
				number("%12d", 12, get(id, "hcc-emulated", "instructions", median)),
				ratio(id, "hcc-emulated", "instructions")
		print ""
	}
	a = mean("hcc", "instructions"); b = worst
	c = mean("hcc-emulated", "instructions")
	printf "  %-14s %12s %12s %s %14s %12s %s\n", "geometric mean", "", "", number("%8.3f", 8, a), "", "",
		number("%8.3f", 8, c)
	printf "  %-14s %12s %12s %s %14s %12s %s\n", "highest", "", "", number("%8.3f", 8, b), "", "",
		number("%8.3f", 8, worst)
}

function emulated(    i, id) {
	printf "\n%s by qemu-user on %s, shorter runs: processor seconds\n", other, host
	printf "  %-14s %10s %10s %10s %11s %22s\n", "", "clang s", "hcc s", "hcc/clang", "", "emulated/native clang"
	for (i = 1; i <= n_ids; i++) {
		id = ids[i]
		if (get(id, "clang-emulated", "short", median) == "")
			continue
		printf "  %-14s %10.3f %10.3f   %s %11s %22s\n", id, get(id, "clang-emulated", "short", median),
			get(id, "hcc-emulated", "short", median), ratio(id, "hcc-emulated", "short"),
			get(id, "hcc-emulated", "short", spread), number("%22.1f", 22,
			get(id, "clang-emulated", "short", ratios))
	}
	a = mean("hcc-emulated", "short"); b = worst
	printf "  %-14s %10s %10s   %s %11s %s\n", "geometric mean", "", "", number("%8.3f", 8, a), "",
		number("%22.1f", 22, mean("clang-emulated", "short"))
	printf "  %-14s %10s %10s   %s %11s %s\n", "highest", "", "", number("%8.3f", 8, b), "",
		number("%22.1f", 22, worst)
}

function sizes(    i, id) {
	printf "\nSizes on %s: clang's text in bytes; hcc's text, what of it runs only in moves, clones and table of it.\nFirst executables (small programs" \
		" are mostly libc and runtime, and not in the means), then the program's own objects\n", host
	printf "  %-14s %10s %8s %8s %8s %8s %10s %8s\n", "", "clang text", "text", "(moves)", "clones", "table",
		"objects", "text"
	for (i = 1; i <= n_ids; i++) {
		id = ids[i]
		if (get(id, "clang", "text", median) == "" || get(id, "hcc", "text", median) == "")
			continue
		printf "  %-14s %10d %8.2f %8.2f %8.2f %8.2f %10d %8.2f\n", id,
			get(id, "clang", "text", median), get(id, "hcc", "text", ratios),
			get(id, "hcc", "moves", ratios), get(id, "hcc", "clones", ratios),
			get(id, "hcc", "table", ratios), get(id, "clang", "objects", median),
			get(id, "hcc", "objects", ratios)
		if (get(id, "clang", "objects", median) < get(id, "clang", "text", median) / 2)
			delete ratios[id, "hcc", "text"]
	}
	for (i = 1; i <= n_ids; i++)
		if (!((ids[i], "hcc", "text") in ratios)) {
			delete ratios[ids[i], "hcc", "clones"]
			delete ratios[ids[i], "hcc", "table"]
		}
	printf "  %-14s %10s %s %8s %s %s %10s %s\n", "geometric mean", "",
		number("%8.2f", 8, mean("hcc", "text")), "",
		number("%8.2f", 8, mean("hcc", "clones")), number("%8.2f", 8, mean("hcc", "table")), "",
		number("%8.2f", 8, mean("hcc", "objects"))
}

function compile_times(    i, id) {
	printf "\nProcessor seconds to compile and link: clang's for %s, hcc's for all ISAs\n", host
	printf "  %-14s %10s %10s %8s %10s %10s\n", "", "clang", "hcc", "ratio", "clang link", "hcc link"
	for (i = 1; i <= n_ids; i++) {
		id = ids[i]
		if (get(id, "clang", "compile", median) == "" || get(id, "hcc", "compile", median) == "")
			continue
		printf "  %-14s %10.2f %10.2f %8.2f %10.2f %10.2f\n", id, get(id, "clang", "compile", median),
			get(id, "hcc", "compile", median), get(id, "hcc", "compile", ratios),
			get(id, "clang", "link", median), get(id, "hcc", "link", median)
	}
}

function idle(    i, id) {
	printf "\nResident memory of an idle process, KiB\n"
	printf "  %-14s %10s %10s %8s\n", "", "clang", "hcc", "ratio"
	for (i = 1; i <= n_ids; i++) {
		id = ids[i]
		if (get(id, "clang", "idle", median) == "" || get(id, "hcc", "idle", median) == "")
			continue
		printf "  %-14s %10d %10d %s\n", id, get(id, "clang", "idle", median),
			get(id, "hcc", "idle", median), ratio(id, "hcc", "idle")
	}
}

END {
	if (any("clang", "seconds")) times()
	if (any("clang", "instructions") || any("clang-emulated", "instructions")) instructions()
	if (any("hcc-emulated", "short")) emulated()
	if (any("hcc", "text")) sizes()
	if (any("hcc", "compile")) compile_times()
	if (any("hcc", "idle")) idle()
}
