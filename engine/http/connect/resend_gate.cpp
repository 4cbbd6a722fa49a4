#include "engine/http/connect/resend_gate.hpp"

#include <utility>

namespace leat::http {

bool ResendGate::Enter::is_decided() {
  const std::string name(name_);
  const auto [found, is_new] = gate_.origins_.try_emplace(name, gate_, name);
  Origin& origin = found->second;
  if (is_new) {
    origin.send(scout_);
  } else if (origin.has_failed()) {
    goes_ = false;
  } else {
    origin.wait(*this);
    return false;
  }
  return true;
}

void ResendGate::Scout::end(bool goes) noexcept { std::exchange(origin_, nullptr)->end(goes); }

void ResendGate::Scout::give_place() noexcept { std::exchange(origin_, nullptr)->replace_scout(); }

void ResendGate::Origin::send(Scout& scout) noexcept {
  scout_ = &scout;
  scout.origin_ = this;
  gate_.loop_.arm_after(*this, kPatience);
}

void ResendGate::Origin::end(bool goes) noexcept {
  while (!waiting_.empty()) {
    Enter& waiter = waiting_.front();
    waiter.goes_ = goes;
    waiter.wake();
  }
  scout_ = nullptr;
  if (goes) return forget();
  gate_.loop_.arm_after(*this, kMemory);
}

void ResendGate::Origin::replace_scout() noexcept {
  if (waiting_.empty()) return forget();
  Enter& next = waiting_.front();
  send(next.scout_);
  next.wake();
}

void ResendGate::Origin::forget() noexcept {
  gate_.origins_.erase(gate_.origins_.find(name_));  // destroys *this
}

void ResendGate::Origin::on_timer() noexcept {
  if (scout_ == nullptr) return forget();
  scout_->answered();
}

}  // namespace leat::http
