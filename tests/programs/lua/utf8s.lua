-- The utf8 library, and text in many scripts taken apart and put together.
-- full: 1800
local rounds = tonumber(arg and arg[1]) or 100

local samples = {
	"plain ascii", "Grüße, Jürgen", "Ελληνικά κείμενα", "русский текст", "日本語のテキスト", "한국어", "עברית",
	"emoji 😀🎉🚀 end", "mixed é日😀x", "", "\u{7FFFFFFF}\u{10FFFF}\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}",
}

local function library()
	print(#utf8.charpattern, utf8.char(), utf8.char(72, 228, 8364, 128512))
	for _, s in ipairs(samples) do
		local lax = s:find("\u{7FFFFFFF}", 1, true) ~= nil
		print(#s, utf8.len(s, 1, -1, lax))
		local codes = {}
		for p, c in utf8.codes(s, lax) do codes[#codes + 1] = p .. ":" .. ("%x"):format(c) end
		print(table.concat(codes, " "))
		print(utf8.offset(s, 3), utf8.offset(s, -1), utf8.offset(s, 0, math.max(1, #s - 1)))
		local back = {}
		for c in s:gmatch(utf8.charpattern) do table.insert(back, 1, c) end
		if not lax then print(table.concat(back), utf8.len(table.concat(back)) == utf8.len(s)) end
	end
	for _, bad in ipairs{"\xff", "a\x80", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "ab\xe2\x82", "\xf8\x88\x80\x80\x80"} do
		print(utf8.len(bad), pcall(utf8.codepoint, bad, 1, -1))
		print(pcall(function() for _ in utf8.codes(bad) do end end))
		print(utf8.len(bad, 1, -1, true))
	end
	print(utf8.codepoint("héllo", 1, -1))
	print(pcall(utf8.codepoint, "abc", 4), pcall(utf8.char, -1), pcall(utf8.offset, "é", 1, 2), pcall(utf8.len, "abc", 6))
	print(utf8.len("日本語", 4), utf8.len("日本語", -3), utf8.len("日本語", 2))
end

local function random_text(seed, n)
	local t = {}
	for i = 1, n do
		seed = (seed * 1103515245 + 12345) & 0x7fffffff
		local kind, v = seed >> 8 & 3, seed >> 10
		local c = kind == 0 and 32 + v % 95 or kind == 1 and 0xa0 + v % 0x600 or kind == 2 and 0x4e00 + v % 0x5000
			or 0x1f300 + v % 0x400
		t[i] = utf8.char(c)
	end
	return table.concat(t)
end

library()
for k = 1, rounds do
	local s = random_text(k * 77, 3000)
	local n, sum, widths = 0, 0, {0, 0, 0, 0}
	for p, c in utf8.codes(s) do
		n = n + 1
		sum = (sum * 31 + c + p) & 0xffffffffffff
	end
	for c in s:gmatch(utf8.charpattern) do widths[#c] = widths[#c] + 1 end
	local hops = 0
	for i = 1, n, 97 do
		local p = utf8.offset(s, i)
		hops = hops + utf8.codepoint(s, p) + utf8.len(s, p)
	end
	local shifted = s:gsub(utf8.charpattern, function(c)
		local v = utf8.codepoint(c)
		return utf8.char(v + (v < 0x4e00 and 1 or -1))
	end)
	local t = {utf8.codepoint(s, 1, utf8.offset(s, 200))}
	table.sort(t)
	print("round", k, #s, n, sum, table.concat(widths, "/"), hops, #shifted, utf8.len(shifted), t[1], t[#t],
		utf8.char(t[100]))
end
