#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/bench/checks.hpp"

namespace leat::cli {

/// What has to hold in each trial of a search for a rate: the bound that is asked for, every --check, and an
/// error rate below 1 % unless one of them says another.
class TrialRules {
 public:
  TrialRules(const Check& check, const std::vector<Check>& more, CheckMode mode);

  struct Judgement {
    CheckOutcome::State state = CheckOutcome::State::holds;
    std::string reason;  // what does not hold, or decides nothing, and what was measured
  };
  [[nodiscard]] Judgement judge(const load::LoadResult& result) const;

  /// How many requests a trial must have, so that too few of them never decide.
  [[nodiscard]] std::uint64_t samples() const noexcept { return samples_; }
  /// How long a trial at that rate lasts: as long as the user says, or as it takes to have the samples.
  [[nodiscard]] async::Duration lasts(double rate, async::Duration wanted) const noexcept;
  /// At this rate, the samples come in that time.
  [[nodiscard]] double rate_for(async::Duration time) const noexcept;
  /// Below this rate the samples would take more than ten times as long as the user says, or than a minute.
  [[nodiscard]] double lowest_rate(async::Duration wanted) const noexcept;
  /// What was asked for, as one text: `p99<50ms and rate>100/s`.
  [[nodiscard]] std::string text() const;
  /// True if the error rate is looked at although nobody asked for it.
  [[nodiscard]] bool adds_error_rate() const noexcept { return adds_error_rate_; }

 private:
  std::vector<Check> checks_;
  CheckMode mode_;
  bool adds_error_rate_ = false;  // the last one is ours
  std::uint64_t samples_ = 0;
};

/// Searches for the highest rate at which something holds: it doubles the rate until that does not hold, and
/// then halves the range that is left, in proportion.
///
/// A trial that decides nothing is repeated once at the same rate, and its samples are added to the first
/// one's (the caller adds them); if that decides nothing either, it counts as not holding. The last rate that
/// held is tried once more at the end, since a search finds one lucky trial. If it does not hold then, the
/// search goes on below it. It ends after kMostTrials in any case.
class RateSearch {
 public:
  static constexpr std::size_t kMostTrials = 24;
  static constexpr double kFine = 1.03;  // the two ends are close enough

  static constexpr double kLowest = 0.5;  // requests per second; below this, a trial has no samples
  /// Starts at `start`, which is more than 0, and tries nothing above `most` or below `least`.
  RateSearch(double start, double most, double least = kLowest) : start_(start), most_(most), least_(least) {}

  struct Trial {
    double rate = 0;
    bool again = false;  // the rate is the same as before, and the samples are added to those
  };
  /// The next trial; nothing when the search is over.
  [[nodiscard]] std::optional<Trial> next() const;
  /// `reason` says what did not hold.
  void tell(CheckOutcome::State state, const std::string& reason = "");
  /// The client was the limit, so no higher rate can be tried.
  void tell_client_limit();

  /// The highest rate that held, and the lowest one that did not.
  [[nodiscard]] std::optional<double> held() const { return held_ > 0 ? std::optional(held_) : std::nullopt; }
  [[nodiscard]] std::optional<double> failed() const {
    return failed_ < kNone ? std::optional(failed_) : std::nullopt;
  }
  /// What did not hold at the lowest rate at which something did not.
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }
  [[nodiscard]] std::size_t trials() const noexcept { return trials_; }
  [[nodiscard]] bool client_was_limit() const noexcept { return client_limit_; }

 private:
  [[nodiscard]] double rate_between() const;

  double start_;
  double most_;
  double least_;
  std::string reason_;
  double held_ = 0;
  double failed_ = kNone;
  std::size_t trials_ = 0;
  bool again_ = false;
  bool confirmed_ = false;
  bool refuted_ = false;  // a rate that had held did not hold when it was tried again
  bool client_limit_ = false;

  static constexpr double kNone = 1e300;
};

/// The sentence with the rate, and with what stopped the search; `what` is what was to hold.
[[nodiscard]] std::string find_rate_sentence(const RateSearch& search, std::string_view what);

}  // namespace leat::cli
