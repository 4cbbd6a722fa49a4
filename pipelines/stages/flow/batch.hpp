#pragma once

#include <cstddef>

#include "engine/async/clock.hpp"

namespace leat::pipelines {

class StageRow;

/// The arguments of `batch`: one record for every `n`, or for what came within a time.
struct BatchArgs {
  std::size_t n = 0;
  async::Duration within{0};  // 0: however long it takes
};
[[nodiscard]] const StageRow& row_of(const BatchArgs& args) noexcept;

}  // namespace leat::pipelines
