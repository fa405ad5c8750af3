-- Reads the profiles whose ids stand in a range of a sorted set, and the version of the schema, all at one instant.
--
-- KEYS  the schema; the sorted set; the columns to read
-- ARGV  the bounds of the range; how many members at most; how many characters of a member come before its customer id

local members = redis.call('ZRANGEBYLEX', KEYS[2], ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])
local customerIds = {}
for index, member in ipairs(members) do
  customerIds[index] = string.sub(member, tonumber(ARGV[4]) + 1)
end

local answer = { redis.call('HGET', KEYS[1], 'version'), customerIds }
for column = 3, #KEYS do
  answer[column] = #customerIds > 0 and redis.call('HMGET', KEYS[column], unpack(customerIds)) or {}
end
return answer
