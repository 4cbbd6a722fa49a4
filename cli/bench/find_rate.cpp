#include "cli/bench/find_rate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "engine/load/quantile_interval.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

namespace {

using State = CheckOutcome::State;

constexpr std::string_view kErrorRate = "error_rate<1%";
constexpr async::Duration kLongestTrial{std::chrono::minutes(1)};
constexpr int kMostTimesLonger = 10;          // than what the user says; a search has up to 24 trials
constexpr std::uint64_t kFewestSamples = 40;  // for the blocks of a rate
constexpr double kSpare = 1.1;                // of samples: random arrivals may be fewer

// How many requests show whether a share is below a bound, if none of them failed (Wilson's interval).
std::uint64_t samples_for_share(double bound) {
  constexpr double kSquare = 1.96 * 1.96;
  return bound > 0 && bound < 1 ? static_cast<std::uint64_t>(std::ceil(kSquare * (1 / bound - 1))) + 1 : 1;
}

std::uint64_t samples_for(const Check& check) {
  if (check.metric == Check::Metric::percentile) return load::samples_for(check.percentile);
  return check.metric == Check::Metric::error_rate ? samples_for_share(check.bound) : 1;
}

async::Duration longest_trial(async::Duration wanted) noexcept {
  return std::max(wanted, std::min(wanted * kMostTimesLonger, kLongestTrial));
}

}  // namespace

TrialRules::TrialRules(const Check& check, const std::vector<Check>& more, CheckMode mode)
    : checks_{check}, mode_(mode), samples_(kFewestSamples) {
  checks_.insert(checks_.end(), more.begin(), more.end());
  if (mode == CheckMode::interval) {
    for (const auto& one : checks_) samples_ = std::max(samples_, samples_for(one));
  }
  adds_error_rate_ = std::none_of(checks_.begin(), checks_.end(),
                                  [](const Check& one) { return one.metric == Check::Metric::error_rate; });
  if (adds_error_rate_) checks_.push_back(parse_check("--find-rate", kErrorRate).value());
}

TrialRules::Judgement TrialRules::judge(const load::LoadResult& result) const {
  Judgement judgement;
  for (std::size_t i = 0; i < checks_.size(); ++i) {
    // Nobody asked how sure our own one is, and a trial has few requests.
    const bool ours = adds_error_rate_ && i + 1 == checks_.size();
    const auto outcome = apply(checks_[i], result, ours ? CheckMode::point : mode_);
    if (outcome.state == State::holds || judgement.state == State::fails) continue;
    if (outcome.state == State::undecided && judgement.state == State::undecided) continue;
    judgement.state = outcome.state;
    judgement.reason = fmt::format("{}{} was {}", outcome.state == State::undecided ? "undecided: " : "",
                                   text::escaped(metric_of(outcome.check)), measured_text(outcome));
  }
  if (result.findings.unfit > 0) {
    judgement.state = State::fails;
    judgement.reason = fmt::format("{} of {} answers that were looked at were not as --expect says",
                                   result.findings.unfit, result.findings.looked_at);
  }
  return judgement;
}

async::Duration TrialRules::lasts(double rate, async::Duration wanted) const noexcept {
  const double seconds = rate_for(std::chrono::seconds(1)) / rate;
  return std::max(wanted, std::min(async::from_seconds(seconds), longest_trial(wanted)));
}

double TrialRules::rate_for(async::Duration time) const noexcept {
  return static_cast<double>(samples_) * kSpare / async::in_seconds(time);
}

double TrialRules::lowest_rate(async::Duration wanted) const noexcept {
  return std::max(rate_for(longest_trial(wanted)), RateSearch::kLowest);
}

std::string TrialRules::text() const {
  const std::size_t asked = checks_.size() - (adds_error_rate_ ? 1 : 0);
  std::string text;
  for (std::size_t i = 0; i < asked; ++i) text += (i == 0 ? "" : " and ") + checks_[i].text;
  return text;
}

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
  return rate < least_ ? std::nullopt : std::optional(Trial{rate, again_});
}

void RateSearch::tell(CheckOutcome::State state, const std::string& reason) {
  const auto trial = next();
  if (!trial) return;
  ++trials_;
  if (state == CheckOutcome::State::undecided && !again_) {
    again_ = true;
    return;
  }
  again_ = false;
  const bool holds = state == CheckOutcome::State::holds;
  if (!holds) reason_ = reason;
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

std::string find_rate_sentence(const RateSearch& search, std::string_view wanted) {
  const std::string what = text::escaped(wanted);
  const std::string limit =
      search.client_was_limit() ? "; higher rates were not tried: the client itself was the limit there" : "";
  const std::string why = search.reason().empty() ? "" : ": " + search.reason();
  const std::string trials = fmt::format("{} trial{}", search.trials(), search.trials() == 1 ? "" : "s");
  if (search.trials() == 0)
    return fmt::format("Nothing is known of {}: the first trial was cut short.", what);
  if (!search.held()) {
    const std::string lowest =
        search.failed() ? fmt::format(", the lowest of which was {}", text::format_rate(*search.failed()))
                        : "";
    return fmt::format("{} holds at no rate that was tried{}{} ({}){}.", what, lowest, why, trials, limit);
  }
  if (!search.failed()) {
    return fmt::format("{} holds at {}, the highest rate that was tried ({}){}.", what,
                       text::format_rate(*search.held()), trials, limit);
  }
  return fmt::format("{} holds up to {}; it no longer does at {}{} ({}){}.", what,
                     text::format_rate(*search.held()), text::format_rate(*search.failed()), why, trials,
                     limit);
}

}  // namespace leat::cli
