-- Garbage collection: weak tables, ephemerons, finalizers, both modes, stop and step, closing.
-- full: 700
local rounds = tonumber(arg and arg[1]) or 40

local function count(t)
	local n = 0
	for _ in pairs(t) do n = n + 1 end
	return n
end

local function weak(k)
	local values, keys, both = setmetatable({}, {__mode = "v"}), setmetatable({}, {__mode = "k"}),
		setmetatable({}, {__mode = "kv"})
	local kept = {}
	for i = 1, 300 do
		local o = {i}
		if i % 3 == 0 then kept[#kept + 1] = o end
		values[i] = o
		keys[o] = i
		both[o] = {}
		values["s" .. i] = "strings are values"
	end
	collectgarbage()
	print(count(values), count(keys), count(both), #kept)
	-- An ephemeron: the value refers to its own key.
	local e = setmetatable({}, {__mode = "k"})
	do
		for i = 1, 50 do
			local key = {}
			e[key] = {key}
		end
		local a, b = {}, {}
		e[a] = b
		e[b] = a
		e[kept] = {kept}
	end
	collectgarbage()
	print(count(e))
	kept = nil
	collectgarbage()
	print(count(values), count(keys), count(e))
end

local function finalizers(k)
	local log = {}
	local meta = {__gc = function(o) log[#log + 1] = o.name end}
	for i = 1, 5 do setmetatable({name = "f" .. i}, meta) end
	collectgarbage()
	print(table.concat(log, " "))
	-- Resurrection: the finalizer stores its object; it is not finalized again.
	local saved
	local again = {__gc = function(o) saved = o; log[#log + 1] = "saved" end}
	do setmetatable({value = k}, again) end
	collectgarbage()
	print(saved and saved.value)
	saved = nil
	collectgarbage()
	print(#log)
	-- A finalizer that makes garbage with finalizers, and one that fails.
	local depth = 0
	local function spawn()
		setmetatable({}, {__gc = function() depth = depth + 1; if depth < 10 then spawn() end end})
	end
	spawn()
	for _ = 1, 12 do collectgarbage() end
	print(depth)
	warn("@off")
	setmetatable({}, {__gc = function() error("in a finalizer") end})
	collectgarbage()
	-- Order: the reverse of marking.
	log = {}
	local objects = {}
	for i = 1, 10 do objects[i] = setmetatable({name = i}, meta) end
	objects = nil
	collectgarbage()
	print(table.concat(log, ","))
	local closed = {}
	do
		local a <close> = setmetatable({}, {__close = function() closed[#closed + 1] = "a" end})
		local b <close> = setmetatable({}, {__close = function() closed[#closed + 1] = "b" end})
		local c <const> = 5
		for i = 1, 3 do
			local d <close> = setmetatable({}, {__close = function() closed[#closed + 1] = i end})
			if i == 2 then goto continue end
			collectgarbage("step")
			::continue::
		end
	end
	print(table.concat(closed, " "))
end

local function churn(n)
	local root, h = {}, 0
	for i = 1, n do
		local node = {next = root.first, name = "node" .. i % 97, f = function() return i end}
		root.first = node
		if i % 50 == 0 then
			local p, c = root.first, 0
			while p do
				c = c + 1
				h = (h * 31 + p.f()) & 0xffffffff
				if c == 25 then p.next = nil end
				p = p.next
			end
		end
		if i % 10 == 0 then root["k" .. i % 300] = coroutine.wrap(function() coroutine.yield(node) return i end) end
		if i % 300 == 299 then
			for k, f in pairs(root) do if type(f) == "function" then f() end end
		end
	end
	return h
end

local function tree(depth) return depth == 0 and {} or {tree(depth - 1), tree(depth - 1)} end
local function size(t) return t[1] and 1 + size(t[1]) + size(t[2]) or 1 end

print(collectgarbage("isrunning"), type(collectgarbage("count")), collectgarbage("count") > 10)
print(collectgarbage("stop"), collectgarbage("isrunning"), collectgarbage("restart"), collectgarbage("isrunning"))
print(pcall(collectgarbage, "no such option"))
for k = 1, rounds do
	local modes = {
		function() collectgarbage("incremental", 150, 200, 10) end,
		function() collectgarbage("generational", 20, 100) end,
		function() collectgarbage("incremental", 400, 400, 13) end,
		function() collectgarbage("generational", 50, 300) end,
	}
	modes[(k - 1) % #modes + 1]()
	print("round", k)
	weak(k)
	finalizers(k)
	print(churn(4000), size(tree(11)))
	if k % 3 == 0 then
		collectgarbage("stop")
		print(churn(500))
		collectgarbage("restart")
		for _ = 1, 1000 do if collectgarbage("step", 20) then break end end
	end
	local before = collectgarbage("count")
	local big = {}
	for i = 1, 200 do big[i] = ("x"):rep(1000 + i) end
	local during = collectgarbage("count")
	big = nil
	collectgarbage()
	collectgarbage()
	print(during > before + 190, collectgarbage("count") < during)
end
setmetatable({}, {__gc = function() print("finalized at exit") end})
