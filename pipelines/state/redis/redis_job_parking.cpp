// What the processes of a job tell each other of origins that have asked to be left alone.
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

#include "pipelines/state/redis/redis_job.hpp"

namespace leat::pipelines {

void RedisJob::park(std::string_view origin, async::TimePoint until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - loop_.now());
  if (left.count() <= 0) return;
  parked_here_.push_back(std::to_string(JobLeases::partition_of(home_of(origin))));
  parked_here_.emplace_back(origin);
  parked_here_.push_back(std::to_string(left.count()));
  something_ended_->set();
}

async::Task<Status> RedisJob::tell_parked() {
  auto words = parked_here_;
  const auto told = static_cast<std::ptrdiff_t>(words.size());
  words.insert(words.begin(), std::to_string(options_.parts));
  auto running = calls_.run(job_scripts::kPark, std::move(words));
  auto reply = co_await std::move(running);
  if (!reply.ok()) co_return std::move(reply.error());
  parked_here_.erase(parked_here_.begin(), parked_here_.begin() + told);  // others may have come meanwhile
  wake();
  co_return std::nullopt;
}

// Before any record of these partitions may start.
async::Task<Status> RedisJob::learn_parked(std::vector<unsigned> partitions) {
  JobCalls::Words words;
  for (const unsigned partition : homes_of(partitions)) words.push_back(std::to_string(partition));
  auto running = calls_.run(job_scripts::kParked, std::move(words));
  auto reply = co_await std::move(running);
  if (!reply.ok()) co_return std::move(reply.error());
  const auto now = JobLeases::now();
  std::erase_if(parked_, [now](const auto& one) { return one.second <= now; });
  for (std::size_t i = 1; i + 1 < reply->items.size(); i += 2) {
    const auto until = now + std::chrono::milliseconds(number_of(reply->items[i + 1]));
    parked_.insert_or_assign(reply->items[i].text, until);
  }
  co_return std::nullopt;
}

OriginPast RedisJob::past_of(std::string_view origin) const {
  const auto in_loop = [now = loop_.now(), here = JobLeases::now()](JobLeases::Clock time) {
    return now + std::chrono::duration_cast<async::Duration>(time - here);
  };
  OriginPast past;
  const auto lease = leases_.find(JobLeases::partition_of(home_of(origin)));
  if (lease && lease->was_taken_over()) past.taken_over = in_loop(lease->since);
  if (const auto known = parked_.find(origin); known != parked_.end())
    past.parked_until = in_loop(known->second);
  return past;
}

}  // namespace leat::pipelines
