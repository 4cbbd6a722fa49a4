#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/bench/bench_record.hpp"
#include "cli/terminal/colours.hpp"

namespace leat::cli {

/// A time of a histogram with three digits; ">" stands before it where it is only known to be longer.
[[nodiscard]] std::string quantile_text(const load::Quantile& quantile);

/// The same of a histogram's percentile; "–" if nothing was measured.
[[nodiscard]] std::string percentile_text(const load::Histogram& times, double p);

/// The rate of good answers with its interval, or why it has none.
[[nodiscard]] std::string rate_text(const load::LoadResult& result);

/// How many answers came, and how many of them were not good.
[[nodiscard]] std::string bad_answers_text(const Measurement& measurement);

/// The error rate with its interval; nothing if no request was planned.
[[nodiscard]] std::optional<std::string> error_rate_text(const load::Tally& totals);

/// How many good answers --expect has looked at, and what it found.
[[nodiscard]] std::string findings_text(const load::LoadResult& result);

/// How long the process was stopped, and what that does to the figures; empty if it was not.
[[nodiscard]] std::string paused_text(const load::LoadResult& result);

/// `10s at 100/s`, `30s at 100/s to 1,000/s`.
[[nodiscard]] std::string stage_text(const load::RateStage& stage);

/// The good answers per second to what was planned in that stage.
[[nodiscard]] double stage_rate(const load::StageResult& stage);

/// What is said in place of the figures of a member of a team that has died.
inline constexpr std::string_view kDiedText = "died; its part is missing in every figure";

/// "ok", or what the client was and why.
[[nodiscard]] std::string verdict_text(const load::Verdict& verdict);

/// The line of each check, after a blank line; empty if there are none.
[[nodiscard]] std::string checks_text(const std::vector<CheckOutcome>& checks);

/// What was measured, and how sure that is, as text for people.
[[nodiscard]] std::string text_report(const BenchRecord& record, const Colours& colours = Colours());

}  // namespace leat::cli
