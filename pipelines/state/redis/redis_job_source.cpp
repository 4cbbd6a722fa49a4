// How a process that has the turn puts what it reads of the source into the job.
#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipelines/state/redis/redis_job.hpp"

namespace leat::pipelines {

namespace {

constexpr std::uint64_t kMostQueued = 1'000'000;  // records that the source may be ahead

}  // namespace

async::Task<Result<std::optional<SourcePosition>>> RedisJob::wait_for_turn() {
  start_tasks();
  while (!turn_) {
    if (failure_) co_return *failure_;
    if (is_exhausted_ || is_stopped_ || !wants_turn_) co_return std::optional<SourcePosition>();
    auto waiting = wait_for_news(options_.lease);
    co_await std::move(waiting);
  }
  co_return std::optional(position_);
}

void RedisJob::pass_turn() noexcept {
  wants_turn_ = false;
  turn_.reset();
}

async::Task<Result<bool>> RedisJob::put(std::vector<JobRecord> records, SourcePosition position,
                                        bool is_last) {
  const auto fence = turn_;
  while (live_ > kMostQueued && turn_ == fence && !is_stopped_ && !failure_) {
    auto waiting = wait_for_news(options_.beat);
    co_await std::move(waiting);
  }
  if (failure_) co_return *failure_;
  if (!fence || turn_ != fence) co_return false;
  JobCalls::Words words{std::to_string(*turn_), std::to_string(position_.records),
                        std::to_string(position.records), std::to_string(position.hash), is_last ? "1" : "0"};
  for (auto& record : records) {
    words.push_back(std::to_string(JobLeases::partition_of(record.place)));
    words.push_back(std::move(record.text));
  }
  auto running = calls_.run(job_scripts::kPut, std::move(words));
  auto reply = co_await std::move(running);
  if (!reply.ok()) co_return std::move(reply.error());
  const std::string& said = reply->items.front().text;
  if (said == "moved") {
    co_return Error(Errc::bad_input,
                    fmt::format("Redis at {} has lost a part of what it was told: the source was read up to "
                                "record {}, and Redis knows of {}; start this command again, and it goes on "
                                "there",
                                calls_.shown(), position_.records, reply->items.back().text));
  }
  if (said != "ok") {
    turn_.reset();
    co_return false;
  }
  position_ = position;
  live_ += records.size();
  if (is_last) {
    is_exhausted_ = true;
    pass_turn();
    beat_soon();
  }
  wake();
  co_return true;
}

}  // namespace leat::pipelines
