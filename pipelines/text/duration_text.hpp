#pragma once

#include <fmt/format.h>

#include <chrono>
#include <string>

#include "engine/async/clock.hpp"

namespace leat::pipelines {

/// A time limit as a message names it, and as a spec would: "30s", "250ms".
[[nodiscard]] inline std::string duration_text(async::Duration duration) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  return ms % 1000 == 0 ? fmt::format("{}s", ms / 1000) : fmt::format("{}ms", ms);
}

}  // namespace leat::pipelines
