// How a process puts into the job what its stages give to themselves.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "pipelines/state/redis/job_frontier_scripts.hpp"
#include "pipelines/state/redis/redis_job.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kAddedAtOnce = 500;

}  // namespace

// One call after the other, so that Redis knows all of them up to the last that it knows. If it has lost
// some, those of these items that it had already are given to it again: nobody else remembers them.
async::Task<Result<std::size_t>> RedisJob::add(int stage, std::vector<FrontierItem> items) {
  const auto permit = co_await adding_.acquire();
  std::size_t added = 0;
  for (std::size_t begin = 0; begin < items.size();) {
    const std::size_t end = std::min(items.size(), begin + kAddedAtOnce);
    const std::uint64_t number = puts_ + 1;
    JobCalls::Words words{std::to_string(puts_), std::to_string(number), std::to_string(stage)};
    for (std::size_t i = begin; i < end; ++i) {
      words.push_back(bytes_of(items[i].key));
      words.push_back(std::to_string(items[i].id));
      words.push_back(std::to_string(JobLeases::partition_of(items[i].place)));
      words.push_back(items[i].record);
    }
    auto running = calls_.run(job_scripts::kAdd, std::move(words));
    auto reply = co_await std::move(running);
    if (!reply.ok()) co_return std::move(reply.error());
    if (reply->items.front().text == "rewound") {
      begin_again({}, static_cast<std::uint64_t>(number_of(reply->items.back())));
      // Ends that are under way count what is lost. Redis must not know of so many again before they are
      // there.
      while (is_handing_in_ && !failure_) {
        const auto news = news_;
        co_await news->wait();
      }
      begin = 0;
      continue;
    }
    puts_ = number;
    begin = end;
    const auto count = static_cast<std::size_t>(number_of(reply->items.back()));
    added += count;
    live_ += count;
    if (count > 0) wake();
  }
  co_return added;
}

}  // namespace leat::pipelines
