#include <algorithm>
#include <chrono>
#include <map>
#include <string_view>
#include <utility>

#include "engine/text/number.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/state/job.hpp"
#include "pipelines/state/redis/health_scripts.hpp"
#include "pipelines/state/redis/job_calls.hpp"
#include "pipelines/state/redis/job_config.hpp"
#include "pipelines/state/redis/origin_health.hpp"

namespace leat::pipelines {

namespace {

constexpr async::Duration kPatience = std::chrono::seconds(5);
constexpr std::size_t kReplyWords = 11;  // see job_scripts::kStatus
using Pairs = std::map<std::string, std::string>;

Pairs pairs_of(const redis::Reply& list) {
  Pairs pairs;
  for (std::size_t i = 0; i + 1 < list.items.size(); i += 2)
    pairs[list.items[i].text] = list.items[i + 1].text;
  return pairs;
}

std::uint64_t number_of(const std::string& text) {
  return text::parse_number<std::uint64_t>(text).value_or(0);
}
std::uint64_t number_of(const Pairs& pairs, const std::string& name) {
  const auto at = pairs.find(name);
  return at == pairs.end() ? 0 : number_of(at->second);
}

void sort_by_count(std::vector<std::pair<std::string, std::uint64_t>>& counts) {
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
}

void take_sums(JobStatus& status, const Pairs& sums) {
  constexpr std::string_view kOutcome = "outcome:";
  constexpr std::string_view kCode = "code:";
  for (const auto& [name, count] : sums) {
    if (name.starts_with(kCode)) status.errors.emplace_back(name.substr(kCode.size()), number_of(count));
    if (!name.starts_with(kOutcome)) continue;
    const std::uint64_t place = number_of(name.substr(kOutcome.size()));
    if (place < kOutcomes) status.outcomes[place] = number_of(count);
  }
  sort_by_count(status.errors);
}

// A process is "HOST:PID:NUMBER", and what is kept of it "ENDED NAME".
void take_processes(JobStatus& status, const redis::Reply& alive, const Pairs& told, const Pairs& owners,
                    const std::string& reader) {
  for (const auto& one : alive.items) {
    JobStatus::Process process;
    process.name = one.text.substr(0, one.text.rfind(':'));
    process.reads = one.text == reader;
    for (const auto& owner : owners) process.partitions += owner.second == one.text ? 1 : 0;
    if (const auto at = told.find(one.text); at != told.end())
      process.ended = number_of(at->second.substr(0, at->second.find(' ')));
    status.processes.push_back(std::move(process));
  }
}

void take_failures(JobStatus& status, const redis::Reply& list) {
  for (const auto& item : list.items) {
    JsonDoc doc;
    if (doc.parse(item.text) || !doc.root().is(JsonKind::array)) continue;
    std::vector<std::string> words;
    for (const JsonValue word : doc.root().items()) words.push_back(word.text());
    if (words.size() != 3) continue;
    JobStatus::Failure failure;
    failure.code = std::move(words[0]);
    failure.url = std::move(words[1]);
    failure.message = std::move(words[2]);
    status.failures.push_back(std::move(failure));
  }
}

void take_down(JobStatus& status, const redis::Reply& reply) {
  const async::TimePoint now{std::chrono::hours(24 * 365)};  // any time will do
  status.down_count = static_cast<std::uint64_t>(reply.items.front().integer);
  for (std::size_t i = 1; i < reply.items.size(); ++i) {
    const auto named = health_of(reply.items[i], now);
    if (!named) continue;
    const auto& doubt = *named->health.doubt;
    JobStatus::Down down;
    down.origin = named->origin;
    down.is_given_up = doubt.is_down;
    down.seconds = async::in_seconds(now - doubt.since);
    down.next_probe = std::max(0.0, async::in_seconds(doubt.next_probe - now));
    down.code = std::string(to_string(named->health.last.code));
    down.message = named->health.last.message;
    status.down.push_back(std::move(down));
  }
  std::stable_sort(status.down.begin(), status.down.end(),
                   [](const auto& a, const auto& b) { return a.seconds > b.seconds; });
}

Error no_job(const JobCalls& calls) {
  return Error(Errc::bad_input, "there is no such job: Redis at " + calls.shown());
}

Result<JobStatus> status_of(const redis::Reply& reply, const JobCalls& calls) {
  if (reply.items.front().text == "none") return no_job(calls);
  if (reply.items.size() != kReplyWords)
    return Error(Errc::bad_response, "Redis answers a script with something else");
  const Pairs job = pairs_of(reply.items[1]);
  if (job.count("uid") == 0) return no_job(calls);
  JobStatus status;
  const auto text_of = [&job](const std::string& name) {
    const auto at = job.find(name);
    return at == job.end() ? std::string() : at->second;
  };
  status.config = config_of_text(text_of("config"));
  status.leat_version = text_of("leat");
  status.read = number_of(job, "position");
  status.exhausted = text_of("exhausted") == "1";
  status.over = job.count("over") > 0;
  take_processes(status, reply.items[2], pairs_of(reply.items[3]), pairs_of(reply.items[4]),
                 text_of("reader"));
  take_sums(status, pairs_of(reply.items[5]));
  for (const auto& [host, count] : pairs_of(reply.items[6]))
    status.hosts.emplace_back(host, number_of(count));
  sort_by_count(status.hosts);
  take_failures(status, reply.items[7]);
  status.created = static_cast<std::uint64_t>(reply.items[8].integer);
  status.done = static_cast<std::uint64_t>(reply.items[9].integer);
  const std::uint64_t made = number_of(job, "made");
  const std::uint64_t end = status.over ? number_of(job, "over") : number_of(reply.items[10].text);
  status.seconds = static_cast<double>(end - std::min(made, end)) / 1000;
  if (status.seconds > 0) status.rate = static_cast<double>(status.done) / status.seconds;
  return status;
}

}  // namespace

async::Task<Result<JobStatus>> read_job_status(async::EventLoop& loop, redis::RedisUrl url) {
  JobCalls calls(loop, std::move(url), kPatience);
  auto running = calls.run(job_scripts::kStatus, {});
  auto reply = co_await std::move(running);
  if (!reply.ok()) co_return reply.error();
  auto status = status_of(*reply, calls);
  if (!status.ok()) co_return status;
  auto asking = calls.run(job_scripts::kAllHealth, {});
  const auto health = co_await std::move(asking);
  if (!health.ok()) co_return health.error();
  take_down(*status, health.value());
  co_return status;
}

// The job's own key goes first, so that no process puts anything into it any more.
async::Task<Result<std::uint64_t>> drop_job(async::EventLoop& loop, redis::RedisUrl url) {
  JobCalls calls(loop, std::move(url), kPatience);
  redis::Command forget{"DEL", calls.base() + "}:job"};
  auto forgetting = calls.ask(std::move(forget));
  auto forgot = co_await std::move(forgetting);
  if (!forgot.ok()) co_return forgot.error();
  if (forgot->integer == 0) co_return no_job(calls);
  std::uint64_t dropped = 1;
  for (const char* pattern : {"}:*", ".*"}) {
    std::string cursor = "0";
    do {
      redis::Command scan{"SCAN", cursor, "MATCH", calls.base() + pattern, "COUNT", "1000"};
      auto scanning = calls.ask(std::move(scan));
      auto page = co_await std::move(scanning);
      if (!page.ok()) co_return page.error();
      if (page->items.size() != 2)
        co_return Error(Errc::bad_response, "Redis answers SCAN with something else");
      cursor = page->items[0].text;
      redis::Command unlink{"UNLINK"};
      for (const auto& key : page->items[1].items) unlink.push_back(key.text);
      if (unlink.size() == 1) continue;
      auto unlinking = calls.ask(std::move(unlink));
      auto gone = co_await std::move(unlinking);
      if (!gone.ok()) co_return gone.error();
      dropped += static_cast<std::uint64_t>(gone->integer);
    } while (cursor != "0");
  }
  co_return dropped;
}

}  // namespace leat::pipelines
