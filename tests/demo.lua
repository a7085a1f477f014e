-- What the demo moves: some ten seconds of computing, a line a step. The planets, the queens' coroutine,
-- the words and the digits of pi all carry their state from one step to the next.
local steps = tonumber(arg and arg[1]) or 60

local sun = 4 * math.pi * math.pi
local bodies = {
	{x = 0, y = 0, z = 0, vx = 0, vy = 0, vz = 0, mass = sun},
	{x = 4.84143144246472090, y = -1.16032004402742839, z = -0.103622044471123109, vx = 0.606326392995832,
		vy = 2.811986844916262, vz = -0.02521836165988763, mass = 0.000954791938424326609 * sun},
	{x = 8.34336671824457987, y = 4.12479856412430479, z = -0.403523417114321381, vx = -1.010774346178793,
		vy = 1.825662371230411, vz = 0.008415761376584154, mass = 0.000285885980666130812 * sun},
}

local function planets(n)
	for _ = 1, n do
		for i = 1, #bodies do
			local a = bodies[i]
			for j = i + 1, #bodies do
				local b = bodies[j]
				local dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
				local mag = 0.01 / (dx * dx + dy * dy + dz * dz) ^ 1.5
				a.vx, a.vy, a.vz = a.vx - dx * b.mass * mag, a.vy - dy * b.mass * mag, a.vz - dz * b.mass * mag
				b.vx, b.vy, b.vz = b.vx + dx * a.mass * mag, b.vy + dy * a.mass * mag, b.vz + dz * a.mass * mag
			end
		end
		for _, b in ipairs(bodies) do
			b.x, b.y, b.z = b.x + 0.01 * b.vx, b.y + 0.01 * b.vy, b.z + 0.01 * b.vz
		end
	end
	return ("%.9f"):format(bodies[2].x)
end

local queens = coroutine.wrap(function()
	local found = 0
	for n = 4, 100 do
		local rows, up, down, at = {}, {}, {}, {}
		local function place(c)
			if c > n then
				found = found + 1
				coroutine.yield(found, table.concat(at, " "))
				return
			end
			for r = 1, n do
				if not (rows[r] or up[r + c] or down[r - c]) then
					rows[r], up[r + c], down[r - c], at[c] = true, true, true, r
					place(c + 1)
					rows[r], up[r + c], down[r - c] = nil, nil, nil
				end
			end
		end
		place(1)
	end
end)

-- Gibbons' spigot on numbers of base 10^7, one digit a call.
local function pi_digits()
	local base = 10000000
	local len = 10 * 110 // 3
	local a, nines, pre, first = {}, 0, 0, true
	for i = 1, len do a[i] = 2 end
	return coroutine.wrap(function()
		for _ = 1, 110 do
			local q = 0
			for i = len, 1, -1 do
				local x = 10 * a[i] + q * i
				a[i] = x % (2 * i - 1)
				q = x // (2 * i - 1)
			end
			a[1] = q % 10
			q = q // 10
			if q == 9 then
				nines = nines + 1
			else
				local s = tostring(pre + (q == 10 and 1 or 0)) .. (q == 10 and "0" or "9"):rep(nines)
				if first then s, first = s:sub(2), false end
				pre, nines = q == 10 and 0 or q, 0
				coroutine.yield(s)
			end
		end
	end)
end

local seed, words = 7, setmetatable({}, {__index = function() return 0 end})
local function text(n)
	local t = {}
	for i = 1, n do
		seed = (seed * 1103515245 + 12345) & 0x7fffffff
		t[i] = ("abcdefghij"):sub(seed >> 16 & 7, (seed >> 16 & 7) + (seed >> 20 & 3))
	end
	local most = ""
	for w in table.concat(t, " "):gmatch("%a+") do
		words[w] = words[w] + 1
		if words[w] > words[most] or words[w] == words[most] and w < most then most = w end
	end
	table.sort(t, function(x, y) return #x < #y or #x == #y and x < y end)
	return most .. "=" .. words[most]
end

local next_digits, digits = pi_digits(), ""
for step = 1, steps do
	local solution, board
	for _ = 1, 60 do solution, board = queens() end
	digits = digits .. (next_digits() or "")
	print(("%3d  jupiter %s  queens #%d  words %s  pi %s"):format(step, planets(45000), solution, text(50000),
		digits:sub(1, 30)))
	io.stdout:flush()
end
