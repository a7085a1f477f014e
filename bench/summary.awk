# Read result lines (bench/measure) and print what the reports are made of: a line for each quantity, fields
# separated by tabs, in the order in which they were first met:
#
#   ID CONFIG MEASURE N MEDIAN LOW HIGH BASE RATIO RATIO-LOW RATIO-HIGH
#
# LOW and HIGH are quartiles. BASE is the configuration that it is compared with, the ratio the median of
# the ratios round by round (of quantities that are measured once, the ratio); `-` where there is none.
# All is relative to clang's of the same id, but an emulated hcc's to the emulated clang's; sizes of clones
# and tables, and objects' too, to clang's text or objects.

function member(name,    at, rest) {
	at = index($0, "\"" name "\": ")
	if (!at)
		return ""
	rest = substr($0, at + length(name) + 4)
	if (substr(rest, 1, 1) == "\"")
		return substr(rest, 2, index(substr(rest, 2), "\"") - 1)
	match(rest, /^[-+.0-9a-zA-Z]+/)
	return substr(rest, 1, RLENGTH)
}

# Sort v[1..n] and leave the quartiles in low, middle, high: each the value at its place, between two of
# them in proportion.
function quartiles(v, n,    i, k, t) {
	for (i = 2; i <= n; i++) {
		t = v[i]
		for (k = i - 1; k >= 1 && v[k] > t; k--)
			v[k + 1] = v[k]
		v[k + 1] = t
	}
	low = quantile(v, n, 0.25)
	middle = quantile(v, n, 0.5)
	high = quantile(v, n, 0.75)
}

function quantile(v, n, q,    at, i) {
	at = 1 + (n - 1) * q
	i = int(at)
	return i >= n ? v[n] : v[i] + (at - i) * (v[i + 1] - v[i])
}

function base_config(config, measure) {
	if (config == "clang" || config == "clang-emulated" && measure != "short")
		return ""
	return config == "hcc-emulated" ? "clang-emulated" : "clang"
}

function base_measure(measure) {
	return measure == "clones" || measure == "table" || measure == "moves" ? "text" : measure
}

member("measure") != "" {
	key = member("id") SUBSEP member("config") SUBSEP member("measure")
	if (!(key in count))
		keys[++n_keys] = key
	count[key]++
	value[key, count[key]] = member("value") + 0
	round = member("round") + 0
	in_round[key, count[key]] = round
	of_round[key, round] = member("value") + 0
}

END {
	OFS = "\t"
	for (i = 1; i <= n_keys; i++) {
		key = keys[i]
		split(key, part, SUBSEP)
		n = count[key]
		for (k = 1; k <= n; k++)
			v[k] = value[key, k]
		quartiles(v, n)
		line = part[1] OFS part[2] OFS part[3] OFS n OFS middle OFS low OFS high
		base = base_config(part[2], part[3])
		from = part[1] SUBSEP base SUBSEP base_measure(part[3])
		n_ratios = 0
		for (k = 1; base != "" && k <= n; k++) {
			at = from SUBSEP in_round[key, k]
			if (at in of_round && of_round[at] > 0)
				v[++n_ratios] = value[key, k] / of_round[at]
		}
		if (n_ratios) {
			quartiles(v, n_ratios)
			print line, base, middle, low, high
		} else
			print line, "-", "-", "-", "-"
	}
}
