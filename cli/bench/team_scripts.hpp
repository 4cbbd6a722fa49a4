#pragma once

/// What a team's members have Redis do in one step. All of it goes by Redis's own clock, in milliseconds.
namespace leat::cli::team_scripts {

/// Comes to a team that gathers; those that were not heard of for 5 s have gone again. A team that ran and
/// was left by all is no team any more. Whoever asks again, as the answer was lost, has come. KEYS: the team,
/// its members; ARGV: id, size, plan, name, threads.
inline constexpr const char* kJoin = R"(
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function silent(id) return now - tonumber(redis.call('HGET', KEYS[1], 'seen:' .. id) or '0') end
local ids = redis.call('LRANGE', KEYS[2], 0, -1)
for _, id in ipairs(ids) do
  if id == ARGV[1] then return {'joined'} end
end
if redis.call('HGET', KEYS[1], 'state') == 'running' then
  for _, id in ipairs(ids) do
    if silent(id) < 15000 then return {'running'} end
  end
  redis.call('DEL', KEYS[1], KEYS[2])
  ids = {}
end
for _, id in ipairs(ids) do
  if silent(id) > 5000 then redis.call('LREM', KEYS[2], 0, id) end
end
if redis.call('LLEN', KEYS[2]) == 0 then
  redis.call('DEL', KEYS[1], KEYS[2] .. ':left')
  redis.call('HSET', KEYS[1], 'state', 'gathering', 'size', ARGV[2], 'plan', ARGV[3],
             'epoch', time[1] .. '.' .. time[2])
end
local size = redis.call('HGET', KEYS[1], 'size')
if size ~= ARGV[2] then return {'size', size} end
local plan = redis.call('HGET', KEYS[1], 'plan')
if plan ~= ARGV[3] then return {'plan', plan} end
redis.call('RPUSH', KEYS[2], ARGV[1])
redis.call('HSET', KEYS[1], 'seen:' .. ARGV[1], string.format('%.0f', now), 'name:' .. ARGV[1], ARGV[4],
           'threads:' .. ARGV[1], ARGV[5])
if redis.call('LLEN', KEYS[2]) == tonumber(size) then redis.call('HSET', KEYS[1], 'state', 'running') end
redis.call('EXPIRE', KEYS[1], 86400)
redis.call('EXPIRE', KEYS[2], 86400)
return {'joined'}
)";

/// Tells that a member lives, and gives state, epoch, and for each member its id, name, threads, and how long
/// nothing was heard of it. Nothing for one that is no member any more. KEYS as above; ARGV: id.
inline constexpr const char* kLook = R"(
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ids = redis.call('LRANGE', KEYS[2], 0, -1)
local found = false
for _, id in ipairs(ids) do found = found or id == ARGV[1] end
if not found then return {} end
redis.call('HSET', KEYS[1], 'seen:' .. ARGV[1], string.format('%.0f', now))
redis.call('EXPIRE', KEYS[1], 86400)
redis.call('EXPIRE', KEYS[2], 86400)
local told = redis.call('HMGET', KEYS[1], 'state', 'epoch')
for _, id in ipairs(ids) do
  local member = redis.call('HMGET', KEYS[1], 'name:' .. id, 'threads:' .. id, 'seen:' .. id)
  for _, word in ipairs({id, member[1], member[2], string.format('%.0f', now - tonumber(member[3] or '0'))}) do
    told[#told + 1] = word
  end
end
return told
)";

/// Says that a member is ready for a run, and gives the instant of its start in microseconds once all are, a
/// lead after the last one came. KEYS: who is ready, the instant; ARGV: id, size, lead.
inline constexpr const char* kMeet = R"(
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], 3600)
local start = redis.call('GET', KEYS[2])
if not start and redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[2]) then
  local time = redis.call('TIME')
  start = string.format('%.0f', time[1] * 1000000 + time[2] + ARGV[3] * 1000)
  redis.call('SET', KEYS[2], start, 'EX', 3600)
end
return start or ''
)";

/// A member has all that it needs, or no longer waits for the others. The last one removes the team. KEYS as
/// with kJoin; ARGV: id.
inline constexpr const char* kLeave = R"(
redis.call('HDEL', KEYS[1], 'seen:' .. ARGV[1])
if redis.call('HGET', KEYS[1], 'state') == 'gathering' then
  redis.call('LREM', KEYS[2], 0, ARGV[1])
  if redis.call('LLEN', KEYS[2]) == 0 then redis.call('DEL', KEYS[1]) end
  return 0
end
redis.call('SADD', KEYS[2] .. ':left', ARGV[1])
redis.call('EXPIRE', KEYS[2] .. ':left', 3600)
if redis.call('SCARD', KEYS[2] .. ':left') >= redis.call('LLEN', KEYS[2]) then
  redis.call('DEL', KEYS[1], KEYS[2], KEYS[2] .. ':left')
end
return 0
)";

}  // namespace leat::cli::team_scripts
