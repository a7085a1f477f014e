-- Errors across C frames: comparators, callbacks, metamethods, coroutines, handlers, closing.
-- full: 1600
local rounds = tonumber(arg and arg[1]) or 80

local Error = {}
Error.__index = Error
Error.__tostring = function(e) return "Error(" .. e.kind .. ")" end
local function throw(kind) error(setmetatable({kind = kind}, Error)) end

-- The results of a protected call, and of compiling, as one string.
local function try(...)
	local r = table.pack(pcall(...))
	for i = 1, r.n do r[i] = tostring(r[i]) end
	return table.concat(r, "/")
end

local function compile(...)
	local f, e = load(...)
	return f or "[" .. e .. "]"
end

local function basics()
	print(try(error))
	print(try(error, nil))
	print(try(error, "text", 0), try(error, "text"), try(error, "text", 1), try(error, "text", 2))
	local function f() error("level 1", 1) end
	local function g() error("level 2", 2) end
	print(try(f))
	print(try(function() g() end))
	print(try(error, 42), try(error, true), select(2, pcall(error, {1, 2}))[2])
	print(select(2, pcall(throw, "object")).kind, tostring(select(2, pcall(throw, "shown"))))
	print(try(assert, false), try(assert, nil, "message"), pcall(assert, false, {1}) == false, assert(1, 2, 3))
	print(select("#", try(function() return 1, nil, nil end)))
	print(xpcall(function(...) return select("#", ...), ... end, print, 1, nil, 3))
	print(xpcall(error, function(e) return "handled " .. e end, "it"))
	print(xpcall(function() local x = {} ; return x.a.b end, function(m) return m:upper() end))
	print(pcall(pcall), pcall(xpcall), pcall(pcall, error, "nested"))
	print(compile("x = = 1"), compile("return 1 +", "=chunk"), compile("for", "@file.lua"), compile("goto nowhere"),
		compile("break"), compile("local x <const> = 1; x = 2"), compile("'unfinished"), compile("\"\\q\""), compile("return \"\\u{110000000}\""))
	print(load("::a:: ::a::"), load("return ...", "c", "t", {})(9), load(string.dump(function() return 1 end), "b", "t"))
	print(try(load, function() error("in the reader", 0) end))
	print(tostring(nil), try(tostring), try(setmetatable, 1, {}), try(rawset, {}, nil, 1), try(next, {}, "none"))
	print(try(ipairs), try(select, 0), try(rawlen, 5), try(tonumber, {}, 10), try(string.char, 256))
	print(try(function() local t = setmetatable({}, {__newindex = function() error("readonly", 2) end}); t.x = 1 end))
	print(try(function() return {} .. "x" end), try(function() return -{} end), try(function() return 2^{} end))
	print(try(function() for i = 1, "x" do end end), try(function() return math.huge // 1 | 0 end))
	print(try(string.format, "%d", 1.5), try(string.format, "%d", "1.0"), try(string.rep, "x", 1e10))
	print(pcall(require, "no.such.module.here") == false, package.loaded.string == string, #package.path > 0)
end

-- Errors thrown at a random depth of a tower of C functions that call back.
local function tower(levels, n, where)
	local kind = levels[n]
	if n == where then throw(kind or "top") end
	if not kind then return "through" end
	if kind == "sort" then
		local r
		table.sort({3, 1, 2}, function(a, b) r = tower(levels, n + 1, where); return a < b end)
		return r
	elseif kind == "gsub" then
		return (("x"):gsub("x", function() return tower(levels, n + 1, where) end))
	elseif kind == "wrap" then
		return coroutine.wrap(function() return tower(levels, n + 1, where) end)()
	elseif kind == "resume" then
		local co = coroutine.create(tower)
		local ok, e = coroutine.resume(co, levels, n + 1, where)
		if not ok then error(e, 0) end
		return e
	elseif kind == "index" then
		return setmetatable({}, {__index = function() return tower(levels, n + 1, where) end}).field
	elseif kind == "add" then
		return setmetatable({}, {__add = function() return tower(levels, n + 1, where) end}) + 1
	elseif kind == "lt" then
		local r
		local o = setmetatable({}, {__lt = function() r = tower(levels, n + 1, where); return true end})
		return o < o and r
	elseif kind == "tostring" then
		return tostring(setmetatable({}, {__tostring = function() return tower(levels, n + 1, where) end}))
	elseif kind == "pcall" then
		local ok, e = pcall(tower, levels, n + 1, where)
		if not ok then error(e, 0) end
		return e
	elseif kind == "xpcall" then
		local ok, e = xpcall(tower, function(e) e.handled = (e.handled or 0) + 1; return e end, levels, n + 1, where)
		if not ok then error(e, 0) end
		return e
	elseif kind == "close" then
		local c <close> = setmetatable({}, {__close = function(_, e) if e then e.closed = (e.closed or 0) + 1 end end})
		local r = tower(levels, n + 1, where)
		return r
	elseif kind == "load" then
		local f = load("local f = ... return f()", "=loaded")
		return (f(function() return tower(levels, n + 1, where) end))
	elseif kind == "iter" then
		for v in function(_, c) if not c then return tower(levels, n + 1, where) end end do return v end
	end
end

local kinds = {"sort", "gsub", "wrap", "resume", "index", "add", "lt", "tostring", "pcall", "xpcall", "close", "load", "iter"}

local function towers(k)
	local seed, h, thrown = k * 7919, 0, 0
	local function random(n) seed = (seed * 1103515245 + 12345) & 0x7fffffff; return (seed >> 8) % n + 1 end
	for i = 1, 200 do
		local levels = {}
		for j = 1, random(12) do levels[j] = kinds[random(#kinds)] end
		local where = random(#levels + 4)
		local ok, e = pcall(tower, levels, 1, where)
		if ok then
			h = h * 31 + 1
		else
			thrown = thrown + 1
			h = h * 31 + #e.kind + (e.handled or 0) * 3 + (e.closed or 0) * 5
		end
		h = h & 0xffffffff
	end
	return thrown, h
end

local function closing()
	local log = {}
	local function guard(name, fails)
		return setmetatable({}, {__close = function(_, e)
			log[#log + 1] = name .. ":" .. tostring(e)
			if fails then error(name .. " failed", 0) end
		end})
	end
	print(pcall(function()
		local a <close> = guard("a")
		local b <close> = guard("b", true)
		local c <close> = guard("c")
		error("body", 0)
	end))
	print(table.concat(log, " "))
	log = {}
	print(pcall(function() local a <close> = 5 end))
	local function f() local a <close> = guard("returned"); return 1, 2, 3 end
	print(f())
	for i = 1, 3 do
		local a <close> = guard("loop" .. i)
		if i == 2 then break end
	end
	print(table.concat(log, " "))
	local co = coroutine.wrap(function() local a <close> = guard("co"); coroutine.yield(1); error("late", 0) end)
	print(co(), pcall(co))
end

-- State must be intact after thousands of errors.
local function survive(k)
	local counts = {ok = 0, failed = 0}
	local co = coroutine.wrap(function()
		for i = 1, 500 do
			local ok, e = pcall(function()
				if i % 3 == 0 then throw("third") end
				if i % 5 == 0 then local x = nil + i end
				if i % 7 == 0 then coroutine.yield(i) end
				return i
			end)
			counts[ok and "ok" or "failed"] = counts[ok and "ok" or "failed"] + 1
		end
		return "end"
	end)
	local yields = 0
	while co() ~= "end" do yields = yields + 1 end
	return counts.ok, counts.failed, yields
end

basics()
closing()
print(select(2, xpcall(tower, function(e) return e.kind .. "\n" .. debug.traceback("trace") end,
	{"gsub", "index", "sort", "pcall", "wrap"}, 1, 4)))
for k = 1, rounds do
	print("round", k, towers(k))
	print(towers(k + 1000))
	print(survive(k))
end
