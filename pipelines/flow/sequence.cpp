#include "pipelines/flow/sequence.hpp"

#include <algorithm>
#include <utility>

#include "pipelines/flow/time_limits.hpp"
#include "pipelines/state/exchange_store.hpp"
#include "pipelines/state/recording.hpp"

namespace leat::pipelines {

RecordLine::RecordLine(const std::vector<std::uint64_t>& order, std::size_t reach)
    : reach_(reach), size_(order.size()) {
  for (std::size_t place = 0; place < order.size(); ++place) places_[order[place]].push_back(place);
}

void RecordLine::put(RecordPtr record) {
  const auto at = places_.find(record->id);
  if (at == places_.end()) {
    unknown_.push_back(std::move(record));
    return;
  }
  known_.emplace(at->second.front(), std::move(record));
  at->second.pop_front();
  if (at->second.empty()) places_.erase(at);
  if (known_.size() > reach_) skip();
}

RecordPtr RecordLine::pop() {
  RecordPtr record;
  if (!known_.empty()) {
    const auto first = known_.begin();
    if (first->first > next_) return nullptr;
    if (first->first == next_) ++next_;
    record = std::move(first->second);
    known_.erase(first);
  } else if (next_ >= size_ && !unknown_.empty()) {
    record = std::move(unknown_.front());
    unknown_.pop_front();
  }
  return record;
}

void RecordLine::skip() noexcept { next_ = known_.empty() ? size_ : std::max(next_, known_.begin()->first); }

namespace {

constexpr async::Duration kTick = std::chrono::milliseconds(100);
constexpr async::Duration kLeastTick = std::chrono::milliseconds(1);
constexpr int kTicks = 10;         // a standstill is so many in which nothing moves
constexpr int kTicksOfSource = 5;  // times as many while the source may still bring something

/// Notices when a run has come to a standstill. The first one takes long to be noticed, each further one a
/// quarter of that, since a spec that was changed may lead to many.
class Standstill {
 public:
  explicit Standstill(RunContext& context) noexcept : context_(context) {}

  [[nodiscard]] async::Duration tick() const noexcept { return tick_; }
  /// Is called after each tick without a record.
  bool is_reached() {
    const std::uint64_t moved = context_.player->moved();
    const bool moves = moved != moved_ || context_.is_at_work();
    moved_ = moved;
    still_ = moves ? 0 : still_ + 1;
    if (still_ < (context_.source_ended ? kTicks : kTicks * kTicksOfSource)) return false;
    still_ = 0;
    tick_ = std::max(tick_ / 4, kLeastTick);
    return true;
  }

 private:
  RunContext& context_;
  async::Duration tick_ = kTick;
  std::uint64_t moved_ = 0;
  int still_ = 0;
};

}  // namespace

Sequence::Sequence(const std::string& name, std::size_t reach, RunContext& context)
    : context_(context), reach_(reach) {
  const ExchangeStore& store =
      context.recording != nullptr ? context.recording->store : context.player->store();
  path_ = store.sequence_path(name);
}

async::Task<Status> Sequence::run(RecordReceiver in, RecordSender out) {
  return context_.player == nullptr ? note(std::move(in), std::move(out))
                                    : arrange(std::move(in), std::move(out));
}

async::Task<Status> Sequence::note(RecordReceiver in, RecordSender out) {
  auto file = SequenceFile::create(path_);
  if (!file.ok()) co_return std::move(file.error());
  for (;;) {
    auto record = co_await in.next();
    if (!record) co_return std::nullopt;
    if (auto failed = (*file).add((*record)->id)) co_return failed;
    const bool wanted = co_await out.send(std::move(*record));
    if (!wanted) co_return std::nullopt;
  }
}

async::Task<Status> Sequence::arrange(RecordReceiver in, RecordSender out) {
  auto order = SequenceFile::read(path_);
  if (!order.ok()) co_return std::move(order.error());
  RecordLine line(*order, reach_);
  Standstill standstill(context_);
  for (bool ended = false; !ended || !line.empty();) {
    if (auto record = line.pop()) {
      context_.player->move();
      const bool wanted = co_await out.send(std::move(record));
      if (!wanted) co_return std::nullopt;
      continue;
    }
    if (ended) {
      line.skip();
      continue;
    }
    std::optional<std::optional<RecordPtr>> got;
    if (line.empty()) {
      got.emplace(co_await in.next());
    } else {
      auto waiting = next_within(in, standstill.tick());
      got = co_await std::move(waiting);
    }
    if (!got) {
      if (standstill.is_reached()) line.skip();
      continue;
    }
    context_.player->move();
    ended = !*got;
    if (*got) line.put(std::move(**got));
  }
  co_return std::nullopt;
}

}  // namespace leat::pipelines
