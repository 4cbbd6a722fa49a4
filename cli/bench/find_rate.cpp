#include "cli/bench/find_rate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

namespace {

constexpr double kLowest = 0.5;  // requests per second; below this, a trial has no samples

}  // namespace

double RateSearch::rate_between() const {
  if (held_ == 0) return failed_ >= kNone ? start_ : failed_ / (refuted_ ? 1.1 : 4);
  if (failed_ >= kNone) return std::min(held_ * 2, most_);
  return std::sqrt(held_ * failed_);
}

std::optional<RateSearch::Trial> RateSearch::next() const {
  if (trials_ >= kMostTrials || client_limit_) return std::nullopt;
  if (held_ > 0 && (failed_ / held_ <= kFine || held_ >= most_)) {
    return confirmed_ ? std::nullopt : std::optional(Trial{held_, again_});
  }
  const double rate = rate_between();
  return rate < kLowest ? std::nullopt : std::optional(Trial{rate, again_});
}

void RateSearch::tell(CheckOutcome::State state) {
  const auto trial = next();
  if (!trial) return;
  ++trials_;
  if (state == CheckOutcome::State::undecided && !again_) {
    again_ = true;
    return;
  }
  again_ = false;
  const bool holds = state == CheckOutcome::State::holds;
  if (trial->rate == held_) {  // this is the confirmation
    confirmed_ = holds;
    if (holds) return;
    failed_ = held_;
    held_ = 0;
    refuted_ = true;
    return;
  }
  if (holds) {
    held_ = trial->rate;
  } else {
    failed_ = trial->rate;
  }
}

void RateSearch::tell_client_limit() { client_limit_ = true; }

std::string find_rate_sentence(const RateSearch& search, const Check& check) {
  const std::string what = text::escaped(check.text);
  const std::string limit =
      search.client_was_limit() ? "; higher rates were not tried: the client itself was the limit there" : "";
  if (search.trials() == 0)
    return fmt::format("Nothing is known of {}: the first trial was cut short.", what);
  if (!search.held()) {
    return fmt::format("{} holds at no rate that was tried ({} trials){}.", what, search.trials(), limit);
  }
  if (!search.failed()) {
    return fmt::format("{} holds at {}, the highest rate that was tried ({} trials){}.", what,
                       text::format_rate(*search.held()), search.trials(), limit);
  }
  return fmt::format("{} holds up to {}; it no longer does at {} ({} trials){}.", what,
                     text::format_rate(*search.held()), text::format_rate(*search.failed()), search.trials(),
                     limit);
}

}  // namespace leat::cli
