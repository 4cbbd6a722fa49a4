#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace leat::pipelines {

/// A `$name` in a jq program.
struct JqVariable {
  std::string_view name;
  std::size_t offset = 0;     // of its '$'
  bool bound_within = false;  // the program itself binds that name, here or elsewhere: as, def, label
};

/// Gives all variables of a program in order. Any text can be looked at. Linear, except for programs that
/// bind many names.
[[nodiscard]] std::vector<JqVariable> jq_variables(std::string_view program);

}  // namespace leat::pipelines
