local n, total = tonumber(arg[1]) or 240, 0
for k = 1, n do
	local t = {}
	for i = 1, 2000 do t[#t + 1] = ("%d:%s"):format(i * k, ("x"):rep(i % 7)) end
	local s = table.concat(t, ",")
	for w in s:gmatch("%d+") do total = total + #w end
	total = total + #s:gsub("x+", "y"):upper():reverse()
end
print(total)
