#pragma once

#include <string>

#include "cli/bench/bench_record.hpp"

namespace leat::cli {

/// What was measured, and how sure that is, as text for people.
[[nodiscard]] std::string text_report(const BenchRecord& record);

}  // namespace leat::cli
