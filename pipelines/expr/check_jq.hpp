#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipelines/expr/fault.hpp"

namespace leat::pipelines {

/// What is wrong with a jq program, and at which byte; a TextCheck.
///
/// Blocks for one compilation, some 40 ms, in a process of its own that it forks: libjq may abort. Any
/// thread, but cheapest while the process is small and alone.
[[nodiscard]] std::optional<TextFault> check_jq(const std::string& program);

/// The same of several, as many at once as there are processors. In their order.
[[nodiscard]] std::vector<std::optional<TextFault>> check_jq_programs(std::span<const std::string> programs);

}  // namespace leat::pipelines
