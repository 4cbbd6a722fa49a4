#include <memory>
#include <utility>

#include "pipelines/state/redis/redis_job.hpp"

namespace leat::pipelines {

async::Task<Result<std::unique_ptr<Job>>> Job::join(async::EventLoop& loop, JobOptions options) {
  auto job = std::make_unique<RedisJob>(loop, std::move(options));
  auto beginning = job->begin();
  if (auto error = co_await std::move(beginning)) co_return std::move(*error);
  co_return std::unique_ptr<Job>(std::move(job));
}

}  // namespace leat::pipelines
