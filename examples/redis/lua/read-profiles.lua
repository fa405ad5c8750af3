-- Reads the profiles whose ids are in a range of a sorted set, and the schema version, from one snapshot.
--
-- KEYS  the schema; the sorted set; the columns to read
-- ARGV  the bounds of the range; the limit; the position of the customer id within a member

local members = redis.call('ZRANGEBYLEX', KEYS[2], ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])
local customerIds = {}
for index, member in ipairs(members) do
  customerIds[index] = string.sub(member, tonumber(ARGV[4]) + 1)
end

local reply = { redis.call('HGET', KEYS[1], 'version'), customerIds }
for column = 3, #KEYS do
  reply[column] = #customerIds > 0 and redis.call('HMGET', KEYS[column], unpack(customerIds)) or {}
end
return reply
