local n = tonumber(arg[1]) or 5000000
local Account = {}
Account.__index = Account
function Account.new() return setmetatable({balance = 0}, Account) end
function Account:deposit(v) self.balance = self.balance + v return self end
local function apply(f, ...) return f(...) end
local a, add = Account.new(), function(x, y) return x + y end
for i = 1, n do
	a:deposit(i % 3)
	apply(add, i, 1)
	if i % 100 == 0 then pcall(add, i, 2) end
end
print(a.balance)
