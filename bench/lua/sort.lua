local n, seed, t = tonumber(arg[1]) or 300000, 42, {}
for i = 1, n do
	seed = (seed * 1103515245 + 12345) & 0x7fffffff
	t[i] = seed
end
table.sort(t)
table.sort(t, function(a, b) return a > b end)
print(t[1], t[n])
