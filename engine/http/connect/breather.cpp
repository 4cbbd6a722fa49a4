#include "engine/http/connect/breather.hpp"

#include <chrono>

namespace leat::http {

namespace {

constexpr async::Duration kLongTurn = std::chrono::milliseconds(30);

}  // namespace

bool Breather::may_go_on(PausableTransfer& transfer) {
  if (serving_ == &transfer || loop_.now() - loop_.poll_time() < kLongTurn) return true;
  paused_.push_back(transfer);
  if (!is_linked()) loop_.schedule(*this);
  return false;
}

void Breather::run() noexcept {
  if (paused_.empty()) return;  // whoever paused has ended since
  serving_ = &paused_.pop_front();
  serving_->go_on();
  serving_ = nullptr;
  if (!paused_.empty() && !is_linked()) loop_.schedule(*this);
}

}  // namespace leat::http
