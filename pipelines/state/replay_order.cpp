#include "pipelines/state/replay_order.hpp"

#include <algorithm>
#include <utility>

#include "engine/async/event_loop.hpp"
#include "engine/async/sleep.hpp"
#include "pipelines/text/hash.hpp"

namespace leat::pipelines {

namespace {

constexpr std::uint64_t kNowhere = UINT64_MAX;
constexpr async::Duration kPatience = std::chrono::milliseconds(500);
constexpr async::Duration kLeastPatience = std::chrono::milliseconds(1);
// The first answer of a network is no quicker, and by then the sources had read what there was.
constexpr async::Duration kFirstAnswer = std::chrono::milliseconds(2);
constexpr int kRestingTurns = 2;

// Until nothing is ready, and no I/O is either.
async::Task<void> come_to_rest(async::EventLoop& loop) {
  for (int resting = 0; resting < kRestingTurns;) {
    co_await async::sleep_for(async::Duration(0));
    resting = loop.has_ready() ? 0 : resting + 1;
  }
}

}  // namespace

/// Stands in the list for as long as it lives.
struct ReplayOrder::Waiting {
  Waiting(ReplayOrder& o, std::uint64_t place) : order(o), at(o.waiting_.emplace(place, this)) {}
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    if (at != order.waiting_.end()) order.waiting_.erase(at);
  }

  ReplayOrder& order;
  std::multimap<std::uint64_t, Waiting*>::iterator at;
  async::Event go;
  Turn turn;  // once it may go
};

ReplayOrder::ReplayOrder(const std::vector<std::string>& order) : patience_(kPatience) {
  // An exchange that was recorded again counts where it ended last.
  for (auto line = order.rbegin(); line != order.rend(); ++line)
    places_.emplace(hash64(*line), places_.size());
  for (auto& [name, place] : places_) place = places_.size() - 1 - place;
}

async::Task<ReplayOrder::Turn> ReplayOrder::turn(std::string exchange) {
  const auto known = places_.find(hash64(exchange));
  Waiting waiting(*this, known == places_.end() ? kNowhere : known->second);
  advance();
  co_await waiting.go.wait();
  Turn turn = std::move(waiting.turn);
  if (!std::exchange(has_begun_, true)) co_await async::sleep_for(kFirstAnswer);
  auto resting = come_to_rest(async::EventLoop::current());
  co_await std::move(resting);
  co_return turn;
}

void ReplayOrder::advance() {
  if (is_taken_ || waiting_.empty()) return;
  if (waiting_.begin()->first <= next_ || next_ >= places_.size()) {
    let_first_go();
  } else if (!is_armed()) {
    async::EventLoop::current().arm_after(*this, patience_);
  }
}

void ReplayOrder::let_first_go() {
  disarm();
  const auto [place, first] = *waiting_.begin();
  waiting_.erase(waiting_.begin());
  first->at = waiting_.end();
  if (place != kNowhere) next_ = std::max(next_, place + 1);
  is_taken_ = true;
  first->turn = Turn(*this);
  first->go.set();
}

// Whatever it was that they wait for, it does not come.
void ReplayOrder::on_timer() noexcept {
  patience_ = std::max(patience_ / 4, kLeastPatience);
  if (!is_taken_ && !waiting_.empty()) let_first_go();
}

}  // namespace leat::pipelines
