#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/expr/fault.hpp"

namespace leat::pipelines {

/// A stretch of a template: literal text, or what stands between two braces.
struct TemplatePiece {
  std::string text;
  std::size_t offset = 0;  // of that text, in bytes
  bool is_field = false;
};

/// Takes "text {field} {{braces}}" apart. Faults: unbalanced braces, bytes that are no UTF-8, a NUL.
[[nodiscard]] Compiled<std::vector<TemplatePiece>> parse_template(std::string_view text);

}  // namespace leat::pipelines
