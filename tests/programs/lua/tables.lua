-- The table library, sorting by Lua comparators, metatables, varargs, and table-heavy algorithms.
-- full: 180
local rounds = tonumber(arg and arg[1]) or 10
local seed = 12345

local function random(n)
	seed = (seed * 1103515245 + 12345) & 0x7fffffff
	return (seed >> 8) % n + 1
end

local function check_sorted(t, less)
	for i = 2, #t do
		assert(not less(t[i], t[i - 1]))
	end
end

local function sorting(k)
	local t, calls = {}, 0
	for i = 1, 3000 do t[i] = random(1000000) * 4000 + i end
	local orders = {
		function(a, b) calls = calls + 1; return a < b end,
		function(a, b) return a > b end,
		function(a, b) return a % 1000 < b % 1000 or a % 1000 == b % 1000 and a < b end,
		function(a, b) return tostring(a) < tostring(b) end,
	}
	local h = 0
	for _, less in ipairs(orders) do
		table.sort(t, less)
		check_sorted(t, less)
		for i = 1, #t do h = (h * 31 + t[i]) & 0xffffffffffff end
	end
	assert(calls > 3000)
	local words = {}
	for i = 1, 500 do words[i] = string.char(96 + random(26), 96 + random(26), 96 + random(26)) .. i end
	table.sort(words)
	local objects = {}
	local meta = {__lt = function(a, b) return a.key < b.key end}
	for i = 1, 400 do objects[i] = setmetatable({key = (i * 7919 + k) % 400 * 2}, meta) end
	table.sort(objects)
	for i = 2, 400 do assert(objects[i - 1].key < objects[i].key) end
	return h, words[1], words[250], words[500]
end

local function sort_errors()
	local t = {}
	for i = 1, 50 do t[i] = i * 37 % 50 end
	local n = 0
	print(pcall(table.sort, t, function(a, b)
		n = n + 1
		if n == 30 then error("comparator stops", 0) end
		return a < b
	end))
	print(pcall(table.sort, t, function(a, b)
		n = n + 1
		if n == 60 then error({code = 7}) end
		return a < b
	end) == false)
	print(pcall(table.sort, {3, "x", 1}))
	print(pcall(table.sort, {1, 2, 3, nil, 5}, function() return true end) ~= nil)
	print(pcall(table.sort, {3, 2, 1, 4, 5, 6, 7}, function() return true end))
	local co = coroutine.wrap(function()
		return pcall(table.sort, {2, 1}, function(a, b) coroutine.yield("x") return a < b end)
	end)
	print(co())
end

local function library(k)
	local t = {}
	for i = 1, 20 do table.insert(t, i * k % 11) end
	table.insert(t, 1, "first")
	table.insert(t, 10, "tenth")
	print(table.concat(t, ","), #t, table.remove(t), table.remove(t, 1), table.remove(t, 9))
	print(table.concat(t, "-", 3, 7), table.concat({}, "x"), table.concat({1, 2.5, "z"}, ", "))
	print(table.unpack({1, 2, 3}, 2), table.unpack({1, nil, 3}, 1, 3))
	local p = table.pack(nil, 2, nil)
	print(p.n, p[2], select("#", table.unpack(p, 1, p.n)))
	local m = table.move({1, 2, 3, 4, 5}, 2, 5, 1)
	print(table.concat(m, " "), table.concat(table.move({1, 2, 3}, 1, 3, 3), " "),
		table.concat(table.move({1, 2, 3}, 1, 3, 2, {9}), " "))
	print(select(-2, "a", "b", "c"), select("#"), (select(2, "a", "b", "c")))
	print(pcall(table.concat, {1, {}, 3}), pcall(table.insert, {1}, 5, 2), pcall(table.unpack, {}, 1, 1e8))
	print(next({}), type(next), rawlen({1, 2}), rawequal(t, t), rawget(setmetatable({}, {__index = t}), 1))
	print(#"abc", #{1, 2, nil, 4} >= 2, #{n = 1})
	for i, v in ipairs(setmetatable({}, {__index = function(_, i) return i <= 3 and i * i or nil end})) do
		io.write(i, "=", v, " ")
	end
	print()
	for key, v in pairs(setmetatable({}, {__pairs = function()
		return function(_, s) if s < 3 then return s + 1, "v" .. s end end, nil, 0
	end})) do
		io.write(key, "=", v, " ")
	end
	print()
end

local Vector = {}
Vector.__index = Vector
Vector.__add = function(a, b) return Vector.new(a.x + b.x, a.y + b.y) end
Vector.__sub = function(a, b) return Vector.new(a.x - b.x, a.y - b.y) end
Vector.__mul = function(a, b)
	if type(a) == "number" then return Vector.new(a * b.x, a * b.y) end
	if type(b) == "number" then return Vector.new(a.x * b, a.y * b) end
	return a.x * b.x + a.y * b.y
end
Vector.__div = function(a, k) return Vector.new(a.x / k, a.y / k) end
Vector.__idiv = function(a, k) return Vector.new(a.x // k, a.y // k) end
Vector.__mod = function(a, k) return Vector.new(a.x % k, a.y % k) end
Vector.__pow = function(a, k) return Vector.new(a.x ^ k, a.y ^ k) end
Vector.__unm = function(a) return Vector.new(-a.x, -a.y) end
Vector.__band = function(a, k) return Vector.new(a.x & k, a.y & k) end
Vector.__bor = function(a, k) return Vector.new(a.x | k, a.y | k) end
Vector.__bxor = function(a, k) return Vector.new(a.x ~ k, a.y ~ k) end
Vector.__shl = function(a, k) return Vector.new(a.x << k, a.y << k) end
Vector.__shr = function(a, k) return Vector.new(a.x >> k, a.y >> k) end
Vector.__bnot = function(a) return Vector.new(~a.x, ~a.y) end
Vector.__eq = function(a, b) return a.x == b.x and a.y == b.y end
Vector.__lt = function(a, b) return a.x < b.x or a.x == b.x and a.y < b.y end
Vector.__le = function(a, b) return not (b < a) end
Vector.__len = function(a) return a.x + a.y end
Vector.__concat = function(a, b) return tostring(a) .. "&" .. tostring(b) end
Vector.__call = function(self, k) return self.x * k + self.y end
Vector.__tostring = function(a) return "(" .. a.x .. "," .. a.y .. ")" end
function Vector.new(x, y) return setmetatable({x = x, y = y}, Vector) end

local function metatables(k)
	local a, b = Vector.new(3, k), Vector.new(k, 4)
	print(tostring(a + b), tostring(a - b), a * b, tostring(2 * a), tostring(a * 3), tostring(-a))
	print(tostring(a / 2), tostring(a // 2), tostring(a % 2), tostring(a ^ 2), a == Vector.new(3, k), a < b,
		a <= b, a > b)
	print(#a, a .. b, a .. "s", a(10), tostring(a & 2), tostring(a | 8), tostring(a ~ 1), tostring(a << 2),
		tostring(a >> 1), tostring(~a))
	local log = {}
	local proxy = setmetatable({}, {
		__index = function(_, key) log[#log + 1] = "get " .. tostring(key); return key end,
		__newindex = function(t, key, v) log[#log + 1] = "set " .. tostring(key); rawset(t, key, v) end,
	})
	proxy.a = proxy.b
	proxy.a = 2
	proxy[1] = proxy.c
	print(table.concat(log, ";"))
	print(pcall(function() return a + {} end), pcall(function() return {} < {} end))
	print(getmetatable(setmetatable({}, {__metatable = "locked"})),
		pcall(setmetatable, setmetatable({}, {__metatable = 1}), {}))
	local chain = {}
	for i = 1, 50 do chain = setmetatable({["f" .. i] = i}, {__index = chain}) end
	print(chain.f1, chain.f50, chain.none)
end

local function queue_and_heap(n)
	local heap, size = {}, 0
	local function push(v)
		size = size + 1
		local i = size
		while i > 1 and heap[i // 2] > v do
			heap[i] = heap[i // 2]
			i = i // 2
		end
		heap[i] = v
	end
	local function pop()
		local top, v, i = heap[1], heap[size], 1
		heap[size] = nil
		size = size - 1
		while 2 * i <= size do
			local c = 2 * i
			if c < size and heap[c + 1] < heap[c] then c = c + 1 end
			if heap[c] >= v then break end
			heap[i] = heap[c]
			i = c
		end
		if size > 0 then heap[i] = v end
		return top
	end
	local h, last = 0, -1
	for i = 1, n do push(random(100000)) end
	for i = 1, n do
		local v = pop()
		assert(v >= last)
		last = v
		h = (h * 131 + v) & 0xffffffff
	end
	return h
end

local function sparse(n)
	local t = {}
	for i = 1, n do
		local key = i % 4 == 0 and "s" .. i or i % 4 == 1 and i * 1.5 or i % 4 == 2 and -i or i
		t[key] = i
	end
	local count, sum = 0, 0
	for key, v in pairs(t) do
		count = count + 1
		sum = sum + v
		if v % 3 == 0 then t[key] = nil end
	end
	local left = 0
	for _ in pairs(t) do left = left + 1 end
	return count, sum, left
end

sort_errors()
for k = 1, rounds do
	if k <= 2 then
		library(k)
		metatables(k)
	end
	print("round", k, sorting(k))
	print(queue_and_heap(3000), sparse(4000))
end
