#pragma once

#include <string>

#include "cli/bench/bench_record.hpp"

namespace leat::cli {

/// The record as one page that needs nothing else: it has no script, loads nothing, and is light or dark as
/// the reader has it.
[[nodiscard]] std::string html_report(const BenchRecord& record);

}  // namespace leat::cli
