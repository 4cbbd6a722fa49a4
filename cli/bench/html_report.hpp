#pragma once

#include <string>

#include "cli/bench/bench_record.hpp"

namespace leat::cli {

/// The record as one self-contained page: no script, nothing fetched, light or dark as the reader has it.
[[nodiscard]] std::string html_report(const BenchRecord& record);

}  // namespace leat::cli
