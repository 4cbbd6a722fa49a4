#include "engine/http/connect/stream_gate.hpp"

#include <algorithm>
#include <utility>

namespace leat::http {

StreamGate::Protocol StreamGate::protocol_of(std::string_view origin) const noexcept {
  const auto found = origins_.find(origin);
  return found == origins_.end() ? Protocol::unknown : found->second.protocol();
}

StreamGate::Origin& StreamGate::at(std::string_view origin) {
  const auto found = origins_.find(origin);
  if (found != origins_.end()) return found->second;
  if (origins_.size() >= sweep_at_) sweep();
  return origins_.try_emplace(std::string(origin), loop_).first->second;
}

void StreamGate::sweep() {
  std::erase_if(origins_, [](const auto& entry) { return entry.second.is_idle(); });
  sweep_at_ = std::max(kSweepAt, 2 * origins_.size());
}

void StreamGate::learn(std::string_view origin, Protocol found) { at(origin).learn(found); }

StreamGate::Enter StreamGate::enter(std::string_view origin, Probe& probe) {
  return Enter(at(origin), probe);
}

void StreamGate::Probe::connected(bool anew, bool http2) noexcept {
  if (origin_ == nullptr) return;
  origin_->learn(http2 ? Protocol::two : Protocol::one);
  if (anew && http2) {
    origin_->settle(*this);
  } else {
    release();
  }
}

void StreamGate::Probe::release() noexcept {
  if (origin_ != nullptr) std::exchange(origin_, nullptr)->give_back(*this);
}

void StreamGate::Origin::take(Probe& probe) noexcept {
  probe.origin_ = this;
  probe_ = &probe;
  ++probes_;
  loop_.arm_after(*this, kPatience);
}

void StreamGate::Origin::give_back(Probe& probe) noexcept {
  --probes_;
  if (probe_ != &probe) return;
  probe_ = nullptr;
  disarm();
  let_next_in();
}

void StreamGate::Origin::settle(Probe& probe) noexcept {
  if (probe_ == &probe) loop_.arm_after(*this, kSettling);
}

void StreamGate::Origin::learn(Protocol found) noexcept {
  protocol_ = found;
  if (found == Protocol::one) {
    while (!waiting_.empty()) waiting_.front().wake();
  }
}

void StreamGate::Origin::let_next_in() noexcept {
  if (waiting_.empty()) return;
  Enter& next = waiting_.front();
  take(next.probe_);
  next.wake();
}

void StreamGate::Origin::on_timer() noexcept {
  probe_ = nullptr;
  let_next_in();
}

}  // namespace leat::http
