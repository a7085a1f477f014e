local n = tonumber(arg[1]) or 300
local a, b, c = {}, {}, {}
for i = 1, n do
	a[i], b[i], c[i] = {}, {}, {}
	for j = 1, n do a[i][j], b[i][j] = i + j, i - j end
end
for i = 1, n do
	local ai, ci = a[i], c[i]
	for j = 1, n do
		local s = 0.0
		for k = 1, n do s = s + ai[k] * b[k][j] end
		ci[j] = s
	end
end
print(c[n // 2][n // 3])
