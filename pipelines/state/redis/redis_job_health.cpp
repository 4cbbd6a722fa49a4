// What the processes of a job tell each other of origins that do not answer well.
#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "pipelines/state/redis/health_scripts.hpp"
#include "pipelines/state/redis/origin_health.hpp"
#include "pipelines/state/redis/redis_job.hpp"

namespace leat::pipelines {

namespace {

using std::chrono::milliseconds;

// After so long without news the origin is asked anew.
constexpr milliseconds kDoubtKept = std::chrono::minutes(10);
constexpr milliseconds kDownKept = std::chrono::hours(1);
constexpr std::size_t kWords = 9;  // see job_scripts::kHealth

std::string in_ms(async::Duration time) {
  return std::to_string(std::chrono::duration_cast<milliseconds>(time).count());
}

}  // namespace

std::optional<NamedHealth> health_of(const redis::Reply& words, async::TimePoint now) {
  if (words.items.size() != kWords) return std::nullopt;
  const auto ms = [&words](std::size_t at) { return milliseconds(number_of(words.items[at])); };
  NamedHealth named;
  named.origin = words.items[0].text;
  http::HostDoubt& doubt = named.health.doubt.emplace();
  doubt.is_down = words.items[1].text == "down";
  doubt.since = now - ms(2);
  doubt.silent_since = now - ms(3);
  doubt.next_probe = now + ms(4);
  doubt.records = static_cast<std::size_t>(std::max<std::int64_t>(number_of(words.items[5]), 0));
  named.health.last = Error(errc_named(words.items[6].text).value_or(Errc::internal), words.items[8].text);
  named.health.last.http_status = static_cast<int>(number_of(words.items[7]));
  return named;
}

void add_health(JobCalls::Words& words, const std::string& origin, const OriginHealth& health,
                async::TimePoint now) {
  const http::HostDoubt doubt = health.doubt.value_or(http::HostDoubt());
  const char* kind = !health.doubt ? "well" : doubt.is_down ? "down" : "doubtful";
  const auto kept = doubt.is_down ? kDownKept : kDoubtKept;
  for (auto& word : {std::to_string(JobLeases::partition_of(home_of(origin))), origin, std::string(kind),
                     in_ms(now - doubt.since), in_ms(now - doubt.silent_since),
                     in_ms(std::max(doubt.next_probe, now) - now), std::to_string(doubt.records), in_ms(kept),
                     std::string(to_string(health.last.code)), std::to_string(health.last.http_status),
                     health.last.message})
    words.push_back(word);
}

void RedisJob::tell_health(std::string_view origin, OriginHealth health) {
  health_here_.insert_or_assign(std::string(origin), std::move(health));
  something_ended_->set();
}

std::optional<OriginHealth> RedisJob::take_health(std::string_view origin) {
  const auto known = health_.find(origin);
  if (known == health_.end()) return std::nullopt;
  OriginHealth health = std::move(known->second);
  health_.erase(known);
  return health;
}

async::Task<Status> RedisJob::hand_in_health() {
  JobCalls::Words words{std::to_string(options_.parts)};
  is_telling_health_ = true;
  for (const auto& [origin, health] : std::exchange(health_here_, {}))
    add_health(words, origin, health, loop_.now());
  auto running = calls_.run(job_scripts::kTellHealth, std::move(words));
  auto reply = co_await std::move(running);
  is_telling_health_ = false;
  if (!reply.ok()) co_return std::move(reply.error());
  wake();
  co_return std::nullopt;
}

// Before any record of these partitions may start. What was known of their origins before may be over.
async::Task<Status> RedisJob::learn_health(std::vector<unsigned> partitions) {
  partitions = homes_of(partitions);
  std::erase_if(health_, [&partitions](const auto& one) {
    const unsigned partition = JobLeases::partition_of(home_of(one.first));
    return std::find(partitions.begin(), partitions.end(), partition) != partitions.end();
  });
  JobCalls::Words words;
  for (const unsigned partition : partitions) words.push_back(std::to_string(partition));
  auto running = calls_.run(job_scripts::kHealth, std::move(words));
  auto reply = co_await std::move(running);
  if (!reply.ok()) co_return std::move(reply.error());
  for (std::size_t i = 1; i < reply->items.size(); ++i) {
    if (auto named = health_of(reply->items[i], loop_.now()))
      health_.insert_or_assign(std::move(named->origin), std::move(named->health));
  }
  co_return std::nullopt;
}

}  // namespace leat::pipelines
