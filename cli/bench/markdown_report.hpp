#pragma once

#include <string>

#include "cli/bench/bench_record.hpp"

namespace leat::cli {

/// What was measured as Markdown with GitHub's tables, for an issue or a pull request.
[[nodiscard]] std::string markdown_report(const BenchRecord& record);

}  // namespace leat::cli
