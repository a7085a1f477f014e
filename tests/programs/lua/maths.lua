-- The math library; integer and float semantics; numbers to text and back; number crunching.
-- full: 1200
local rounds = tonumber(arg and arg[1]) or 60

local function show(...)
	local t = table.pack(...)
	for i = 1, t.n do
		local v = t[i]
		if math.type(v) == "float" then
			t[i] = v ~= v and "nan" or ("%.13g"):format(v) .. "f"
		else
			t[i] = tostring(v)
		end
	end
	print(table.concat(t, " "))
end

local function library()
	local xs = {0, 1, -1, 0.5, -0.5, 2, 10, 1e-5, 100.25, -7.75, 3}
	for _, x in ipairs(xs) do
		show(x, math.abs(x), math.ceil(x), math.floor(x), math.sin(x), math.cos(x), math.tan(x), math.exp(x),
			math.fmod(x, 3), math.modf(x))
		show(x > 0 and math.sqrt(x), x > 0 and math.log(x), x > 0 and math.log(x, 2), x > 0 and math.log(x, 10),
			x > 0 and math.log(x, 3), math.abs(x) <= 1 and math.asin(x), math.abs(x) <= 1 and math.acos(x),
			math.atan(x), math.atan(x, -2), math.atan(-x, 0.5))
	end
	show(math.pi, math.huge, -math.huge, math.maxinteger, math.mininteger)
	show(math.max(1, 2.5, -3), math.min(4, 2, 9.5), math.ult(1, -1), math.ult(-1, 1))
	show(math.tointeger(3.0), math.tointeger(3.5), math.tointeger("8"), math.type(1), math.type(1.0),
		math.type("1"))
	show(math.deg(math.pi), math.rad(180), math.fmod(-7, 3), math.fmod(7, -3), math.fmod(-7.5, 2))
	show(pcall(math.fmod, 1, 0), math.fmod(1, 0.0) ~= math.fmod(1, 0.0))
	show(pcall(math.floor, "x"), math.floor(-0.0), 1 / math.floor(-0.0) < 0)
end

local function semantics()
	show(1 // 0.0, -1 // 0.0, 0.0 / 0.0 ~= 0.0 / 0.0, 7 // 2, -7 // 2, 7 // -2, 7.0 // 2, -7.5 // 2)
	show(7 % 3, -7 % 3, 7 % -3, -7 % -3, 7.5 % 2, -7.5 % 2, 5 % math.huge, -5 % math.huge)
	show(pcall(function() return 1 // 0 end), pcall(function() return 1 % 0 end))
	show(math.maxinteger + 1 == math.mininteger, math.mininteger - 1, math.maxinteger * 2, -math.mininteger)
	show(math.maxinteger + 1.0, math.mininteger // -1, math.mininteger % -1, 1 << 63, 1 << 64, 1 << -1,
		-1 >> 1, 2^53 == 2^53 + 1, 3 | 4, 7 & 2, 5 ~ 1, ~0, 1.0 << 2)
	show(pcall(function() return 1.5 | 1 end), pcall(function() return "a" | 1 end),
		pcall(function() return 2^63 | 0 end), 3.0 | 0)
	show(1 == 1.0, math.maxinteger == math.maxinteger + 0.0, math.maxinteger < math.maxinteger + 0.0,
		1 < 1.5, -1 < 0.0, "10" < "9", 2^63 > math.maxinteger, -2^63 >= math.mininteger)
	show(10 / 2, 3 * 1.0, 2^2, 7 // 1.0, 1e15, 1e16, 123456789012345678, 0.1, 1e100, -0.0, 100 // 1e-300)
	for _, s in ipairs{"10", "0x1F", "  7  ", "1e2", "0x1p4", "0x.8", "1.", ".5", "5e+1", "0xA.8p1", "", " ", "1x",
			"0x", "1e", "nan", "inf", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
			"0xffffffffffffffffff", "1 2", "1e400", "-0", "0x-1", "1_000"} do
		show("[" .. s .. "]", tonumber(s))
	end
	show(tonumber("z", 36), tonumber("-ff", 16), tonumber("8", 8), tonumber("1010", 2), tonumber("7fffffffffffffff",
		16), pcall(tonumber, "1", 99))
	local n = 0
	for i = math.maxinteger - 2, math.maxinteger do n = n + 1 end
	for i = 1, 0 do n = n + 100 end
	for i = 1.0, 2.0, 0.25 do n = n + i end
	for i = 3, 1, -1 do n = n + i end
	show(n, pcall(function() for i = 1, 10, 0 do end end))
	show(pcall(function() for i = "a", 2 do end end))
end

local function randoms(k)
	math.randomseed(k, 77)
	local h = 0
	for i = 1, 2000 do
		h = (h * 33 + math.random(0)) ~ (h >> 29)
		h = h + math.random(1, 6) + math.random(100) + math.random(math.mininteger, math.maxinteger)
	end
	local f = 0
	for i = 1, 2000 do f = f + math.random() end
	return h, f, math.random(-5, 5)
end

local function integrate(f, a, b, n)
	local h, s = (b - a) / n, 0.0
	for i = 0, n - 1 do
		s = s + f(a + (i + 0.5) * h)
	end
	return s * h
end

local function primes(n)
	local count, last = 0, 0
	local composite = {}
	for i = 2, n do
		if not composite[i] then
			count, last = count + 1, i
			for j = i * i, n, i do composite[j] = true end
		end
	end
	return count, last
end

-- Integers of any size, base 10^7.
local function factorial(n)
	local d = {1}
	for k = 2, n do
		local carry = 0
		for i = 1, #d do
			local v = d[i] * k + carry
			d[i] = v % 10000000
			carry = v // 10000000
		end
		while carry > 0 do
			d[#d + 1] = carry % 10000000
			carry = carry // 10000000
		end
	end
	local s = {tostring(d[#d])}
	for i = #d - 1, 1, -1 do s[#s + 1] = ("%07d"):format(d[i]) end
	return table.concat(s)
end

local function mandelbrot(n)
	local total = 0
	for y = 0, n - 1 do
		local ci = 2.0 * y / n - 1
		for x = 0, n - 1 do
			local cr = 2.0 * x / n - 1.5
			local zr, zi, i = 0.0, 0.0, 0
			while i < 30 and zr * zr + zi * zi <= 4 do
				zr, zi, i = zr * zr - zi * zi + cr, 2 * zr * zi + ci, i + 1
			end
			total = total + i
		end
	end
	return total
end

local function gcd(a, b) while b ~= 0 do a, b = b, a % b end return a end

local function modpow(b, e, m)
	local r = 1
	while e > 0 do
		if e & 1 == 1 then r = r * b % m end
		b, e = b * b % m, e >> 1
	end
	return r
end

library()
semantics()
for k = 1, rounds do
	show("round", k, randoms(k))
	show(integrate(math.sin, 0, math.pi, 3000 + k), integrate(function(x) return x^2.5 end, 0, 2, 3000))
	show(primes(8000 + k))
	local f = factorial(150 + k)
	show(#f, f:sub(1, 30))
	show(mandelbrot(40 + k % 7))
	local g, p = 0, 0
	for i = 1, 1500 do
		g = g + gcd(i * 7919, 1000000 + k)
		p = (p + modpow(i, 1000003, 998244353)) % 1000000007
	end
	show(g, p)
end
