#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace leat::pipelines {

/// A `{$name}` within a text.
struct TextVariable {
  std::string_view name;   // without the "$"
  std::size_t offset = 0;  // of its brace, in bytes
  std::size_t size = 0;    // with both braces
};

/// Finds the variables of a text, in their order. In a template, `{{` and `}}` are braces of the text; in any
/// other text only what has the form of a variable is one.
[[nodiscard]] std::vector<TextVariable> text_variables(std::string_view text, bool is_template);

}  // namespace leat::pipelines
