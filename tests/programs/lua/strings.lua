-- The string library: every conversion of format, patterns, callbacks, building, pack and unpack.
-- full: 900
local rounds = tonumber(arg and arg[1]) or 50

local function crc(s, c)
	c = ~(c or 0) & 0xffffffff
	for i = 1, #s do
		c = c ~ s:byte(i)
		for _ = 1, 8 do
			c = (c >> 1) ~ (0xedb88320 & -(c & 1))
		end
	end
	return ~c & 0xffffffff
end

local out = {}
local function show(...)
	local values = table.pack(...)
	for i = 1, values.n do values[i] = tostring(values[i]) end
	local line = table.concat(values, " ")
	out[#out + 1] = line
	return line
end

local function formats(k)
	local ints = {0, 1, -1, 42 + k, -12345, math.maxinteger, math.mininteger, 255}
	for _, f in ipairs{"%d", "%5d", "%-5d|", "%05d", "%+d", "% d", "%i", "%u", "%x", "%X", "%#x", "%o",
			"%#o", "%.3d", "%12.5d", "%-12.5d|", "%c"} do
		local line = {}
		for _, v in ipairs(ints) do
			if f == "%c" then v = 65 + (v & 15) end
			if f == "%u" then f = "%d" end
			line[#line + 1] = string.format(f, v)
		end
		show(f, table.concat(line, ","))
	end
	local floats = {0.0, -0.0, 1.5, -2.25, 1e100, 1e-100, 3.14159265358979, 123456789.123, 1 / 0, -1 / 0,
		2^53, 5e-324, 0.1 * k}
	for _, f in ipairs{"%f", "%.0f", "%10.3f", "%-10.2f|", "%+.1f", "%e", "%.3E", "%g", "%G", "%.14g",
			"%.17g", "%#g", "%a", "%A", "%.2a", "%020.5f", "%5.1f"} do
		local line = {}
		for _, v in ipairs(floats) do
			line[#line + 1] = string.format(f, v)
		end
		show(f, table.concat(line, ","))
	end
	local things = {"text", "", "with \"quotes\"\nand\t\\", 12, -0.5, true, nil, "\r\1272"}
	for i = 1, 8 do
		local v = things[i]
		show(string.format("%s|%10s|%-10s|%.3s|%%", tostring(v), tostring(v), tostring(v), tostring(v)))
		show(string.format("%q", v))
		show(string.format("%q %s", "zero\0byte" .. i, "zero\0byte"))
	end
	show(string.format("%q %q %q %q", 1 / 3, math.mininteger, 0x7fffffffffffffff, 1e300))
	show(string.format("%s %s", setmetatable({}, {__tostring = function() return "meta" .. k end}),
		setmetatable({}, {__name = "named", __tostring = function() return "other" end})))
	for _, bad in ipairs{"%y", "%10", "%", "%0.123d", "%d"} do
		local ok, e = pcall(string.format, bad, "not a number")
		show(tostring(ok), e)
	end
end

local text = [[
The quick brown fox jumps over the lazy dog; pack my box with five dozen liquor jugs.
key = value, other=thing ,  third   = 3.14   [section] (nested (parentheses) here) %escapes%
2023-11-05T12:34:56 and 1999-12-31; user@example.org, someone.else@sub.domain.net; #ff8800
]]

local function patterns(k)
	local n = 0
	for w in text:gmatch("%a+") do n = n + #w end
	show("letters", n)
	for key, value in text:gmatch("(%w+)%s*=%s*([%w.]+)") do show(key, value) end
	show(text:match("%((.-)%)"), text:match("%b()"), (text:find("dozen", 1, true)))
	for y, m, d in text:gmatch("(%d+)-(%d%d)-(%d%d)") do show(d, m, y) end
	for mail in text:gmatch("[%w.]+@[%w.]+%w") do show(mail) end
	show((text:gsub("%w+", function(w) return #w % 2 == 0 and w:upper() or nil end)))
	show((text:gsub("(%w+) (%w+)", "%2 %1 %%%0", 5)))
	show((text:gsub("%a", {a = "4", e = "3", o = false, t = "7"})))
	show(select(2, text:gsub("", "-")), (("abc"):gsub("", "-")))
	show(("THE (quick) fox"):find("%((%a+)%)"))
	show((("  trim me  "):gsub("^%s*(.-)%s*$", "[%1]")))
	show(("x"):rep(5, ","), ("ab"):rep(0), ("-"):rep(3))
	show((("hello world from lua"):gsub("%f[%w]%w", string.upper)))
	show(("f(a(b)c)d"):match("%b()"), ("[[x]]"):match("%[%[(.-)%]%]"), ("a.b"):match("^(.-)%.(.*)$"))
	show(("key=val"):match("()=()"))
	show(tostring(("abc"):find("b", -1)), tostring(("abc"):find("b", -2)), tostring((""):find("")))
	for _, bad in ipairs{"%", "[a", "(a", "a)", "%b", "%f", "(a)%2"} do
		show(pcall(string.find, "aaaa", bad) and "found" or select(2, pcall(string.find, "aaaa", bad)))
	end
	local words, depth = {}, 0
	local function nest(s)
		depth = depth + 1
		local r = depth < 6 and s:gsub("%w+", function(w)
			if depth < 6 and #w > 4 then return nest(w:sub(2)) .. w:sub(1, 1) end
		end) or s
		depth = depth - 1
		return r
	end
	show(nest(text:sub(1, 80 + k % 7)))
	for w in text:lower():gmatch("%a+") do words[w] = (words[w] or 0) + 1 end
	local keys = {}
	for w in pairs(words) do keys[#keys + 1] = w end
	table.sort(keys)
	for i, w in ipairs(keys) do keys[i] = w .. words[w] end
	show(table.concat(keys, " "))
	show(pcall(string.gsub, "abc", "%w", function(c) if c == "b" then error("callback " .. k, 0) end end))
	show(select("#", pcall(string.gsub, "abc", "%w", function() return {} end)))
	show(("x"):byte(), ("xyz"):byte(1, -1), string.char(72, 105), ("abc"):reverse(), ("MiXed"):lower(),
		("MiXed"):upper(), #("\u{20ac}\x41\065\z
		  tail"), ("abcdef"):sub(-3, -2), ("abcdef"):sub(3, 99), ("abcdef"):len())
	show(("10" + 5) .. "", "3" * "4", 10 .. 20, "0x10" + 0, "1e1" * 1, tostring("10" // "3"))
end

local function packing(k)
	local kinds = {"b", "B", "h", "H", "i", "I", "l", "L", "j", "J", "i3", "I5", "i7", "i16", "T"}
	for _, e in ipairs{"<", ">", "=", "!16<"} do
		local line = {}
		for _, f in ipairs(kinds) do
			if e == "!16<" and f:find("[357]") then f = "i8" end
			local s = string.pack(e .. f, 100 + k % 20)
			line[#line + 1] = #s .. ":" .. string.unpack(e .. f, s)
		end
		show(e, table.concat(line, " "))
	end
	local s = string.pack(">i4 z s1 s2 !8 d f n i8 xx Xi4 c5", -5, "zero", "one", "two", 1.5, -2.25, 1e10,
		math.mininteger, "fixed")
	show(#s, crc(s), string.unpack(">i4 z s1 s2 !8 d f n i8 xx Xi4 c5", s))
	show(string.packsize("<!8 b d i4 j"), string.packsize("i1i2i4i8"))
	for _, bad in ipairs{"i17", "q", "i1", "z", "c2"} do
		show(tostring(pcall(string.pack, bad, bad == "z" and "a\0b" or bad == "c2" and "abc" or 1000)))
	end
	local pos, sum = 1, 0
	local many = {}
	for i = 1, 300 do many[i] = string.pack("<I2s1", i * k % 65536, ("x"):rep(i % 10)) end
	local blob = table.concat(many)
	while pos <= #blob do
		local v, t
		v, t, pos = string.unpack("<I2s1", blob, pos)
		sum = sum + v * #t
	end
	show("blob", #blob, sum)
end

local total = 0
for k = 1, rounds do
	formats(k)
	patterns(k)
	packing(k)
	local pieces = {}
	for i = 1, 2000 do
		pieces[#pieces + 1] = ("%d:%s;"):format(i * k, ("ab"):rep(i % 3))
	end
	local all = table.concat(pieces)
	total = crc(all .. table.concat(out, "\n"), total)
	if k == 1 then
		for _, line in ipairs(out) do print(line) end
	end
	out = {}
	print("round", k, #all, total)
end
