#pragma once

#include <string>

#include "cli/bench/bench_record.hpp"

namespace leat::cli {

/// A table for other programs (RFC 4180, lines end in LF): a row for each side of the run, and behind it one
/// for each of its targets, if there are several, and each of its stages. Times are nanoseconds; what is not
/// known is empty.
[[nodiscard]] std::string csv_report(const BenchRecord& record);

}  // namespace leat::cli
