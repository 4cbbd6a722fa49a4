#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "cli/bench/checks.hpp"

namespace leat::cli {

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

  /// Starts at `start`, which is more than 0, and tries nothing above `most`.
  RateSearch(double start, double most) : start_(start), most_(most) {}

  struct Trial {
    double rate = 0;
    bool again = false;  // the rate is the same as before, and the samples are added to those
  };
  /// The next trial; nothing when the search is over.
  [[nodiscard]] std::optional<Trial> next() const;
  void tell(CheckOutcome::State state);
  /// The client was the limit, so no higher rate can be tried.
  void tell_client_limit();

  /// The highest rate that held, and the lowest one that did not.
  [[nodiscard]] std::optional<double> held() const { return held_ > 0 ? std::optional(held_) : std::nullopt; }
  [[nodiscard]] std::optional<double> failed() const {
    return failed_ < kNone ? std::optional(failed_) : std::nullopt;
  }
  [[nodiscard]] std::size_t trials() const noexcept { return trials_; }
  [[nodiscard]] bool client_was_limit() const noexcept { return client_limit_; }

 private:
  [[nodiscard]] double rate_between() const;

  double start_;
  double most_;
  double held_ = 0;
  double failed_ = kNone;
  std::size_t trials_ = 0;
  bool again_ = false;
  bool confirmed_ = false;
  bool refuted_ = false;  // a rate that had held did not hold when it was tried again
  bool client_limit_ = false;

  static constexpr double kNone = 1e300;
};

/// The sentence with the rate and its interval.
[[nodiscard]] std::string find_rate_sentence(const RateSearch& search, const Check& check);

}  // namespace leat::cli
