-- Stores the next version of a schema if the current one is the expected one ('0' for none).
--
-- KEYS  the schema
-- ARGV  the expected version; the document

local version = redis.call('HGET', KEYS[1], 'version')
if (version or '0') ~= ARGV[1] then
  return { 'schema_changed', version }
end
redis.call('HSET', KEYS[1], 'document', ARGV[2])
redis.call('HINCRBY', KEYS[1], 'version', 1)
return { 'committed' }
