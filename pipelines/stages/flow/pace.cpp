#include "pipelines/stages/flow/pace.hpp"

#include <utility>

#include "engine/async/event_loop.hpp"
#include "pipelines/flow/pause.hpp"
#include "pipelines/flow/time_limits.hpp"

namespace leat::pipelines {

Pace::Pace(const RateArgs& args, RunContext& context) : rate_(args.rate), context_(context) {
  if (!args.key.empty()) key_.emplace(args.key);
}

std::vector<const Program*> Pace::programs() const {
  if (!key_) return {};
  return {&*key_};
}

Status Pace::key_of(const Record& record, std::string& key) {
  key.clear();
  if (!key_) return std::nullopt;
  view_.look_at(record);
  auto error = key_->outputs(record, view_, outputs_);
  for (std::size_t i = 0; !error && i < outputs_.size(); ++i) key += outputs_[i];
  return error;
}

// When the next record of that key may go on; it is taken to, unless that is too late.
std::optional<async::TimePoint> Pace::due(const std::string& key, async::TimePoint now) {
  if (rates_.size() > kKeys) {
    std::erase_if(rates_, [now](const auto& entry) { return entry.second.due() <= now; });
  }
  auto& rate = rates_.try_emplace(key, rate_, std::chrono::seconds(1)).first->second;
  const auto due = std::max(rate.due(), now);
  if (timeout_.count() > 0 && due - now > timeout_) return std::nullopt;
  rate.start(due);
  return due;
}

async::Task<Status> Pace::run(RecordReceiver in, RecordSender out) {
  auto& loop = async::EventLoop::current();
  std::multimap<async::TimePoint, RecordPtr> held;
  std::string key;
  for (bool ended = false; !ended || !held.empty();) {
    while (!held.empty() && (context_.stopping || held.begin()->first <= loop.now())) {
      auto record = std::move(held.begin()->second);
      held.erase(held.begin());
      const bool wanted = co_await out.send(std::move(record));
      if (!wanted) co_return std::nullopt;
    }
    const std::size_t most = key_ ? kHeld : 1;
    if (ended || held.size() >= most) {
      if (held.empty()) continue;
      auto pausing = pause(context_, held.begin()->first - loop.now());
      co_await std::move(pausing);
      continue;
    }
    std::optional<RecordPtr> record;
    if (held.empty()) {
      record = co_await in.next();
    } else {
      auto waiting = next_within(in, held.begin()->first - loop.now());
      auto next = co_await std::move(waiting);
      if (!next) continue;
      record = std::move(*next);
    }
    ended = !record;
    if (ended) continue;
    if (!(*record)->failed()) {
      if (auto error = key_of(**record, key)) (*record)->fail(std::move(*error), "rate");
    }
    const bool is_now = (*record)->failed() || context_.player != nullptr;
    auto when = std::optional(loop.now());
    if (!is_now) when = due(key, loop.now());
    if (!when) (*record)->fail(late_error(timeout_), "rate");
    held.emplace(when.value_or(loop.now()), std::move(*record));
  }
  co_return std::nullopt;
}

}  // namespace leat::pipelines
