#include "engine/http/connect/connect_ramp.hpp"

namespace leat::http {

void ConnectRamp::join_line(Enter& waiter) {
  const auto [entry, is_new] = lines_.try_emplace(std::string(waiter.origin_));
  Line& line = entry->second;
  if (is_new) {
    line.origin = &entry->first;
    turns_.push_back(line);
  }
  line.waiters.push_back(waiter);
  if (!is_armed()) loop_.arm(*this, held_.front().until_);
}

void ConnectRamp::let_in() noexcept {
  while (connecting_ < options_.at_once && !turns_.empty()) {
    Line& line = turns_.pop_front();
    if (!line.waiters.empty()) {
      Enter& next = line.waiters.front();
      try_take(next.permit_);
      next.wake();
    }
    if (line.waiters.empty()) {
      lines_.erase(lines_.find(*line.origin));
    } else {
      turns_.push_back(line);
    }
  }
}

void ConnectRamp::on_timer() noexcept {
  const async::TimePoint now = loop_.now();
  while (!held_.empty() && held_.front().until_ <= now) {
    held_.pop_front();
    --connecting_;
  }
  let_in();
  if (!turns_.empty()) loop_.arm(*this, held_.front().until_);
}

}  // namespace leat::http
