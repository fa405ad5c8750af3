-- Reads the profiles whose ids are in a range of a sorted set, and the schema version, from one snapshot.
--
-- KEYS  the schema; the sorted set; the columns to read
-- ARGV  the bounds of the range; the limit; the position of the customer id within a member; the most bytes of a page

local members = redis.call('ZRANGEBYLEX', KEYS[2], ARGV[1], ARGV[2], 'LIMIT', 0, tonumber(ARGV[3]) + 1)
local customerIds, bytes = {}, 0
for index, member in ipairs(members) do
  local customerId = string.sub(member, tonumber(ARGV[4]) + 1)
  for column = 3, #KEYS do
    bytes = bytes + redis.call('HSTRLEN', KEYS[column], customerId)
  end
  if index > tonumber(ARGV[3]) or index > 1 and bytes > tonumber(ARGV[5]) then
    break
  end
  customerIds[index] = customerId
end

local more = #customerIds < #members and 1 or 0
local reply = { redis.call('HGET', KEYS[1], 'version'), more, customerIds }
for column = 3, #KEYS do
  reply[column + 1] = #customerIds > 0 and redis.call('HMGET', KEYS[column], unpack(customerIds)) or {}
end
return reply
