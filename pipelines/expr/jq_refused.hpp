#pragma once

#include <optional>
#include <string_view>

#include "pipelines/expr/fault.hpp"

namespace leat::pipelines {

/// Finds where a jq program uses something that leat doesn't offer: the environment, files and modules,
/// further inputs, standard error, and ending the process. Gives nothing if it doesn't.
///
/// It looks at tokens only. Fields and keys of these names (`.env`, `{input: 1}`), variables (`$input`),
/// strings and comments are allowed. A function that a program itself defines with one of these names is
/// refused, too.
[[nodiscard]] std::optional<TextFault> find_refused_in_jq(std::string_view program);

}  // namespace leat::pipelines
