#pragma once

#include <string>

#include "cli/bench/bench_record.hpp"

namespace leat::cli {

/// The record as one page that needs nothing else: it loads nothing, and is light or dark as the reader has
/// it. Its script only shows the values at the pointer; without it the page is whole.
[[nodiscard]] std::string html_report(const BenchRecord& record);

}  // namespace leat::cli
