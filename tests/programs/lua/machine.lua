-- The core of the language: closures, goto, varargs, integer loops, numeric kernels, load and dump.
-- full: 400
local rounds = tonumber(arg and arg[1]) or 25

local function closures()
	local fs = {}
	for i = 1, 5 do
		local j = i * i
		fs[i] = function(d) j = j + (d or 0); return i + j end
	end
	fs[2](10)
	print(fs[1](), fs[2](), fs[5](1), fs[5]())
	local function counter() local n = 0; return function() n = n + 1; return n end, function() return n end end
	local inc, get = counter()
	inc() inc()
	print(get(), (function(...) return select("#", ...) end)(nil, nil), (function(a, ...) local b, c = ...; return c end)(1, 2, 3))
	local function compose(f, ...) if not f then return function(...) return ... end end
		local rest = compose(...)
		return function(...) return f(rest(...)) end end
	print(compose(function(x) return x + 1 end, function(x) return x * 2 end, function(x, y) return x - y end)(10, 3))
	local t = {n = 0, add = function(self, k) self.n = self.n + k; return self end}
	print(t:add(1):add(2):add(3).n)
	local a <const>, b = 10, 20
	a1, b1 = b, a
	print(a1, b1, a + b)
	a1, b1 = nil
	local x, y, z = (function() return 1, 2, 3 end)()
	print(x, y, z, ((function() return 1, 2 end)()))
	local q = {(function() return 1, 2 end)(), (function() return 1, 2 end)()}
	print(#q, "a" .. 1 .. 2.0, not nil == true, 1 and 2, nil or false, false and error(), 2^-1, "a" < "b")
end

local function gotos(n)
	local i, found = 0, {}
	::top::
	i = i + 1
	if i % 15 == 0 then goto continue end
	for j = 2, i do
		for k = j, i do
			if j * k == i and i > 20 then
				found[#found + 1] = i
				goto out
			end
		end
	end
	::out::
	do
		local x = i
		if x % 2 == 0 then goto continue end
		found.odd = (found.odd or 0) + x
	end
	::continue::
	if i < n then goto top end
	return #found, found.odd
end

local function matrices(n)
	local function make(f)
		local m = {}
		for i = 1, n do
			local r = {}
			for j = 1, n do r[j] = f(i, j) end
			m[i] = r
		end
		return m
	end
	local a, b = make(function(i, j) return (i - j) * (i + j) / n end), make(function(i, j) return i % j + 0.5 end)
	local c = make(function(i, j)
		local s = 0
		for k = 1, n do s = s + a[i][k] * b[k][j] end
		return s
	end)
	return ("%.10g %.10g"):format(c[1][n], c[n // 2][n // 3])
end

local function nbody(steps)
	local bodies = {
		{0, 0, 0, 0, 0, 0, 39.47841760435743},
		{4.84143144246472090, -1.16032004402742839, -0.103622044471123109, 0.606326392995832, 2.811986844916262, -0.02521836165988763, 0.03769367487038949},
		{8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -1.010774346178793, 1.825662371230411, 0.008415761376584154, 0.01128632613196877},
		{12.8943695621391310, -15.1111514016986312, -0.223307578892655734, 1.082791006441536, 0.8687130181696082, -0.010832637401363636, 0.0017237240570597112},
	}
	for _ = 1, steps do
		for i = 1, #bodies do
			local a = bodies[i]
			for j = i + 1, #bodies do
				local b = bodies[j]
				local dx, dy, dz = a[1] - b[1], a[2] - b[2], a[3] - b[3]
				local d2 = dx * dx + dy * dy + dz * dz
				local mag = 0.01 / (d2 * d2 ^ 0.5)
				a[4], a[5], a[6] = a[4] - dx * b[7] * mag, a[5] - dy * b[7] * mag, a[6] - dz * b[7] * mag
				b[4], b[5], b[6] = b[4] + dx * a[7] * mag, b[5] + dy * a[7] * mag, b[6] + dz * a[7] * mag
			end
		end
		for _, b in ipairs(bodies) do
			b[1], b[2], b[3] = b[1] + 0.01 * b[4], b[2] + 0.01 * b[5], b[3] + 0.01 * b[6]
		end
	end
	return ("%.12f %.12f"):format(bodies[2][1], bodies[4][3])
end

local function fannkuch(n)
	local p, q, s, sign, most, sum = {}, {}, {}, 1, 0, 0
	for i = 1, n do p[i], q[i], s[i] = i, i, i end
	while true do
		local q0 = p[1]
		if q0 ~= 1 then
			for i = 2, n do q[i] = p[i] end
			local flips = 1
			while true do
				local qq = q[q0]
				if qq == 1 then
					sum = sum + sign * flips
					if flips > most then most = flips end
					break
				end
				q[q0] = q0
				if q0 >= 4 then
					local i, j = 2, q0 - 1
					repeat q[i], q[j] = q[j], q[i]; i = i + 1; j = j - 1 until i >= j
				end
				q0 = qq
				flips = flips + 1
			end
		end
		if sign == 1 then
			p[1], p[2] = p[2], p[1]
			sign = -1
		else
			p[2], p[3] = p[3], p[2]
			sign = 1
			for i = 3, n do
				local sx = s[i]
				if sx ~= 1 then s[i] = sx - 1; break end
				if i == n then return sum, most end
				s[i] = i
				local t = p[1]
				for j = 1, i do p[j] = p[j + 1] end
				p[i + 1] = t
			end
		end
	end
end

local function life(generations)
	local w, h = 40, 24
	local g = {}
	for i = 0, w * h - 1 do g[i] = (i * i * 7 + i) % 11 < 4 and 1 or 0 end
	for _ = 1, generations do
		local n = {}
		for y = 0, h - 1 do
			for x = 0, w - 1 do
				local c = 0
				for dy = -1, 1 do
					for dx = -1, 1 do
						if dx ~= 0 or dy ~= 0 then c = c + g[(y + dy) % h * w + (x + dx) % w] end
					end
				end
				n[y * w + x] = (c == 3 or c == 2 and g[y * w + x] == 1) and 1 or 0
			end
		end
		g = n
	end
	local alive, hash = 0, 0
	for i = 0, w * h - 1 do
		alive = alive + g[i]
		hash = (hash * 3 + g[i]) & 0xffffffff
	end
	return alive, hash
end

-- Programs made as text, compiled, dumped, loaded again and run.
local function generated(k)
	local parts = {"local a, b, c = ...\n"}
	for i = 1, 150 do
		parts[#parts + 1] = ("a = (a * %d + b) %% 1000003; b = b ~ a; c = c .. a %% 10; if #c > 50 then c = c:sub(2) end\n"):format(i + k)
	end
	parts[#parts + 1] = "return a, b, c"
	local text = table.concat(parts)
	local f = assert(load(text, "=generated"))
	local g = assert(load(string.dump(f), "dumped", "b"))
	local stripped = assert(load(string.dump(f, true)))
	local a1, b1, c1 = f(k, 2, "x")
	local a2, b2, c2 = g(k, 2, "x")
	local a3, b3, c3 = stripped(k, 2, "x")
	assert(a1 == a2 and b1 == b3 and c2 == c3)
	local i = 0
	local pieces = load(function() i = i + 1; return parts[i] end)
	assert(pieces(k, 2, "x") == a1)
	return a1, b1, c1
end

local function serialize(v, indent)
	if type(v) == "table" then
		local keys, t = {}, {}
		for key in pairs(v) do keys[#keys + 1] = key end
		table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
		for _, key in ipairs(keys) do
			t[#t + 1] = indent .. " [" .. ("%q"):format(key) .. "]=" .. serialize(v[key], indent .. " ")
		end
		return "{\n" .. table.concat(t, ",\n") .. "\n" .. indent .. "}"
	end
	return ("%q"):format(v)
end

local function round_trip(k)
	local v = {list = {}, map = {}, flags = {true, false}}
	for i = 1, 60 do
		v.list[i] = i * 1.25 / k
		v.map["key " .. i] = {id = i, text = ("t"):rep(i % 9) .. "\n\"quoted\""}
	end
	local s = serialize(v, "")
	local again = serialize(load("return " .. s)(), "")
	assert(s == again)
	return #s
end

closures()
for k = 1, rounds do
	print("round", k, gotos(90 + k), matrices(30 + k % 5))
	print(nbody(1500), fannkuch(7))
	print(life(12), round_trip(k))
	print(generated(k))
end
