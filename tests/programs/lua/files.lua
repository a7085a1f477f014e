-- io and os: files open, read, written and positioned while the program may be moved.
-- full: 50
local rounds = tonumber(arg and arg[1]) or 3

local function library()
	local name = os.tmpname()
	local f = assert(io.open(name, "w"))
	print(io.type(f), io.type(io.stdout), io.type("x"), f:seek("cur"))
	f:write("first line\n", 12, " ", 3.5, " 0x1F -7e2\n", "third\n\nfifth without newline")
	print(f:seek("cur"), f:seek("set", 3), f:seek("end"))
	f:close()
	print(io.type(f), pcall(f.write, f, "x"))
	f = assert(io.open(name))
	print(f:read("l"), f:read("n", "n", "n", "n"))
	print(f:read("L"), f:read(3, 0), f:read("l"), f:read("L"), f:read("a"), f:read("a"), f:read("l"), f:read(0))
	print(f:seek("set", 6), f:read(4), f:seek("cur", -2), f:read(2))
	f:close()
	local lines = {}
	for line in io.lines(name) do lines[#lines + 1] = #line end
	for a, b in io.lines(name, 1, "L") do lines[#lines + 1] = a:byte() .. ":" .. #b end
	print(table.concat(lines, " "))
	f = assert(io.open(name, "a+"))
	f:write("\nappended")
	f:seek("set")
	print(#f:read("a"))
	f:close()
	f = assert(io.open(name, "r+"))
	f:write("FIRST")
	f:seek("cur", 0)
	print(f:read("l"))
	print(f:setvbuf("full", 1024), f:setvbuf("no"), f:setvbuf("line"), io.type(f:write("x")), io.type(f), f:flush() == f)
	f:close()
	print(io.open("no/such/file"))
	print(pcall(io.open, name, "bad mode"))
	print(pcall(io.lines, "no such file"))
	io.output(name)
	io.write("through the default output\n")
	io.close()
	io.output(io.stdout)
	io.input(name)
	print(io.read("a"))
	io.close(io.input())
	io.input(io.stdin)
	local second = os.tmpname()
	print(os.rename(name, second), (select(2, os.remove(name)) or ""):match("No such file") ~= nil)
	print(os.remove(second))
	f = io.tmpfile()
	f:write("temporary")
	f:seek("set", 4)
	print(f:read("a"))
	f:close()
	do
		local closed <close> = assert(io.open(second, "w"))
		closed:write("closed by scope")
	end
	for l in io.lines(second) do print(l) end
	os.remove(second)
end

local function system()
	print(os.date("!%Y-%m-%d %H:%M:%S %a %b %j %p %%", 1000000000))
	local d = os.date("!*t", 86400 * 365)
	print(d.year, d.month, d.day, d.hour, d.min, d.sec, d.wday, d.yday, d.isdst)
	print(os.time{year = 2020, month = 2, day = 30, hour = 12} - os.time{year = 2020, month = 1, day = 1, hour = 12})
	local n = {year = 2021, month = 14, day = -3}
	os.time(n)
	print(n.year, n.month, n.day)
	print(pcall(os.time, {year = 2020}), pcall(os.date, "%Ez", 0), pcall(os.date, "%Q", 0))
	print(os.getenv("HCC_NO_SUCH_VARIABLE"), os.getenv("PATH") ~= nil, os.difftime(10, 5))
	print(os.setlocale(), os.setlocale("C"), os.setlocale(nil, "numeric"), os.setlocale("no-such-locale"))
	print(type(os.time()), type(os.clock()), os.clock() >= 0)
	print(os.execute("exit 3"))
	print(os.execute("true"), os.execute() ~= nil)
	local p = io.popen("echo from a pipe; exit 2")
	print(p:read("a"), p:close())
	p = io.popen("cat >/dev/null", "w")
	p:write("to a pipe")
	print(p:close())
end

-- Three files open all the time: one written, one read, one both, with positions that matter.
local function long_lived(k)
	local source, target, index = os.tmpname(), os.tmpname(), os.tmpname()
	local f = assert(io.open(source, "w"))
	for i = 1, 1500 do
		f:write(("%05d %s %.3f\n"):format(i * k % 100000, ("abc"):rep(i % 5), i / 7))
	end
	f:close()
	local input = assert(io.open(source, "r"))
	local output = assert(io.open(target, "w"))
	local random = assert(io.open(index, "w+b"))
	local sum, texts = 0, 0
	while true do
		local n = input:read("n")
		if not n then break end
		local rest = input:read("l")
		sum = sum + n
		texts = texts + #rest
		output:write(n * 2, "|", rest, "\n")
		random:seek("set", (n * 37 % 1000) * 8)
		random:write(string.pack("<i8", n))
		random:seek("set", (n * 11 % 1000) * 8)
		local cell = random:read(8)
		if cell and #cell == 8 then sum = sum + string.unpack("<i8", cell) end
	end
	print(sum, texts, input:seek(), output:seek(), random:seek("end"))
	output:close()
	input:close()
	random:close()
	local count, h = 0, 0
	for line in io.lines(target) do
		count = count + 1
		for i = 1, #line, 7 do h = (h * 31 + line:byte(i)) & 0xffffffff end
	end
	print(count, h)
	input = assert(io.open(target))
	local backwards, at = {}, input:seek("end")
	while at > 0 do
		at = math.max(0, at - 997)
		input:seek("set", at)
		backwards[#backwards + 1] = #input:read(math.min(997, 10 + at % 100))
	end
	print(#backwards, table.concat(backwards, "", 1, 10))
	input:close()
	os.remove(source)
	os.remove(target)
	os.remove(index)
end

library()
system()
for k = 1, rounds do
	print("round", k)
	for j = 1, 8 do long_lived(k * 8 + j) end
end
