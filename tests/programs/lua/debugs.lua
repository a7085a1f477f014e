-- The debug library: hooks, locals, upvalues, levels, tracebacks, metatables, user values.
-- full: 2200
local rounds = tonumber(arg and arg[1]) or 100

local function inspect()
	local a, b, c = 1, "two", {3}
	local function inner(x, y, ...)
		local z = x + y
		local names = {}
		local i = 1
		while true do
			local n, v = debug.getlocal(1, i)
			if not n then break end
			names[#names + 1] = n .. "=" .. type(v)
			i = i + 1
		end
		print(table.concat(names, " "))
		print(debug.getlocal(1, -1), debug.getlocal(1, -2), debug.getlocal(1, -9))
		print(debug.setlocal(1, 3, 100), z, debug.setlocal(1, 99, 0))
		print(debug.getlocal(2, 1), debug.getlocal(2, 2))
		local info = debug.getinfo(1, "nSlutfr")
		print(info.name, info.namewhat, info.short_src, info.linedefined, info.currentline, info.nups, info.nparams,
			info.isvararg, info.what, info.istailcall, info.func == inner, info.ftransfer, info.ntransfer)
		return b, c, z
	end
	print((inner(10, 20, "vararg")))
	print(debug.getlocal(inner, 1), debug.getlocal(inner, 2), debug.getlocal(inner, 3))
	print(debug.getupvalue(inner, 3), debug.setupvalue(inner, 3, "b again"), b, debug.getupvalue(inner, 99))
	local lines = {}
	for l in pairs(debug.getinfo(inner, "L").activelines) do lines[#lines + 1] = l end
	table.sort(lines)
	print(#lines, lines[1], lines[#lines])
	local i = debug.getinfo(print)
	print(i.what, i.short_src, i.currentline, i.linedefined, i.nups, i.isvararg)
	print(pcall(debug.getinfo, 1, "X"), debug.getinfo(100), pcall(debug.getlocal, 100, 1))
	return a
end

local function upvalues()
	local n = 0
	local function up() n = n + 1; return n end
	local m = 100
	local function other() m = m + 1; return m end
	print(debug.upvalueid(up, 1) == debug.upvalueid(up, 1), debug.upvalueid(up, 1) == debug.upvalueid(other, 1))
	debug.upvaluejoin(up, 1, other, 1)
	print(up(), other(), n, debug.getupvalue(up, 1))
	print(pcall(debug.upvaluejoin, up, 5, other, 1))
end

local function tracebacks()
	local function level3() return debug.traceback("message", 1) .. "" end
	local function level2() local r = level3() return r end
	local function level1() local r = level2() return r end
	print(level1())
	print(debug.traceback("none", 0):match("^none\nstack traceback:\n") ~= nil, debug.traceback({}) ~= nil,
		debug.traceback(nil) == nil)
	local ok, trace = xpcall(function() string.gsub("x", "x", function() error("deep") end) end, debug.traceback)
	print(trace)
	local function forever(n) if n == 0 then error("bottom") end return 1 + forever(n - 1) end
	ok, trace = xpcall(forever, debug.traceback, 40)
	print(trace)
	local t = setmetatable({}, {__add = function() error("in a metamethod") end, __name = "Thing"})
	print(select(2, xpcall(function() return t + 1 end, debug.traceback)))
	print(select(2, pcall(function() return t.x.y end)), select(2, pcall(function() return #5 end)),
		select(2, pcall(function() local s = "x"; return s.y.z end)), select(2, pcall(function() undefined_global() end)),
		select(2, pcall(function() return ("x") < 1 end)), select(2, pcall(string.rep)), select(2, pcall(("x").rep, "x", {})))
end

local function metas()
	print(debug.getmetatable("").__index == string, debug.getmetatable(print), debug.getmetatable(nil))
	debug.setmetatable(1, {__index = function(v, k) return k .. v end, __call = function(v, x) return v * x end})
	print((5).field, (7)(6))
	debug.setmetatable(1, nil)
	debug.setmetatable(nil, {__index = function() return "indexed nil" end})
	local n
	print(n.anything)
	debug.setmetatable(nil, nil)
	print(debug.getregistry() ~= nil, debug.getuservalue(io.stdout, 1), debug.setuservalue ~= nil)
	print(pcall(debug.setmetatable, 1, 1), debug.getmetatable(debug.setmetatable({}, {__metatable = 1})).__metatable)
end

-- Hooks run in the middle of everything: counts, lines, calls and returns.
local function hooked(k)
	local lines, calls, returns, tails, counts = 0, 0, 0, 0, 0
	local function work(n)
		local s = 0
		for i = 1, n do
			s = s + i % 7
		end
		if n > 1 then return work(n // 2) end
		return s
	end
	local last, distinct = 0, 0
	debug.sethook(function(event, line)
		lines = lines + 1
		if line ~= last then distinct = distinct + 1 end
		last = line
	end, "l")
	for i = 1, 3 do work(200 + k) end
	debug.sethook(function(event)
		if event == "call" then calls = calls + 1
		elseif event == "tail call" then tails = tails + 1
		else returns = returns + 1 end
	end, "cr")
	for i = 1, 30 do work(100) string.rep("x", 3) end
	debug.sethook(function() counts = counts + 1 end, "", 100)
	work(5000)
	print(debug.gethook() ~= nil, select(2, debug.gethook()), select(3, debug.gethook()))
	debug.sethook()
	print(lines, distinct, calls, returns, tails, counts, debug.gethook())
	local co = coroutine.create(function() for i = 1, 100 do coroutine.yield(i) end end)
	local inside = 0
	debug.sethook(co, function() inside = inside + 1 end, "l")
	while coroutine.resume(co) and coroutine.status(co) ~= "dead" do end
	print(inside, debug.gethook(co) ~= nil)
	local stopped = pcall(function()
		debug.sethook(function() debug.sethook() error("too long", 0) end, "", 10000)
		while true do end
	end)
	print(stopped)
end

-- A tiny profiler: every 1000 instructions, who is running.
local function profile(n)
	local seen = {}
	local function fib(x) if x < 2 then return x end return fib(x - 1) + fib(x - 2) end
	local function loop(x) local s = 0 for i = 1, x do s = s + i end return s end
	debug.sethook(function()
		local i = debug.getinfo(2, "nSl")
		local key = i.short_src .. ":" .. tostring(i.name)
		seen[key] = (seen[key] or 0) + 1
	end, "", 1000)
	local r = fib(n) + loop(30000)
	debug.sethook()
	local keys = {}
	for key in pairs(seen) do keys[#keys + 1] = key end
	table.sort(keys)
	for i, key in ipairs(keys) do keys[i] = key .. "=" .. seen[key] end
	print(r, table.concat(keys, " "))
end

inspect()
upvalues()
tracebacks()
metas()
for k = 1, rounds do
	print("round", k)
	hooked(k)
	profile(17 + k % 3)
end
