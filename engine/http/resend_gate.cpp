#include "engine/http/resend_gate.hpp"

#include <utility>

namespace leat::http {

bool ResendGate::Enter::became_scout() {
  const auto [found, is_new] = gate_.origins_.try_emplace(name_, gate_, name_);
  if (is_new) {
    found->second.send(scout_);
  } else {
    found->second.wait(*this);
  }
  return is_new;
}

void ResendGate::Scout::end(bool goes) noexcept { std::exchange(origin_, nullptr)->end(goes); }

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
  gate_.origins_.erase(gate_.origins_.find(name_));  // this
}

void ResendGate::Origin::on_timer() noexcept { scout_->answered(); }

}  // namespace leat::http
