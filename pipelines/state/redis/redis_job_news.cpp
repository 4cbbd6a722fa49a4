// What a process of a job hears of origins while it has parts of them.
#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "engine/http/gate/host_parts.hpp"
#include "pipelines/state/redis/origin_health.hpp"
#include "pipelines/state/redis/redis_job.hpp"

namespace leat::pipelines {

static_assert(kPartitions % http::kMostHostParts == 0, "the parts of an origin are in distinct partitions");

// Where the first parts of those origins can be that have a part in these partitions.
std::vector<unsigned> RedisJob::homes_of(const std::vector<unsigned>& partitions) const {
  if (options_.parts == 1) return partitions;
  std::vector<unsigned> homes;
  for (const unsigned partition : partitions) {
    for (unsigned k = 0; k < options_.parts; ++k)
      homes.push_back(static_cast<unsigned>((partition + kPartitions - k) % kPartitions));
  }
  std::sort(homes.begin(), homes.end());
  homes.erase(std::unique(homes.begin(), homes.end()), homes.end());
  return homes;
}

bool RedisJob::has_part_of(std::string_view origin) const {
  for (std::size_t k = 0; k < options_.parts; ++k) {
    if (leases_.find(JobLeases::partition_of(place_of(origin, k, options_.parts)))) return true;
  }
  return false;
}

// What it does not have a part of it learns of when it gets one.
void RedisJob::hear(const redis::Reply& news) {
  if (news.items.empty()) return;
  heard_ = news.items.front().text;
  const auto now = JobLeases::now();
  for (std::size_t i = 1; i < news.items.size(); ++i) {
    const auto& words = news.items[i];
    if (words.items.empty()) continue;
    const std::string& origin = words.items.front().text;
    if (!has_part_of(origin)) continue;
    const bool is_parked = words.items.size() == 2;
    if (is_parked) {
      auto& until = parked_[origin];
      until = std::max(until, now + std::chrono::milliseconds(number_of(words.items[1])));
      for (const auto& [who, hear] : hearers_) hear(origin);
    } else {
      auto named = health_of(words, loop_.now());
      hear_health(origin, named ? std::move(named->health) : OriginHealth());
    }
  }
  std::erase_if(parked_, [now](const auto& one) { return one.second <= now; });
}

// Each of the stages that fetch takes it. It is kept for one that comes if none of them knows that origin.
void RedisJob::hear_health(const std::string& origin, OriginHealth health) {
  bool is_taken = !health.doubt;  // it is well for whoever comes
  for (const auto& [who, hear] : hearers_) {
    health_.insert_or_assign(origin, health);
    hear(origin);
    is_taken = is_taken || !health_.contains(origin);
  }
  if (is_taken) {
    health_.erase(origin);
  } else {
    health_.insert_or_assign(origin, std::move(health));
  }
}

void RedisJob::when_told(const void* who, std::function<void(std::string_view origin)> hear) {
  if (hear) {
    hearers_.insert_or_assign(who, std::move(hear));
  } else {
    hearers_.erase(who);
  }
}

}  // namespace leat::pipelines
