#include "pipelines/flow/acknowledgement.hpp"

#include <algorithm>
#include <utility>

#include "engine/async/sleep.hpp"
#include "engine/http/gate/host_gate.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/state/run_state.hpp"

namespace leat::pipelines {

/// One of those that wait commits for all of them.
class Acknowledgement::Committing {
 public:
  explicit Committing(Acknowledgement& all) noexcept : all_(all) { all_.committing_ = true; }
  Committing(const Committing&) = delete;
  Committing& operator=(const Committing&) = delete;
  ~Committing() {
    all_.committing_ = false;
    all_.wake();
  }

 private:
  Acknowledgement& all_;
};

Acknowledgement::Claim Acknowledgement::claim(std::size_t count) noexcept {
  return state_ == nullptr ? Claim() : Claim(*this, count);
}

void Acknowledgement::remove(std::size_t count) {
  open_ -= count;
  if (count > 0) wake();
}

void Acknowledgement::pass() {
  if (state_ == nullptr) return;
  ++open_;
  ++passing_.back();
  if (letting_pass_ && !letting_pass_->done()) return;
  letting_pass_ = async::spawn(let_pass(), "acknowledgement");
}

async::Task<void> Acknowledgement::let_pass() {
  const auto is_zero = [](std::size_t count) { return count == 0; };
  while (!std::all_of(passing_.begin(), passing_.end(), is_zero)) {
    remove(passing_.front());
    std::rotate(passing_.begin(), passing_.begin() + 1, passing_.end());
    passing_.back() = 0;
    co_await async::yield();
  }
}

void Acknowledgement::wake() {
  if (const auto change = std::exchange(change_, nullptr)) change->set();
}

std::size_t Acknowledgement::slots() const noexcept {
  std::size_t slots = 0;
  for (const auto* gate : transfers_.gates) slots += gate->slots();
  return slots;
}

bool Acknowledgement::is_below_limit() const noexcept {
  return stopping_.stopping || stopping_.in_flight.running() + open_ + state_->unacknowledged() < slots();
}

async::Task<void> Acknowledgement::wait_for_room() {
  while (!has_room()) {
    if (!committing_ && state_->unacknowledged() > 0) {
      const Committing committing(*this);
      auto commit = state_->commit();
      if (co_await std::move(commit)) co_return;  // the run is about to end with that
    } else {
      if (!change_) change_ = std::make_shared<async::Event>();
      const auto change = change_;
      co_await change->wait();
    }
  }
}

}  // namespace leat::pipelines
