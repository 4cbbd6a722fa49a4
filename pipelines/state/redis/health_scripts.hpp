#pragma once

#include "pipelines/state/redis/job_scripts.hpp"

/// What the processes of a job tell each other of origins that do not answer well: see job_scripts, which
/// says how keys and arguments are. The key is
///
/// - B.P}:health: origins that are doubtful or down, and what is known of them, as JSON: kind, since when,
/// silent since when, when the next probe is due, how many records it has failed, when this lapses, and the
/// code, status and message of the last failure. The key lapses with the last of them
namespace leat::pipelines::job_scripts {

/// Something was found out about origins. ARGV[4] how many parts they have, [5…] of each: partition, origin,
/// kind (doubtful, down or well), since how long, silent since how long, how long until the next probe,
/// records, how long this is to be known, code, status and message. Only what the holder of one of its parts
/// says counts: another one may have been away for long. Those that have lapsed are taken out now and then.
/// What is found out anew is news for those who have other parts.
inline constexpr Script kTellHealth{R"(#!lua flags=allow-oom
local base, me = ARGV[1], ARGV[3]
if redis.call('HGET', KEYS[1], 'uid') ~= ARGV[2] then return {'gone'} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local parts, mine = tonumber(ARGV[4]), {}
local owners = redis.call('HGETALL', base .. '}:owners')
for i = 1, #owners, 2 do mine[tonumber(owners[i])] = owners[i + 1] == me end
local function is_mine(home)
  for k = 0, parts - 1 do
    if mine[(home + k) % 64] then return true end
  end
end
local function tell(origin, known)
  local news = base .. '}:news'
  redis.call('XADD', news, 'MINID', '~', string.format('%.0f', now - 60000), '*', 'by', me, 'origin', origin,
             'health', known)
  redis.call('PEXPIRE', news, 60000)
end
for i = 5, #ARGV, 11 do
  local key, origin, keep = base .. '.' .. ARGV[i] .. '}:health', ARGV[i + 1], tonumber(ARGV[i + 7])
  if not is_mine(tonumber(ARGV[i])) then
  elseif ARGV[i + 2] == 'well' then
    if redis.call('HDEL', key, origin) == 1 and parts > 1 then tell(origin, 'well') end
  else
    local before = redis.call('HGET', key, origin)
    before = before and cjson.decode(before)
    local known = {ARGV[i + 2], now - tonumber(ARGV[i + 3]), now - tonumber(ARGV[i + 4]),
                   now + tonumber(ARGV[i + 5]), tonumber(ARGV[i + 6]), now + keep, ARGV[i + 8],
                   tonumber(ARGV[i + 9]), ARGV[i + 10]}
    local is_new = redis.call('HSET', key, origin, cjson.encode(known)) == 1
    local is_known = before and before[1] == known[1] and before[6] > now
    if parts > 1 and not is_known then tell(origin, cjson.encode(known)) end
    if redis.call('PTTL', key) < keep then redis.call('PEXPIRE', key, keep) end
    if is_new and redis.call('HLEN', key) % 256 == 0 then
      local all = redis.call('HGETALL', key)
      for j = 1, #all, 2 do
        if cjson.decode(all[j + 1])[6] <= now then redis.call('HDEL', key, all[j]) end
      end
    end
  end
end
return {'ok'}
)"};

/// Which origins of partitions do not answer well. ARGV[4…] the partitions. Answers ok, then of each origin a
/// list: it, kind, since how long, silent since how long, how long until the next probe, records, code,
/// status and message.
inline constexpr Script kHealth{R"(
if redis.call('HGET', KEYS[1], 'uid') ~= ARGV[2] then return {'gone'} end
local time = redis.call('TIME')
local now, answer = time[1] * 1000 + math.floor(time[2] / 1000), {'ok'}
for i = 4, #ARGV do
  local all = redis.call('HGETALL', ARGV[1] .. '.' .. ARGV[i] .. '}:health')
  for j = 1, #all, 2 do
    local known = cjson.decode(all[j + 1])
    if known[6] > now then
      answer[#answer + 1] = {all[j], known[1], now - known[2], now - known[3], known[4] - now, known[5],
                             known[7], known[8], known[9]}
    end
  end
end
return answer
)"};

/// The same of all partitions, for people: the number of origins, then lists as those of kHealth, of 100 at
/// most.
inline constexpr Script kAllHealth{R"(
local time = redis.call('TIME')
local now, answer, count = time[1] * 1000 + math.floor(time[2] / 1000), {0}, 0
for p = 0, 63 do
  local all = redis.call('HGETALL', ARGV[1] .. '.' .. p .. '}:health')
  for j = 1, #all, 2 do
    local known = cjson.decode(all[j + 1])
    if known[6] > now then
      count = count + 1
      if count <= 100 then
        answer[#answer + 1] = {all[j], known[1], now - known[2], now - known[3], known[4] - now, known[5],
                               known[7], known[8], known[9]}
      end
    end
  end
end
answer[1] = count
return answer
)"};

}  // namespace leat::pipelines::job_scripts
