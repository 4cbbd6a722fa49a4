#pragma once

#include <string>
#include <vector>

#include "cli/bench/bench_record.hpp"

namespace leat::cli {

// The tables of the page of --html, each as one element, or nothing where there is nothing to say.

/// What is thought of the client.
[[nodiscard]] std::string verdict_line(const Measurement& measurement);
[[nodiscard]] std::string summary_table(const Measurement& measurement);
/// Percentiles of the good answers, and of the others if there are any.
[[nodiscard]] std::string times_tables(const Measurement& measurement);
/// Statuses and classes of errors; what was not expected is marked.
[[nodiscard]] std::string outcomes_table(const Measurement& measurement);
[[nodiscard]] std::string targets_table(const Measurement& measurement);
[[nodiscard]] std::string addresses_table(const load::LoadResult& result);
[[nodiscard]] std::string stages_table(const load::LoadResult& result);
/// What each member of a team did, and what is thought of it as a client.
[[nodiscard]] std::string members_table(const std::vector<MemberRow>& members);
/// The ratios of --vs with their intervals, and the shares that were compared.
[[nodiscard]] std::string ratios_table(const Comparison& comparison);
[[nodiscard]] std::string checks_table(const std::vector<CheckOutcome>& checks);

}  // namespace leat::cli
