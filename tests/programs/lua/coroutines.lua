-- Coroutines: generators, schedulers, yields across pcall and metamethods, errors, closing, nesting.
-- full: 1200
local rounds = tonumber(arg and arg[1]) or 60

local function generators(n)
	local function range(a, b) return coroutine.wrap(function() for i = a, b do coroutine.yield(i) end end) end
	local function filter(f, g) return coroutine.wrap(function() for x in g do if f(x) then coroutine.yield(x) end end end) end
	local function map(f, g) return coroutine.wrap(function() for x in g do coroutine.yield(f(x)) end end) end
	local s = 0
	for x in map(function(x) return x * x end, filter(function(x) return x % 3 ~= 0 end, range(1, n))) do
		s = s + x
	end
	return s
end

-- A sieve in which each prime is a coroutine that filters the one before: depth of resume grows.
local function sieve(n)
	local function numbers() for i = 2, n do coroutine.yield(i) end end
	local function drop(p, g) for x in g do if x % p ~= 0 then coroutine.yield(x) end end end
	local g = coroutine.wrap(numbers)
	local primes = {}
	while true do
		local p = g()
		if not p then break end
		primes[#primes + 1] = p
		if #primes > 100 then break end
		local inner = g
		g = coroutine.wrap(function() drop(p, inner) end)
	end
	return #primes, primes[#primes]
end

local function permutations(n)
	local a, count, h = {}, 0, 0
	for i = 1, n do a[i] = i end
	local function generate(k)
		if k == 1 then
			coroutine.yield(a)
		else
			for i = 1, k do
				a[i], a[k] = a[k], a[i]
				generate(k - 1)
				a[i], a[k] = a[k], a[i]
			end
		end
	end
	for p in coroutine.wrap(function() generate(n) end) do
		count = count + 1
		h = (h * 31 + p[1] * 7 + p[n]) & 0xffffffff
	end
	return count, h
end

local function scheduler(n)
	local tasks, log, h = {}, {}, 0
	local mailbox = {}
	local function spawn(f, ...) tasks[#tasks + 1] = {co = coroutine.create(f), args = table.pack(...)} end
	for i = 1, n do
		spawn(function(id, work)
			local sum = 0
			for j = 1, work do
				sum = sum + j * id
				mailbox[id % n + 1] = (mailbox[id % n + 1] or 0) + 1
				local got = coroutine.yield(j)
				assert(got == id * j)
			end
			if id % 5 == 0 then error("task " .. id .. " fails", 0) end
			return "done " .. sum
		end, i, i % 7 + 3)
	end
	while #tasks > 0 do
		for i = #tasks, 1, -1 do
			local t = tasks[i]
			local ok, v = coroutine.resume(t.co, table.unpack(t.args, 1, t.args.n))
			if coroutine.status(t.co) == "dead" then
				h = (h * 33 + #tostring(v)) & 0xffffffff
				log[#log + 1] = (ok and "" or "!") .. tostring(v)
				table.remove(tasks, i)
			else
				t.id = t.id or t.args[1]
				t.args = {t.id * v, n = 1}
			end
		end
	end
	return #log, log[1], log[#log], h
end

local function across_pcall()
	local co = coroutine.create(function(...)
		print("args", ...)
		local ok, e = pcall(function()
			local a = coroutine.yield("in pcall")
			error({code = a})
		end)
		print("caught", ok, e.code)
		local r = table.pack(xpcall(function(x)
			local b = coroutine.yield("in xpcall " .. x)
			return b, b * 2
		end, debug.traceback, "arg"))
		print("xpcall", table.unpack(r, 1, r.n))
		local meta = setmetatable({}, {
			__index = function(_, k) return coroutine.yield("index " .. k) end,
			__add = function(a, b) return coroutine.yield("add") end,
			__lt = function() return coroutine.yield("lt") end,
			__concat = function() return coroutine.yield("concat") end,
			__eq = function() return coroutine.yield("eq") end,
			__call = function(_, v) return coroutine.yield("call " .. v) end,
			__close = function() coroutine.yield("close") end,
			__len = function() return coroutine.yield("len") end,
		})
		print(meta.field, meta + 1, meta < meta, meta .. "x", meta(5), #meta)
		print(meta == setmetatable({}, getmetatable(meta)))
		do
			local c <close> = meta
			coroutine.yield("inside")
		end
		for v in function() return coroutine.yield("iterator") end do
			print("iterated", v)
		end
		local t = {}
		for i in (function() local i = 0 return function() i = i + 1 if i < 4 then return i end end end)() do
			t[i] = coroutine.yield("loop " .. i)
		end
		return "end", table.concat(t, ",")
	end)
	local n = 0
	local r = {coroutine.resume(co, 1, nil, 3)}
	while coroutine.status(co) ~= "dead" do
		n = n + 1
		print(n, table.unpack(r))
		local feed = n * 10
		if r[2] == "iterator" and n > 13 then feed = nil end
		r = {coroutine.resume(co, feed)}
	end
	print(n, table.unpack(r))
	print(coroutine.resume(co))
end

local function errors()
	local w = coroutine.wrap(function() error("from wrap", 0) end)
	print(pcall(w))
	print(pcall(w))
	w = coroutine.wrap(function() local x = nil; return x.y end)
	print(pcall(w))
	local co = coroutine.create(function() local ok, e = pcall(error, "inner", 0); coroutine.yield(e); error({}) end)
	print(coroutine.resume(co))
	local ok, e = coroutine.resume(co)
	print(ok, type(e), coroutine.status(co))
	print(coroutine.resume(coroutine.running()))
	print(pcall(coroutine.yield))
	print(coroutine.isyieldable(), coroutine.wrap(function() return coroutine.isyieldable() end)())
	print(select(2, coroutine.running()), coroutine.wrap(function() return select(2, coroutine.running()) end)())
	print(coroutine.close(coroutine.create(print)))
	local closed = {}
	co = coroutine.create(function()
		local a <close> = setmetatable({}, {__close = function(_, e) closed[#closed + 1] = "a" .. tostring(e) end})
		local b <close> = setmetatable({}, {__close = function(_, e) closed[#closed + 1] = "b"; error("closing", 0) end})
		coroutine.yield()
	end)
	coroutine.resume(co)
	print(coroutine.close(co))
	print(table.concat(closed, ";"), coroutine.status(co))
	print(pcall(coroutine.resume, 1), pcall(coroutine.create, 1))
	co = coroutine.wrap(function()
		return pcall(string.gsub, "abc", ".", function(c) coroutine.yield(c) end)
	end)
	print(co())
	co = coroutine.create(function() local function deep(n) if n == 0 then error("deep") end deep(n - 1) end deep(5) end)
	coroutine.resume(co)
	print((debug.traceback(co)))
	local function recursive(n)
		if n == 0 then return "bottom" end
		return coroutine.wrap(function() return recursive(n - 1) end)()
	end
	print(recursive(100))
	print((select(2, pcall(recursive, 300)):gsub("^.-:%d+: ", "")))
	local self
	self = coroutine.wrap(function() return self() end)
	print(pcall(self))
end

across_pcall()
errors()
for k = 1, rounds do
	print("round", k, generators(5000 + k), sieve(300 + k % 50))
	print(permutations(6 + k % 2))
	print(scheduler(60 + k % 10))
end
