#include "pipelines/state/job.hpp"

#include <fmt/format.h>

#include <utility>

#include "pipelines/state/redis/redis_job.hpp"

namespace leat::pipelines {

async::Task<Result<std::unique_ptr<Job>>> Job::join(async::EventLoop& loop, JobOptions options) {
  auto job = std::make_unique<RedisJob>(loop, std::move(options));
  auto beginning = job->begin();
  if (auto error = co_await std::move(beginning)) co_return std::move(*error);
  co_return std::unique_ptr<Job>(std::move(job));
}

std::string to_text(const JobSum& sum) {
  std::string text;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    if (sum.outcomes[i] == 0) continue;
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : ", ", sum.outcomes[i], to_string(static_cast<Outcome>(i)));
  }
  return text.empty() ? "no records" : text;
}

}  // namespace leat::pipelines
