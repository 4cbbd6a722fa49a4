#pragma once

#include <fmt/format.h>

#include <chrono>
#include <string>

#include "engine/async/clock.hpp"

namespace leat::pipelines {

/// A time limit as a message names it, and as a spec would: "30s", "250ms", "1us".
[[nodiscard]] inline std::string duration_text(async::Duration duration) {
  using namespace std::chrono_literals;
  if (duration % 1ms != 0ms) {
    return duration % 1us != 0us ? fmt::format("{}ns", duration.count())
                                 : fmt::format("{}us", duration / 1us);
  }
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  return ms % 1000 == 0 ? fmt::format("{}s", ms / 1000) : fmt::format("{}ms", ms);
}

}  // namespace leat::pipelines
