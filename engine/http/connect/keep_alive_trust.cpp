#include "engine/http/connect/keep_alive_trust.hpp"

namespace leat::http {

KeepAliveTrust::Use KeepAliveTrust::use(async::TimePoint now) const noexcept {
  if (doubted_until_ && now < *doubted_until_) return Use::none;
  if (keeps_) return Use::any;
  return first_answer_ ? Use::tested : Use::none;
}

std::optional<async::TimePoint> KeepAliveTrust::tested_from() const noexcept {
  if (!first_answer_) return std::nullopt;
  return *first_answer_ + kTest;
}

void KeepAliveTrust::answered(bool reused, async::TimePoint now) noexcept {
  if (!first_answer_) first_answer_ = now;
  keeps_ = keeps_ || reused;
}

void KeepAliveTrust::closed(async::TimePoint now) noexcept {
  keeps_ = false;
  doubted_until_ = now + kDoubt;
}

}  // namespace leat::http
