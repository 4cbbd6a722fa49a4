// What a job is asked about records: which are the first, and which are wanted.
#include <string>
#include <utility>

#include "engine/text/number.hpp"
#include "pipelines/state/redis/redis_job.hpp"

namespace leat::pipelines {

async::Task<Result<std::vector<bool>>> RedisJob::ask_of_each(const job_scripts::Script& script,
                                                             JobCalls::Words words) {
  auto running = calls_.run(script, std::move(words));
  auto reply = co_await std::move(running);
  if (!reply.ok()) co_return std::move(reply.error());
  std::vector<bool> answers;
  for (std::size_t i = 1; i < reply->items.size(); ++i) answers.push_back(reply->items[i].integer == 1);
  co_return answers;
}

async::Task<Result<std::vector<bool>>> RedisJob::pass_first(int stage, std::vector<Passing> records,
                                                            std::uint64_t most, bool only_these) {
  JobCalls::Words words{std::to_string(stage), std::to_string(most), only_these ? "1" : "0"};
  for (const auto& [id, root] : records) {
    words.push_back(std::to_string(id));
    words.push_back(std::to_string(root));
  }
  auto asking = ask_of_each(job_scripts::kPass, std::move(words));
  auto passed = co_await std::move(asking);
  if (passed.ok()) passed->resize(records.size());
  co_return passed;
}

async::Task<Result<std::vector<bool>>> RedisJob::are_wanted(std::vector<std::uint64_t> roots) {
  JobCalls::Words words;
  for (const auto root : roots) words.push_back(std::to_string(root));
  auto asking = ask_of_each(job_scripts::kWanted, std::move(words));
  auto wanted = co_await std::move(asking);
  if (wanted.ok()) wanted->resize(roots.size());
  co_return wanted;
}

async::Task<Result<std::vector<std::uint64_t>>> RedisJob::keep_first(int stage, std::vector<FirstOf> keys) {
  JobCalls::Words words{std::to_string(stage)};
  for (const auto& [key, id] : keys) {
    words.push_back(bytes_of(key));
    words.push_back(std::to_string(id));
  }
  auto running = calls_.run(job_scripts::kFirst, std::move(words));
  auto reply = co_await std::move(running);
  if (!reply.ok()) co_return std::move(reply.error());
  std::vector<std::uint64_t> firsts;
  for (std::size_t i = 1; i < reply->items.size(); ++i)
    firsts.push_back(text::parse_number<std::uint64_t>(reply->items[i].text).value_or(0));
  firsts.resize(keys.size());
  co_return firsts;
}

}  // namespace leat::pipelines
