#pragma once

#include <cstddef>
#include <string_view>

#include "pipelines/expr/json_texts.hpp"

namespace leat::pipelines {

/// Whether jq takes an output for true: everything but false and null is.
[[nodiscard]] inline bool is_true(std::string_view json) noexcept {
  return json != "false" && json != "null";
}

/// Whether a program holds: one of its outputs is true.
[[nodiscard]] inline bool is_true(const JsonTexts& outputs) noexcept {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (is_true(outputs[i])) return true;
  }
  return false;
}

}  // namespace leat::pipelines
