-- A program of the ordinary kind: a text adventure of counting, hashing, compressing and parsing.
-- full: 800
local rounds = tonumber(arg and arg[1]) or 50

local vocabulary = {}
for w in ([[the a of to and in that it is was for on are as with his they at be this from I have or by one had not
	but what all were when we there can an your which their said if do will each about how up out them then she
	many some so these would other into has more her two like him see time could no make than first been its who
	now people my made over did down only way find use may water long little very after words called just where
	most know]]):gmatch("%S+") do
	vocabulary[#vocabulary + 1] = w
end

local function text(seed, n)
	local t = {}
	for i = 1, n do
		seed = (seed * 6364136223846793005 + 1442695040888963407)
		local r = seed >> 33
		local w = vocabulary[(r * r >> 20) % #vocabulary + 1]
		if r % 17 == 0 then w = w:sub(1, 1):upper() .. w:sub(2) end
		t[i] = w .. (r % 11 == 0 and "." or r % 13 == 0 and "," or "")
	end
	return table.concat(t, " ")
end

local function frequencies(s)
	local counts, words = {}, {}
	for w in s:gmatch("%a+") do
		w = w:lower()
		if not counts[w] then
			counts[w] = 0
			words[#words + 1] = w
		end
		counts[w] = counts[w] + 1
	end
	table.sort(words, function(a, b) return counts[a] > counts[b] or counts[a] == counts[b] and a < b end)
	local t = {}
	for i = 1, 6 do t[i] = words[i] .. "=" .. counts[words[i]] end
	return table.concat(t, " ")
end

local function lzw(s)
	local dictionary, size = {}, 256
	for i = 0, 255 do dictionary[string.char(i)] = i end
	local w, codes = "", {}
	for i = 1, #s do
		local c = s:sub(i, i)
		if dictionary[w .. c] then
			w = w .. c
		else
			codes[#codes + 1] = dictionary[w]
			dictionary[w .. c] = size
			size = size + 1
			w = c
		end
	end
	codes[#codes + 1] = dictionary[w]
	return codes
end

local function unlzw(codes)
	local dictionary, size = {}, 256
	for i = 0, 255 do dictionary[i] = string.char(i) end
	local w = dictionary[codes[1]]
	local out = {w}
	for i = 2, #codes do
		local e = dictionary[codes[i]] or w .. w:sub(1, 1)
		out[#out + 1] = e
		dictionary[size] = w .. e:sub(1, 1)
		size = size + 1
		w = e
	end
	return table.concat(out)
end

local function sha256(message)
	local k = {}
	local function frac(x) return math.floor((x - math.floor(x)) * 2^32) end
	local n, h = 0, {}
	local p = 2
	while n < 64 do
		local prime = true
		for d = 2, math.floor(p ^ 0.5) do if p % d == 0 then prime = false break end end
		if prime then
			n = n + 1
			k[n] = frac(p ^ (1 / 3))
			if n <= 8 then h[n] = frac(p ^ 0.5) end
		end
		p = p + 1
	end
	local function ror(x, r) return (x >> r | x << 32 - r) & 0xffffffff end
	message = message .. "\x80" .. ("\0"):rep((55 - #message) % 64) .. string.pack(">I8", #message * 8)
	for at = 1, #message, 64 do
		local w = {string.unpack((">I4"):rep(16), message, at)}
		for i = 17, 64 do
			local a, b = w[i - 15], w[i - 2]
			w[i] = (w[i - 16] + (ror(a, 7) ~ ror(a, 18) ~ a >> 3) + w[i - 7] + (ror(b, 17) ~ ror(b, 19) ~ b >> 10)) & 0xffffffff
		end
		local a, b, c, d, e, f, g, hh = table.unpack(h)
		for i = 1, 64 do
			local t1 = hh + (ror(e, 6) ~ ror(e, 11) ~ ror(e, 25)) + (e & f ~ ~e & g) + k[i] + w[i]
			local t2 = (ror(a, 2) ~ ror(a, 13) ~ ror(a, 22)) + (a & b ~ a & c ~ b & c)
			a, b, c, d, e, f, g, hh = (t1 + t2) & 0xffffffff, a, b, c, (d + t1) & 0xffffffff, e, f, g
		end
		for i, v in ipairs{a, b, c, d, e, f, g, hh} do h[i] = (h[i] + v) & 0xffffffff end
	end
	return (("%08x"):rep(8)):format(table.unpack(h))
end

-- Arithmetic expressions: tokens, a parser, a tree, evaluation and printing.
local function parse(s)
	local tokens = {}
	for t in s:gmatch("%d+%.?%d*") do tokens[#tokens + 1] = t end
	local at = 1
	local peek = function() return s:match("^%s*(.)", at) end
	local take = function(p) local a, b, t = s:find("^%s*(" .. p .. ")", at) if a then at = b + 1 return t end end
	local expression
	local function atom()
		if take("%(") then
			local e = expression()
			assert(take("%)"), "missing )")
			return e
		end
		if take("%-") then return {"neg", atom()} end
		return {"num", tonumber((assert(take("%d+%.?%d*"), "number expected at " .. at)))}
	end
	local function product()
		local e = atom()
		while true do
			local op = take("[*/%%]")
			if not op then return e end
			e = {op, e, atom()}
		end
	end
	function expression()
		local e = product()
		while true do
			local op = take("[+-]")
			if not op then return e end
			e = {op, e, product()}
		end
	end
	local e = expression()
	assert(not peek(), "trailing text")
	return e
end

local function evaluate(e)
	local op = e[1]
	if op == "num" then return e[2] end
	if op == "neg" then return -evaluate(e[2]) end
	local a, b = evaluate(e[2]), evaluate(e[3])
	if op == "+" then return a + b elseif op == "-" then return a - b elseif op == "*" then return a * b end
	if op == "/" then return b == 0 and 0 or a / b end
	return b == 0 and 0 or a % b
end

local function expressions(k)
	local function make(depth, seed)
		if depth == 0 then return tostring(seed % 97 + 1) end
		local ops = {"+", "-", "*", "/", "%"}
		return "(" .. make(depth - 1, seed * 7 + 3) .. " " .. ops[seed % 5 + 1] .. " " .. make(depth - 1, seed * 5 + 1) .. ")"
	end
	local total = 0
	for i = 1, 6 do total = total + evaluate(parse(make(5, i + k))) % 1000 end
	return ("%.6f"):format(total), pcall(parse, "1 + (2"), pcall(parse, "1 2"), evaluate(parse("2*(3+4)-10/4%3"))
end

print(sha256(""), sha256("abc"))
for k = 1, rounds do
	local s = text(k, 1500)
	print("round", k, #s, frequencies(s))
	local codes = lzw(s)
	assert(unlzw(codes) == s)
	print(#codes, sha256(s:sub(1, 1500)))
	print(expressions(k))
end
