# Print the summary (summary.awk) as an SVG plot: a row for each run, run time relative to clang's on a
# logarithmic axis. Each kind has a colour and a shape of its own, the figures of hcc stand in a
# column, and the whole is described in words for those who do not see it. -v title= is its heading.

function x(ratio) {
	return sprintf("%.1f", left + log(ratio / first) / log(last / first) * width)
}

function text(at_x, at_y, anchor, class, words) {
	printf "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" class=\"%s\">%s</text>\n", at_x, at_y, anchor, class, words
}

# A mark of a kind at (px, py).
function mark(kind, px, py) {
	if (kind == "hcc")
		printf "<circle cx=\"%s\" cy=\"%s\" r=\"5\" class=\"hcc\"/>\n", px, py
	else if (kind == "v8")
		printf "<path d=\"M%s %sl5 9h-10z\" class=\"v8\"/>\n", px, py - 5
	else if (kind == "wasm2c")
		printf "<rect x=\"%s\" y=\"%s\" width=\"8\" height=\"8\" class=\"wasm2c\"/>\n", px - 4, py - 4
	else
		printf "<path d=\"M%s %sl6 6l-6 6l-6-6z\" class=\"emulated\"/>\n", px, py - 6
}

function note(id, kind, ratio, from, to) {
	if (ratio == "-" || ratio == "" || ratio <= 0)
		return
	value[id, kind] = ratio
	low[id, kind] = from
	high[id, kind] = to
	sum[kind] += log(ratio)
	number[kind]++
	if (!(id in row)) {
		row[id] = ++n_rows
		name[n_rows] = id
	}
}

BEGIN {
	FS = "\t"
	n_kinds = split("hcc v8 wasm2c emulated", kind, " ")
	meaning["hcc"] = "hcc"
	meaning["v8"] = "WebAssembly, V8"
	meaning["wasm2c"] = "WebAssembly, wasm2c and clang"
	meaning["emulated"] = "clang, emulated by qemu"
	left = 130; width = 600; top = 84; step = 22; first = 0.25; last = 64
}
$3 == "seconds" && $2 != "clang" { note($1, $2, $9, $10, $11) }
$3 == "short" && $2 == "clang-emulated" { note($1, "emulated", $9, $10, $11) }

END {
	bottom = top + n_rows * step
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 800 %d\" role=\"img\" aria-labelledby=\"t d\">\n", bottom + 40
	printf "<title id=\"t\">%s</title>\n<desc id=\"d\">Geometric means:", title
	for (k = 1; k <= n_kinds; k++)
		if (number[kind[k]])
			printf "%s %s %.2f", (k > 1 ? "," : ""), meaning[kind[k]], exp(sum[kind[k]] / number[kind[k]])
	print ". Lower is faster; 1 is clang -O2. Each row's figures are in the table of the same run.</desc>"
	print "<style>text{font:12px sans-serif;fill:#222}.head{font-weight:bold;font-size:14px}.axis{fill:#555}" \
		".grid{stroke:#ddd}.one{stroke:#222}.hcc{fill:#0b4f9e;stroke:#0b4f9e}.v8{fill:#d55e00}" \
		".wasm2c{fill:#00815a}.emulated{fill:none;stroke:#777;stroke-width:2}</style>"
	printf "<rect width=\"800\" height=\"%d\" fill=\"#fff\"/>\n", bottom + 40
	text(10, 22, "start", "head", title)
	at = 16
	for (k = 1; k <= n_kinds; k++) {
		if (!number[kind[k]])
			continue
		mark(kind[k], at, 46)
		text(at + 10, 50, "start", "", meaning[kind[k]])
		at += 34 + 6.4 * length(meaning[kind[k]])
	}
	text(790, top - 10, "end", "axis", "hcc")
	for (r = first; r <= last; r *= 2) {
		printf "<line x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\" class=\"%s\"/>\n", x(r), x(r), top - 6, bottom,
			r == 1 ? "one" : "grid"
		text(x(r), top - 10, "middle", "axis", r)
	}
	text(left + width / 2, bottom + 24, "middle", "axis", "run time / clang -O2 (logarithmic; lower is faster)")
	for (i = 1; i <= n_rows; i++) {
		y = top + (i - 0.5) * step
		text(left - 12, y + 4, "end", "", name[i])
		for (k = n_kinds; k; k--) {
			if (!((name[i], kind[k]) in value))
				continue
			v = value[name[i], kind[k]]
			if (kind[k] == "hcc") {
				printf "<line x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\" class=\"hcc\"/>\n",
					x(low[name[i], "hcc"]), x(high[name[i], "hcc"]), y, y
				text(790, y + 4, "end", "", sprintf("%.2f", v))
			}
			mark(kind[k], x(v < first ? first : v > last ? last : v), y)
		}
	}
	print "</svg>"
}
