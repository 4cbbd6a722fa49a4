#pragma once

#include <string>

#include "cli/bench/bench_record.hpp"

namespace leat::cli {

inline constexpr const char* kBenchSchema = "leat.bench/1";

/// The whole record as one JSON object and a line end. Times are integer nanoseconds, and `_s` values are
/// seconds. A percentile with too few samples is null. An end of an interval that is not known (failures and
/// time-outs lie there) is null, and so is a percentile's value if it is only known to be more.
[[nodiscard]] std::string json_document(const BenchRecord& record);

}  // namespace leat::cli
