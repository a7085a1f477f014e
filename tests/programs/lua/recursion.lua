-- Deep recursion: in Lua, through C, through metamethods, to the limits and back; tail calls.
-- full: 100
local rounds = tonumber(arg and arg[1]) or 2

local function depth(n) if n == 0 then return 0 end return 1 + depth(n - 1) end
local function sum(n, ...) if n == 0 then return select("#", ...) end return n + sum(n - 1, n, ...) end
local function tail(n, acc) if n == 0 then return acc end return tail(n - 1, acc + n) end
local even, odd
function even(n) if n == 0 then return true end return odd(n - 1) end
function odd(n) if n == 0 then return false end return even(n - 1) end
local function ackermann(m, n)
	if m == 0 then return n + 1 end
	if n == 0 then return ackermann(m - 1, 1) end
	return ackermann(m - 1, ackermann(m, n - 1))
end
local function tak(x, y, z)
	if y >= x then return z end
	return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))
end
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end

local function hanoi(n, a, b, c, moves)
	if n == 0 then return moves end
	moves = hanoi(n - 1, a, c, b, moves)
	c[#c + 1] = table.remove(a)
	return hanoi(n - 1, b, a, c, moves + 1)
end

local function queens(n)
	local solutions, cols, d1, d2 = 0, {}, {}, {}
	local function place(r)
		if r > n then
			solutions = solutions + 1
			return
		end
		for c = 1, n do
			if not cols[c] and not d1[r + c] and not d2[r - c + n] then
				cols[c], d1[r + c], d2[r - c + n] = true, true, true
				place(r + 1)
				cols[c], d1[r + c], d2[r - c + n] = nil, nil, nil
			end
		end
	end
	place(1)
	return solutions
end

-- Recursion that goes through C functions at each level.
local function through_gsub(n)
	if n == 0 then return "0" end
	return (("x"):gsub("x", function() return through_gsub(n - 1) .. n % 10 end))
end
local function through_sort(n)
	if n == 0 then return 1 end
	local r = 0
	table.sort({2, 1}, function(a, b) r = r + through_sort(n - 1); return a < b end)
	return r
end
local function through_pcall(n)
	if n == 0 then error("bottom", 0) end
	local ok, e = pcall(through_pcall, n - 1)
	error(n % 5 == 0 and e .. n or e, 0)
end
local meta = {}
meta.__index = function(t, k) if k == 0 then return 0 end return k + t[k - 1] end
meta.__call = function(t, n) if n == 0 then return 0 end return 1 + t(n - 1) end
meta.__concat = function(a, b) return type(b) == "number" and (b == 0 and "" or setmetatable({}, meta) .. b - 1) or "?" end
meta.__tostring = function() return "object" end

local function strip(e) return (tostring(e):gsub("\nstack traceback:.*", "")) end

local function overflows()
	local function forever() return 1 + forever() end
	local ok, e = pcall(forever)
	print(ok, strip(e):match("stack overflow") )
	local n = 0
	local function c_forever() n = n + 1; return ("x"):gsub("x", c_forever) end
	ok, e = pcall(c_forever)
	print(ok, strip(e):match("C stack overflow"), n)
	local t = setmetatable({}, {})
	getmetatable(t).__index = function(t, k) return t[k .. "x"] end
	ok, e = pcall(function() return t.a end)
	print(ok, strip(e):match("C stack overflow"))
	ok, e = pcall(function() local s = string.rep("(", 300) .. "1" .. string.rep(")", 300); return assert(load("return " .. s)) end)
	print(ok, strip(e):match("overflow"))
	ok, e = xpcall(forever, function(m) return "handled: " .. tostring(m):match("stack overflow") end)
	print(ok, e)
	ok, e = xpcall(error, function(m) error("again") end, "x")
	print(ok, type(e))
	print(select("#", table.unpack({}, 1, 5000)), pcall(table.unpack, {}, 1, 10000000))
	print(pcall(string.rep, "x", -1), #string.rep("ab", 100000))
end

overflows()
for k = 1, rounds do
	print("round", k, depth(150000 + k), sum(150), tail(200000, k), even(100001))
	print(ackermann(2, 60 + k), tak(12, 8, 4), fib(20 + k % 2))
	local a, b, c = {}, {}, {}
	for i = 1, 11 do a[i] = 12 - i end
	print(hanoi(11, a, b, c, 0), #a, #b, #c, table.concat(c, " "))
	print(queens(6 + k % 2), #through_gsub(60), through_sort(7))
	print(select(2, pcall(through_pcall, 150)))
	local o = setmetatable({}, meta)
	print(o[150], o(180), o .. 150)
end
