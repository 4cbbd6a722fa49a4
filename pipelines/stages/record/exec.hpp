#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/async/clock.hpp"
#include "pipelines/plan/arg_values.hpp"

namespace leat::pipelines {

class StageRow;

/// The arguments of `exec`: the command that runs for each record.
struct ExecArgs {
  std::vector<std::string> argv;  // templates
  std::optional<ProgramText> input;
  bool as_records = false;
  std::size_t n = 0;  // at once; 0: as many as there are processors
  async::Duration timeout{0};
};
[[nodiscard]] const StageRow& row_of(const ExecArgs& args) noexcept;

}  // namespace leat::pipelines
