#pragma once

#include "pipelines/state/redis/job_scripts.hpp"

/// What Redis does with the records that stages give to themselves; see job_scripts.hpp for the keys.
namespace leat::pipelines::job_scripts {

/// Queues items of a stage whose keys are new. ARGV[4] how often this process has done this and [5] how often
/// with this time, [6] the stage, [7…] of each: key, id, partition and text. Answers ok and how many those
/// were, or rewound and how often Redis knows of: it has lost what was told since, and nothing is done.
/// Nothing is new to a job that is over: whatever leads to these items has been done by another process.
inline constexpr Script kAdd{R"(
local base = ARGV[1]
local known = redis.call('HMGET', KEYS[1], 'uid', 'exhausted')
if known[1] ~= ARGV[2] then return {'gone'} end
local told = redis.call('HGET', base .. '}:puts', ARGV[3]) or '0'
if tonumber(told) < tonumber(ARGV[4]) then return {'rewound', told} end
redis.call('HSET', base .. '}:puts', ARGV[3], ARGV[5])
local sums, added = base .. '}:sums', 0
if known[2] == '1' then
  local counts = redis.call('HMGET', sums, 'created', 'done')
  if tonumber(counts[1] or '0') == tonumber(counts[2] or '0') then return {'ok', 0} end
end
for i = 7, #ARGV, 4 do
  local first = base .. '.' .. (string.byte(ARGV[i], 1) % 64) .. '}:first:' .. ARGV[6]
  if redis.call('HSETNX', first, ARGV[i], ARGV[i + 1]) == 1 then
    redis.call('XADD', base .. '.' .. ARGV[i + 2] .. '}:queue', '*', 'r', ARGV[i + 3])
    added = added + 1
  end
end
if added > 0 then redis.call('HINCRBY', sums, 'created', added) end
return {'ok', added}
)"};

}  // namespace leat::pipelines::job_scripts
