-- Carries out all changes of a commit, or none: first every obstacle is looked for, then everything is written. Redis
-- runs a script from end to end before it does anything else, so commits come one after the other, and nobody sees a
-- state between.
--
-- KEYS  the schema; the customer ids; the columns, first those of the revisions and of the times of creation; the entries
--       of each index key
-- ARGV  the number of columns; then the changes, as commit-call.ts lays them out. Documents pass through as they are:
--       nothing here reads JSON.

local position = 0
local function take()
  position = position + 1
  return ARGV[position]
end

local function takeKey()
  return KEYS[tonumber(take())]
end

local function takeList(takeItem)
  local list = {}
  for index = 1, tonumber(take()) do
    list[index] = takeItem()
  end
  return list
end

local function takeValue()
  local column = takeKey()
  return { column = column, text = take() }
end

local function takeEntry()
  local entries = takeKey()
  local digest = take()
  return { entries = entries, digest = digest, unique = take() == 'unique' }
end

local function takeChange()
  local change = { kind = take() }
  change.customerId = take()
  change.schemaVersion = take()
  change.expectedRevision = take()
  change.createdAt = take()
  change.values = takeList(takeValue)
  change.removeEntries = takeList(takeEntry)
  change.addEntries = takeList(takeEntry)
  return change
end

local SCHEMA, CUSTOMER_IDS, REVISIONS, CREATION_TIMES, FIRST_COLUMN = KEYS[1], KEYS[2], KEYS[3], KEYS[4], 3
local LAST_COLUMN = FIRST_COLUMN + tonumber(take()) - 1

-- Who has a unique entry, as the changes that were looked at so far leave it; '' is nobody.
local holders = {}

local function holderOf(entry)
  local name = entry.entries .. entry.digest
  if not holders[name] then
    local from, to = '[' .. entry.digest, '(' .. entry.digest .. string.char(127)
    local member = redis.call('ZRANGEBYLEX', entry.entries, from, to, 'LIMIT', 0, 1)[1]
    holders[name] = member and string.sub(member, #entry.digest + 1) or ''
  end
  return holders[name]
end

local function setHolder(entry, customerId)
  holders[entry.entries .. entry.digest] = customerId
end

local function obstacleTo(change)
  local revision = redis.call('HGET', REVISIONS, change.customerId)
  if change.kind == 'create' then
    if revision then
      return 'id_taken'
    end
  elseif revision ~= change.expectedRevision
    or redis.call('HGET', CREATION_TIMES, change.customerId) ~= change.createdAt then
    return 'revision_moved', revision
  end
  for _, entry in ipairs(change.removeEntries) do
    if entry.unique and holderOf(entry) == change.customerId then
      setHolder(entry, '')
    end
  end
  for _, entry in ipairs(change.addEntries) do
    if entry.unique then
      local holder = holderOf(entry)
      if holder ~= '' and holder ~= change.customerId then
        return 'entry_taken', entry.entries
      end
      setHolder(entry, change.customerId)
    end
  end
end

local function carryOut(change)
  for _, entry in ipairs(change.removeEntries) do
    redis.call('ZREM', entry.entries, entry.digest .. change.customerId)
  end
  for _, entry in ipairs(change.addEntries) do
    redis.call('ZADD', entry.entries, 0, entry.digest .. change.customerId)
  end
  for _, value in ipairs(change.values) do
    redis.call('HSET', value.column, change.customerId, value.text)
  end
  if change.kind == 'create' then
    redis.call('ZADD', CUSTOMER_IDS, 0, change.customerId)
  end
  if change.kind == 'create' or change.kind == 'update' then
    redis.call('HINCRBY', REVISIONS, change.customerId, 1)
  end
  if change.kind == 'delete' then
    redis.call('ZREM', CUSTOMER_IDS, change.customerId)
    for column = FIRST_COLUMN, LAST_COLUMN do
      redis.call('HDEL', KEYS[column], change.customerId)
    end
  end
end

local changes = {}
while position < #ARGV do
  changes[#changes + 1] = takeChange()
end

local version = redis.call('HGET', SCHEMA, 'version')
for _, change in ipairs(changes) do
  if change.schemaVersion ~= version then
    return { 'schema_moved', version }
  end
end
for number, change in ipairs(changes) do
  local outcome, detail = obstacleTo(change)
  if outcome then
    return { outcome, number - 1, detail }
  end
end
for _, change in ipairs(changes) do
  carryOut(change)
end
return { 'committed' }
