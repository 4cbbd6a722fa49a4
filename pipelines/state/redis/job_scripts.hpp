#pragma once

/// What the processes of a job have Redis do in one step each. Time is Redis's own, in milliseconds.
///
/// Keys, where B is "leat:{JOB": B} holds what belongs to the whole job, B.P} what belongs to the partition
/// P. KEYS[1] is the job's hash; ARGV[1] is B, ARGV[2] the job's own number, ARGV[3] the process. A script
/// that finds another number, or no job, answers "gone". Each is written so that it does no harm when it is
/// done a second time because its answer was lost.
///
/// - B}:job: format, uid, config, leat, made, over, position, hash, exhausted, reader, reader_fence
/// - B}:alive: processes by the time at which they lapse
/// - B}:processes: their names, and how many records each has ended
/// - B}:puts: how often each process has added records
/// - B}:owners: partitions by their holder; B}:fences: how often each was given away
/// - B}:sums: created and done, outcomes and error codes; B}:hosts: failures by host; B}:failures: the last
/// of them
/// - B}:passed:S: what a `limit` or `skip` has let pass; B}:wanted: the job's records that those came of
/// - B.P}:queue: records that live, a stream
/// - B.P}:first:S: of each key of a `dedupe`, or page of a `crawl`, the first record
/// - B.P}:parked: origins that have asked to be left alone, and until when; it lapses with the last of them
/// - B}:news: of a job whose origins are in parts, what was told of them in the last minute, a stream: by
/// which process, the origin, and until when it is parked or how it answers. What belongs to an origin stands
/// in the partition of its first part
namespace leat::pipelines::job_scripts {

struct Script {
  const char* text;
};

/// ARGV[4] format, [5] config, [6] leat's version, [7] whether to make it. Answers new, known, format,
/// foreign or none, then uid, config and format.
inline constexpr Script kJoin{R"(
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'hash' and kind ~= 'none' then return {'foreign', kind} end
if kind == 'none' then
  if ARGV[7] ~= '1' then return {'none'} end
  local time = redis.call('TIME')
  redis.call('HSET', KEYS[1], 'format', ARGV[4], 'uid', ARGV[2], 'config', ARGV[5], 'leat', ARGV[6],
             'made', string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)),
             'position', '0', 'hash', '0', 'exhausted', '0', 'reader', '', 'reader_fence', '0')
  return {'new', ARGV[2], ARGV[5], ARGV[4]}
end
local known = redis.call('HMGET', KEYS[1], 'format', 'uid', 'config', 'leat')
if not known[1] or not known[2] then return {'foreign', kind} end
if known[1] ~= ARGV[4] then return {'format', known[1], known[4] or ''} end
return {known[2] == ARGV[2] and 'new' or 'known', known[2], known[3], known[1]}
)"};

/// The process lives. ARGV[4] how long it may be silent, [5] its name, [6] whether it wants to read the
/// source, [7] how many records it has ended, [8] the last news that it has heard, or '$' before any; '' if
/// it wants none, [9…] partitions that it gives back. Answers: lapsed (it was silent for too long and has
/// lost all), its share of the partitions, reader's fence or -1, position, hash, exhausted, created, done,
/// processes, the last stage that is full or 0, its share of those partitions that have records, once there
/// will be no others, or if origins are in parts and there are many, else -1, and news of other processes: a
/// list that begins with the last of them, and then has a list each, of an origin and for how long it is
/// parked, or as those of kHealth, or of the origin alone if it answers well; then each partition it holds,
/// its fence and its records.
inline constexpr Script kBeat{R"(#!lua flags=allow-oom
local job, base, me = KEYS[1], ARGV[1], ARGV[3]
local known = redis.call('HMGET', job, 'uid', 'exhausted', 'reader', 'reader_fence', 'position', 'hash', 'over',
                         'full')
if known[1] ~= ARGV[2] then return {'gone'} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local alive, owners, fences = base .. '}:alive', base .. '}:owners', base .. '}:fences'
local until_ = tonumber(redis.call('ZSCORE', alive, me) or '0')
local lapsed = until_ <= now
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', alive, '-inf', string.format('%.0f', now))) do
  redis.call('ZREM', alive, dead)
  if dead ~= me then redis.call('HDEL', base .. '}:processes', dead) end
end
redis.call('ZADD', alive, string.format('%.0f', now + tonumber(ARGV[4])), me)
redis.call('HSET', base .. '}:processes', me, ARGV[7] .. ' ' .. ARGV[5])
local owner = {}
local all = redis.call('HGETALL', owners)
for i = 1, #all, 2 do owner[tonumber(all[i])] = all[i + 1] end
for i = 9, #ARGV do
  local p = tonumber(ARGV[i])
  if owner[p] == me then owner[p] = nil redis.call('HDEL', owners, p) end
end
local there, names = {}, redis.call('ZRANGE', alive, 0, -1)
table.sort(names)
local rank = 0
for i, name in ipairs(names) do
  there[name] = true
  if name == me then rank = i - 1 end
end
local exhausted = known[2] == '1'
local counts = redis.call('HMGET', base .. '}:sums', 'created', 'done')
local created, done = tonumber(counts[1] or '0'), tonumber(counts[2] or '0')
local by_records = exhausted or ARGV[8] ~= '' and created - done >= 1000
local mine, free, busy, live = {}, {}, 0, {}
for p = 0, 63 do
  live[p] = redis.call('XLEN', base .. '.' .. p .. '}:queue')
  if live[p] > 0 then busy = busy + 1 end
  if owner[p] == me and lapsed then owner[p] = nil redis.call('HDEL', owners, p) end
  if owner[p] == me then mine[#mine + 1] = p
  elseif not owner[p] or not there[owner[p]] then free[#free + 1] = p end
end
local function share_of(count)
  return math.floor(count / #names) + (rank < count % #names and 1 or 0)
end
local share, busy_share, my_busy = share_of(64), share_of(busy), 0
for _, p in ipairs(mine) do
  if live[p] > 0 then my_busy = my_busy + 1 end
end
for _, p in ipairs(free) do
  local takes = #mine < share
  if by_records and live[p] > 0 then takes = my_busy < busy_share end
  if takes then
    redis.call('HSET', owners, p, me)
    redis.call('HINCRBY', fences, p, 1)
    mine[#mine + 1] = p
    if live[p] > 0 then my_busy = my_busy + 1 end
  end
end
local fence = -1
if known[2] == '0' and ARGV[6] == '1' then
  if known[3] ~= me and not there[known[3]] then
    redis.call('HSET', job, 'reader', me)
    fence = redis.call('HINCRBY', job, 'reader_fence', 1)
  elseif known[3] == me then fence = tonumber(known[4]) end
elseif known[3] == me then redis.call('HSET', job, 'reader', '') end
if exhausted and created == done and not known[7] then
  redis.call('HSET', job, 'over', string.format('%.0f', now))
end
local news = {ARGV[8]}
if ARGV[8] == '$' then
  local last = redis.call('XREVRANGE', base .. '}:news', '+', '-', 'COUNT', 1)
  news[1] = last[1] and last[1][1] or '0-0'
elseif ARGV[8] ~= '' then
  for _, entry in ipairs(redis.call('XRANGE', base .. '}:news', '(' .. ARGV[8], '+', 'COUNT', 500)) do
    news[1] = entry[1]
    local by, origin, kind, said = entry[2][2], entry[2][4], entry[2][5], entry[2][6]
    if by == me then
    elseif kind == 'parked' then news[#news + 1] = {origin, tonumber(said) - now}
    elseif said == 'well' then news[#news + 1] = {origin}
    else
      local told = cjson.decode(said)
      news[#news + 1] = {origin, told[1], now - told[2], now - told[3], told[4] - now, told[5], told[7], told[8],
                         told[9]}
    end
  end
end
local answer = {lapsed and 1 or 0, share, fence, known[5], known[6], known[2], created, done, #names,
                tonumber(known[8] or 0), by_records and busy_share or -1, news}
for _, p in ipairs(mine) do
  answer[#answer + 1] = p
  answer[#answer + 1] = redis.call('HGET', fences, p)
  answer[#answer + 1] = live[p]
end
return answer
)"};

/// Puts records into the job. ARGV[4] the reader's fence, [5] and [6] position before and after, [7] hash,
/// [8] whether these are the last, [9…] partition and text of each. Answers ok, lost, or moved and where to.
inline constexpr Script kPut{R"(
local job, base = KEYS[1], ARGV[1]
local known = redis.call('HMGET', job, 'uid', 'reader', 'reader_fence', 'position', 'exhausted')
if known[1] ~= ARGV[2] then return {'gone'} end
if known[2] ~= ARGV[3] or known[3] ~= ARGV[4] then return {'lost'} end
if ARGV[5] ~= ARGV[6] and known[4] == ARGV[6] then return {'ok'} end
if known[4] ~= ARGV[5] then return {'moved', known[4]} end
for i = 9, #ARGV, 2 do redis.call('XADD', base .. '.' .. ARGV[i] .. '}:queue', '*', 'r', ARGV[i + 1]) end
if #ARGV > 8 then redis.call('HINCRBY', base .. '}:sums', 'created', (#ARGV - 8) / 2) end
redis.call('HSET', job, 'position', ARGV[6], 'hash', ARGV[7])
if ARGV[8] == '1' then redis.call('HSET', job, 'exhausted', '1', 'reader', '') end
return {'ok'}
)"};

/// Gives records of partitions that the process holds. ARGV[4] how many at most, [5…] of each partition: its
/// number, fence, the entry after which to begin, and how many at most. Answers lapsed, or for each one that
/// has some: its number and their ids and texts.
inline constexpr Script kTake{R"(
local base, me = ARGV[1], ARGV[3]
if redis.call('HGET', KEYS[1], 'uid') ~= ARGV[2] then return {'gone'} end
local time = redis.call('TIME')
local until_ = tonumber(redis.call('ZSCORE', base .. '}:alive', me) or '0')
if until_ <= time[1] * 1000 + math.floor(time[2] / 1000) then return {'lapsed'} end
local left, answer, asked = tonumber(ARGV[4]), {'ok'}, {}
for i = 5, #ARGV, 4 do asked[#asked + 1] = ARGV[i] end
local owners = redis.call('HMGET', base .. '}:owners', unpack(asked))
local fences = redis.call('HMGET', base .. '}:fences', unpack(asked))
for i = 5, #ARGV, 4 do
  if left <= 0 then break end
  local p, place, most = ARGV[i], (i - 1) / 4, math.min(left, tonumber(ARGV[i + 3]))
  if owners[place] == me and fences[place] == ARGV[i + 1] then
    local found = redis.call('XRANGE', base .. '.' .. p .. '}:queue', '(' .. ARGV[i + 2], '+', 'COUNT', most)
    if #found > 0 then
      local words = {p}
      for _, entry in ipairs(found) do
        words[#words + 1] = entry[1]
        words[#words + 1] = entry[2][2]
      end
      answer[#answer + 1] = words
      left = left - #found
    end
  end
end
return answer
)"};

/// Records have ended. ARGV[4] how often this process has added records, see kAdd; [5…] of each group of
/// them: partition, outcomes of each and of all that came of it ("0=3 1=2"), host, codes of its errors
/// ("timeout=2", the first one first), url, message, how many they are, and their entries. Only one stands in
/// a group that has errors. Each counts where it was still there: whoever does it a second time changes
/// nothing. Answers ok, or rewound and how often Redis knows of: it may have lost what these records have led
/// to, and they are not done.
inline constexpr Script kEnd{R"(#!lua flags=allow-oom
local base = ARGV[1]
if redis.call('HGET', KEYS[1], 'uid') ~= ARGV[2] then return {'gone'} end
if ARGV[4] ~= '0' then
  local told = redis.call('HGET', base .. '}:puts', ARGV[3]) or '0'
  if tonumber(told) < tonumber(ARGV[4]) then return {'rewound', told} end
end
local sums, hosts = {}, {}
local function add(to, key, count) to[key] = (to[key] or 0) + count end
local i = 5
while i <= #ARGV do
  local first, count = i + 7, tonumber(ARGV[i + 6])
  local gone = redis.call('XDEL', base .. '.' .. ARGV[i] .. '}:queue', unpack(ARGV, first, first + count - 1))
  if gone > 0 then
    add(sums, 'done', gone)
    for outcome, count in string.gmatch(ARGV[i + 1], '(%d+)=(%d+)') do
      add(sums, 'outcome:' .. outcome, gone * count)
    end
    local first_code
    for code, count in string.gmatch(ARGV[i + 3], '([%w_]+)=(%d+)') do
      add(sums, 'code:' .. code, gone * count)
      add(hosts, ARGV[i + 2], gone * count)
      first_code = first_code or code
    end
    if first_code then
      redis.call('LPUSH', base .. '}:failures', cjson.encode({first_code, ARGV[i + 4], ARGV[i + 5]}))
      redis.call('LTRIM', base .. '}:failures', 0, 99)
    end
  end
  i = first + count
end
for name, n in pairs(sums) do redis.call('HINCRBY', base .. '}:sums', name, n) end
for name, n in pairs(hosts) do redis.call('HINCRBY', base .. '}:hosts', name, n) end
return {'ok'}
)"};

/// Origins have asked to be left alone. ARGV[4] how many parts they have, [5…] of each: partition, origin,
/// and for how long from now. Those whose time is over are taken out now and then.
inline constexpr Script kPark{R"(#!lua flags=allow-oom
if redis.call('HGET', KEYS[1], 'uid') ~= ARGV[2] then return {'gone'} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 5, #ARGV, 3 do
  local key, until_ = ARGV[1] .. '.' .. ARGV[i] .. '}:parked', now + tonumber(ARGV[i + 2])
  if until_ > tonumber(redis.call('HGET', key, ARGV[i + 1]) or '0') then
    local is_new = redis.call('HSET', key, ARGV[i + 1], string.format('%.0f', until_)) == 1
    if redis.call('PTTL', key) < tonumber(ARGV[i + 2]) then redis.call('PEXPIRE', key, ARGV[i + 2]) end
    if ARGV[4] ~= '1' then
      local news = ARGV[1] .. '}:news'
      redis.call('XADD', news, 'MINID', '~', string.format('%.0f', now - 60000), '*', 'by', ARGV[3], 'origin',
                 ARGV[i + 1], 'parked', string.format('%.0f', until_))
      redis.call('PEXPIRE', news, 60000)
    end
    if is_new and redis.call('HLEN', key) % 256 == 0 then
      local all = redis.call('HGETALL', key)
      for j = 1, #all, 2 do
        if tonumber(all[j + 1]) <= now then redis.call('HDEL', key, all[j]) end
      end
    end
  end
end
return {'ok'}
)"};

/// Which origins of partitions are to be left alone. ARGV[4…] the partitions. Answers ok, then each origin
/// and for how long from now.
inline constexpr Script kParked{R"(
if redis.call('HGET', KEYS[1], 'uid') ~= ARGV[2] then return {'gone'} end
local time = redis.call('TIME')
local now, answer = time[1] * 1000 + math.floor(time[2] / 1000), {'ok'}
for i = 4, #ARGV do
  local all = redis.call('HGETALL', ARGV[1] .. '.' .. ARGV[i] .. '}:parked')
  for j = 1, #all, 2 do
    local left = tonumber(all[j + 1]) - now
    if left > 0 then
      answer[#answer + 1] = all[j]
      answer[#answer + 1] = left
    end
  end
end
return answer
)"};

/// Of keys the first records. ARGV[4] the stage, [5…] key and record of each. Answers the records.
inline constexpr Script kFirst{R"(
local base = ARGV[1]
if redis.call('HGET', KEYS[1], 'uid') ~= ARGV[2] then return {'gone'} end
local answer = {'ok'}
for i = 5, #ARGV, 2 do
  local key = base .. '.' .. (string.byte(ARGV[i], 1) % 64) .. '}:first:' .. ARGV[4]
  if redis.call('HSETNX', key, ARGV[i], ARGV[i + 1]) == 1 then answer[#answer + 1] = ARGV[i + 1]
  else answer[#answer + 1] = redis.call('HGET', key, ARGV[i]) end
end
return answer
)"};

/// Lets the first records of a stage pass. ARGV[4] the stage, [5] how many, [6] whether no others are wanted
/// once they have passed, [7…] of each record its own number and that of the job's record. Answers 1 or 0 for
/// each.
inline constexpr Script kPass{R"(
if redis.call('HGET', KEYS[1], 'uid') ~= ARGV[2] then return {'gone'} end
local key, most, answer = ARGV[1] .. '}:passed:' .. ARGV[4], tonumber(ARGV[5]), {'ok'}
local passed = redis.call('SCARD', key)
for i = 7, #ARGV, 2 do
  if redis.call('SISMEMBER', key, ARGV[i]) == 1 then answer[#answer + 1] = 1
  elseif passed < most then
    redis.call('SADD', key, ARGV[i])
    if ARGV[6] == '1' then redis.call('SADD', ARGV[1] .. '}:wanted', ARGV[i + 1]) end
    passed = passed + 1
    answer[#answer + 1] = 1
  else answer[#answer + 1] = 0 end
end
if ARGV[6] == '1' and passed >= most then
  local last = tonumber(redis.call('HGET', KEYS[1], 'full') or '0')
  redis.call('HSET', KEYS[1], 'full', math.max(last, tonumber(ARGV[4])))
end
return answer
)"};

/// Of records of the job those of which a full limit has let something pass. ARGV[4…] their numbers.
/// Answers 1 or 0 for each.
inline constexpr Script kWanted{R"(
if redis.call('HGET', KEYS[1], 'uid') ~= ARGV[2] then return {'gone'} end
local answer = {'ok'}
for i = 4, #ARGV do answer[#answer + 1] = redis.call('SISMEMBER', ARGV[1] .. '}:wanted', ARGV[i]) end
return answer
)"};

/// The process goes. Answers ok, how many are left, whether the job is over, and the sums by name.
inline constexpr Script kLeave{R"(#!lua flags=allow-oom
local job, base, me = KEYS[1], ARGV[1], ARGV[3]
local known = redis.call('HMGET', job, 'uid', 'reader', 'over')
if known[1] ~= ARGV[2] then return {'gone'} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREM', base .. '}:alive', me)
redis.call('HDEL', base .. '}:processes', me)
redis.call('HDEL', base .. '}:puts', me)
if known[2] == me then redis.call('HSET', job, 'reader', '') end
local all = redis.call('HGETALL', base .. '}:owners')
for i = 1, #all, 2 do
  if all[i + 1] == me then redis.call('HDEL', base .. '}:owners', all[i]) end
end
local answer = {'ok', redis.call('ZCOUNT', base .. '}:alive', '(' .. string.format('%.0f', now), '+inf'),
                known[3] and 1 or 0}
for _, word in ipairs(redis.call('HGETALL', base .. '}:sums')) do answer[#answer + 1] = word end
return answer
)"};

/// All that is known of the job, for people: its hash, processes, owners, sums, hosts, failures, created,
/// done, and Redis's time.
inline constexpr Script kStatus{R"(
local base = ARGV[1]
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return {'none'} end
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local counts = redis.call('HMGET', base .. '}:sums', 'created', 'done')
local created, done = tonumber(counts[1] or '0'), tonumber(counts[2] or '0')
return {'ok', redis.call('HGETALL', KEYS[1]), redis.call('ZRANGEBYSCORE', base .. '}:alive', '(' .. now, '+inf'),
        redis.call('HGETALL', base .. '}:processes'), redis.call('HGETALL', base .. '}:owners'),
        redis.call('HGETALL', base .. '}:sums'), redis.call('HGETALL', base .. '}:hosts'),
        redis.call('LRANGE', base .. '}:failures', 0, -1), created, done, now}
)"};

}  // namespace leat::pipelines::job_scripts
