#pragma once

#include <string>

#include "cli/bench/bench_record.hpp"

namespace leat::cli {

/// A time of a histogram with three digits; ">" stands before it where it is only known to be longer.
[[nodiscard]] std::string quantile_text(const load::Quantile& quantile);

/// What was measured, and how sure that is, as text for people.
[[nodiscard]] std::string text_report(const BenchRecord& record);

}  // namespace leat::cli
