-- Applies all changes of a commit, or none: it first checks for every conflict, then writes. Redis executes a script
-- atomically, so commits are serialized and no reader sees a partial one.
--
-- KEYS  the schema; the customer ids; the columns, beginning with revision and createdAt; the entries of each index key
-- ARGV  the changes, in the format of commit-call.ts. Documents are opaque: nothing here parses JSON.

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
  change.clearedColumns = takeList(takeKey)
  change.removeEntries = takeList(takeEntry)
  change.addEntries = takeList(takeEntry)
  return change
end

local SCHEMA, CUSTOMER_IDS, REVISIONS, CREATED_AT = KEYS[1], KEYS[2], KEYS[3], KEYS[4]

-- The holder of each unique entry after the changes checked so far; '' for none.
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

local function conflictOf(change)
  local revision = redis.call('HGET', REVISIONS, change.customerId)
  if change.kind == 'create' then
    if revision then
      return 'id_taken'
    end
  elseif revision ~= change.expectedRevision
    or redis.call('HGET', CREATED_AT, change.customerId) ~= change.createdAt then
    return 'revision_changed', revision
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

-- Applies a change, and returns the revision of its profile.
local function apply(change)
  for _, entry in ipairs(change.removeEntries) do
    redis.call('ZREM', entry.entries, entry.digest .. change.customerId)
  end
  for _, entry in ipairs(change.addEntries) do
    redis.call('ZADD', entry.entries, 0, entry.digest .. change.customerId)
  end
  for _, value in ipairs(change.values) do
    redis.call('HSET', value.column, change.customerId, value.text)
  end
  for _, column in ipairs(change.clearedColumns) do
    redis.call('HDEL', column, change.customerId)
  end
  if change.kind == 'create' then
    redis.call('ZADD', CUSTOMER_IDS, 0, change.customerId)
  elseif change.kind == 'delete' then
    redis.call('ZREM', CUSTOMER_IDS, change.customerId)
    return change.expectedRevision + 1
  elseif change.kind == 'index' then
    return tonumber(change.expectedRevision)
  end
  return redis.call('HINCRBY', REVISIONS, change.customerId, 1)
end

local changes = {}
while position < #ARGV do
  changes[#changes + 1] = takeChange()
end

local version = redis.call('HGET', SCHEMA, 'version')
for _, change in ipairs(changes) do
  if change.schemaVersion ~= version then
    return { 'schema_changed', version }
  end
end
for index, change in ipairs(changes) do
  local outcome, detail = conflictOf(change)
  if outcome then
    return { outcome, index - 1, detail }
  end
end
local reply = { 'committed' }
for index, change in ipairs(changes) do
  reply[index + 1] = apply(change)
end
return reply
