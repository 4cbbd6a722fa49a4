#pragma once

#include "engine/async/clock.hpp"

namespace leat::pipelines {

class StageRow;

/// The arguments of `delay`: how long after it came each record is passed on.
struct DelayArgs {
  async::Duration time{0};
};
[[nodiscard]] const StageRow& row_of(const DelayArgs& args) noexcept;

}  // namespace leat::pipelines
