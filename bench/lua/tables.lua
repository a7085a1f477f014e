local n, keep, sum = tonumber(arg[1]) or 1000000, {}, 0
for i = 1, n do
	local o = {id = i, name = "n" .. i % 100, next = keep[i % 50]}
	keep[i % 50] = i % 500 < 450 and o or nil
	sum = sum + #o.name + (o.next and o.next.id or 0) % 7
end
print(sum)
