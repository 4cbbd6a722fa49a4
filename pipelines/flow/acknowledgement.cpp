#include "pipelines/flow/acknowledgement.hpp"

#include <algorithm>
#include <utility>

#include "engine/async/sleep.hpp"
#include "engine/http/gate/host_gate.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/state/journal.hpp"

namespace leat::pipelines {

/// One waiter does it for all.
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

void Acknowledgement::remove(std::size_t count) {
  open_ -= count;
  if (count > 0) wake();
}

void Acknowledgement::pass() {
  add(1);
  ++passing_.back();
  if (letting_pass_ && !letting_pass_->done()) return;
  letting_pass_ = async::spawn(let_pass(), "acknowledgement");
}

async::Task<void> Acknowledgement::let_pass() {
  for (std::size_t still = 0; still < kTurns; ++still) {
    if (passing_.back() > 0) still = 0;
    remove(passing_.front());
    std::rotate(passing_.begin(), passing_.begin() + 1, passing_.end());
    passing_.back() = 0;
    co_await async::yield();
  }
}

void Acknowledgement::wake() { std::exchange(change_, std::make_shared<async::Event>())->set(); }

std::size_t Acknowledgement::slots() const noexcept {
  std::size_t slots = 0;
  for (const auto* gate : context_.gates) slots += gate->slots();
  return slots;
}

bool Acknowledgement::has_room() const noexcept {
  return context_.stopping ||
         context_.in_flight.running() + open_ + context_.journal->unacknowledged() < slots();
}

async::Task<void> Acknowledgement::wait_for_room() {
  while (!has_room()) {
    if (!committing_ && context_.journal->unacknowledged() > 0) {
      const Committing committing(*this);
      auto commit = context_.journal->commit();
      if (co_await std::move(commit)) co_return;  // the run is about to end with that
    } else {
      const auto change = change_;
      co_await change->wait();
    }
  }
}

}  // namespace leat::pipelines
