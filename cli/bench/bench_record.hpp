#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/bench/checks.hpp"
#include "cli/bench/comparison.hpp"
#include "cli/bench/environment.hpp"
#include "engine/async/clock.hpp"
#include "engine/load/load_plan.hpp"
#include "engine/load/load_result.hpp"
#include "engine/load/verdict.hpp"

namespace leat::cli {

/// The percentiles that each report has.
inline constexpr std::array kReportedPercentiles{50.0, 90.0, 95.0, 99.0, 99.9};

/// What one side of a benchmark did.
struct Measurement {
  load::LoadPlan plan;
  load::LoadResult result;
  load::Verdict verdict;
};

/// The result of --find-rate.
struct FoundRate {
  std::string check;
  std::optional<double> held;    // the highest rate that held
  std::optional<double> failed;  // the lowest rate that did not hold
  std::size_t trials = 0;
  std::string sentence;
};

/// What --calibrate measured: the same load against a responder inside leat.
struct NoiseFloor {
  load::Estimate rate;
  load::Quantile p50;
  load::Quantile p99;
};

/// The noise floor, from a run against the responder.
[[nodiscard]] NoiseFloor noise_floor_of(const load::LoadResult& result);

/// What one member of a team did in the runs that are reported; see Team.
struct MemberRow {
  std::string name;      // of its machine, and the number of its process
  bool is_here = false;  // false: it has died, and nothing is known of its part
  load::Tally totals;
  async::Duration measured{0};
  double rate = 0;           // good answers a second
  load::Histogram response;  // as in LoadResult::latency
  load::Verdict verdict;
  std::string clock;  // how far its machine's clock is ahead of Redis's
};

/// Everything that the reports are made of: none of them measures, asks the system or decides anything.
struct BenchRecord {
  std::vector<std::string> argv;  // without secrets
  Environment environment;
  std::optional<NoiseFloor> noise_floor;
  Measurement subject;
  std::optional<Measurement> other;      // with --vs
  std::optional<Comparison> comparison;  // of --vs
  std::vector<CheckOutcome> checks;      // with --vs
  std::string aborted;                   // what --abort-on ended it, and why; empty: nothing did
  std::optional<FoundRate> found_rate;   // then the subject is the last trial that held
  std::vector<MemberRow> members;        // with --team: in the runs of the subject, and of the other
  int exit_code = 0;
};

/// The target's URL in a form that may be shown, and how many more there are.
[[nodiscard]] std::string name_of(const Measurement& measurement);

/// What was typed, without passwords, the userinfo of URLs, and the values of headers, and of fields of a
/// body, that hold credentials.
[[nodiscard]] std::vector<std::string> without_secrets(const std::vector<std::string>& argv);

/// The arguments as one line that a POSIX shell takes apart into the same ones.
[[nodiscard]] std::string command_line(const std::vector<std::string>& argv);

}  // namespace leat::cli
