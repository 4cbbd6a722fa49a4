#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipelines/expr/fault.hpp"

namespace leat::pipelines {

/// Says what is wrong with a jq program and at which byte; it is a TextCheck.
///
/// It blocks for one compilation, some 40 ms, in a process of its own that it forks, because libjq may abort.
/// Any thread, but it is cheapest while the process is small and has one thread.
[[nodiscard]] std::optional<TextFault> check_jq(const std::string& program);

/// Checks several programs, as many at once as there are processors. Gives the results in the order of the
/// programs.
[[nodiscard]] std::vector<std::optional<TextFault>> check_jq_programs(std::span<const std::string> programs);

}  // namespace leat::pipelines
