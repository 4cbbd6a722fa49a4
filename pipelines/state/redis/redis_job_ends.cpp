// How the ends of records are told.
#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "engine/async/sleep.hpp"
#include "pipelines/state/redis/redis_job.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kHandedInAtOnce = 500;
constexpr std::size_t kEnoughToHandIn = 64;
constexpr async::Duration kHandInPause = std::chrono::milliseconds(1);

/// Ends are on their way to Redis for as long as this is there.
class HandingIn {
 public:
  explicit HandingIn(bool& flag) noexcept : flag_(flag) { flag_ = true; }
  HandingIn(const HandingIn&) = delete;
  HandingIn& operator=(const HandingIn&) = delete;
  ~HandingIn() { flag_ = false; }

 private:
  bool& flag_;
};

void add_count(std::string& text, std::string_view name, std::uint64_t count) {
  if (count == 0) return;
  if (!text.empty()) text += ' ';
  text.append(name).append("=").append(std::to_string(count));
}

std::string outcomes_of(const RootEnd& end) {
  std::string text;
  for (std::size_t i = 0; i < kOutcomes; ++i) add_count(text, std::to_string(i), end.counts[i]);
  return text;
}

std::string codes_of(const RootEnd& end) {
  std::string text;
  for (const auto& [code, count] : end.codes) add_count(text, code, count);
  return text;
}

}  // namespace

// Those that have no errors are told together: by partition and outcomes.
JobCalls::Words RedisJob::words_of(const std::vector<Ended>& batch) {
  std::map<std::pair<unsigned, std::string>, JobCalls::Words> groups;
  JobCalls::Words words;
  for (const auto& [lease, entry, end] : batch) {
    if (end.codes.empty()) {
      groups[{lease->partition, outcomes_of(end)}].push_back(entry);
      continue;
    }
    for (const auto& word : {std::to_string(lease->partition), outcomes_of(end), end.failed_at, codes_of(end),
                             end.url, end.message, std::string("1"), entry})
      words.push_back(word);
  }
  for (const auto& [group, entries] : groups) {
    for (const auto& word : {std::to_string(group.first), group.second, std::string(), std::string(),
                             std::string(), std::string(), std::to_string(entries.size())})
      words.push_back(word);
    words.insert(words.end(), entries.begin(), entries.end());
  }
  return words;
}

async::Task<void> RedisJob::hand_in_all() {
  while (!failure_) {
    if (!parked_here_.empty()) {
      auto telling = tell_parked();
      if (auto error = co_await std::move(telling)) fail(std::move(*error));
      continue;
    }
    if (!health_here_.empty()) {
      auto telling = hand_in_health();
      if (auto error = co_await std::move(telling)) fail(std::move(*error));
      continue;
    }
    if (ended_.empty()) {
      something_ended_ = std::make_shared<async::Event>();
      const auto something = something_ended_;
      co_await something->wait();
      continue;
    }
    if (ended_.size() < kEnoughToHandIn && !is_urgent_) co_await async::sleep_for(kHandInPause);
    is_urgent_ = false;
    std::vector<Ended> batch;
    if (ended_.size() <= kHandedInAtOnce) {
      batch = std::exchange(ended_, {});
    } else {
      const auto rest = ended_.begin() + static_cast<std::ptrdiff_t>(kHandedInAtOnce);
      batch.assign(std::make_move_iterator(ended_.begin()), std::make_move_iterator(rest));
      ended_.erase(ended_.begin(), rest);
    }
    auto handing_in = hand_in(std::move(batch));
    if (auto error = co_await std::move(handing_in)) fail(std::move(*error));
  }
}

async::Task<Status> RedisJob::hand_in(std::vector<Ended> batch) {
  JobCalls::Words words = words_of(batch);
  words.insert(words.begin(), std::to_string(puts_));
  const HandingIn handing_in(is_handing_in_);
  auto running = calls_.run(job_scripts::kEnd, std::move(words));
  auto reply = co_await std::move(running);
  if (!reply.ok()) co_return std::move(reply.error());
  if (reply->items.front().text == "rewound") {
    begin_again(batch, static_cast<std::uint64_t>(number_of(reply->items.back())));
    co_return std::nullopt;
  }
  kept_ += batch.size();
  for (const auto& [lease, entry, end] : batch) {
    leases_.end(*lease, entry, false);
    if (--lease->untold == 0 && lease->running == 0 && lease->is_leaving) beat_soon();
  }
  live_ -= std::min<std::uint64_t>(live_, batch.size());
  if (is_exhausted_ && leases_.empty()) beat_soon();
  wake();
  co_return std::nullopt;
}

// Redis was restarted and knows only of so many: what these records, and those that are still to be told,
// have led to may be lost. Records that end later know it by their connection.
void RedisJob::begin_again(const std::vector<Ended>& batch, std::uint64_t puts) {
  puts_ = puts;
  const auto all = std::exchange(ended_, {});
  for (const auto* some : {&batch, &all}) {
    for (const auto& [lease, entry, end] : *some) {
      --lease->untold;
      leases_.end(*lease, entry, true);
    }
    kept_ += some->size();
  }
  beat_soon();
  wake();
}

}  // namespace leat::pipelines
