#pragma once

#include <optional>
#include <string_view>

#include "pipelines/expr/fault.hpp"

namespace leat::pipelines {

/// Where a jq program uses what leat doesn't offer: the environment, files and modules, further inputs,
/// standard error, and the end of the process. Nothing if it doesn't.
///
/// Looks at tokens only: fields and keys of these names (`.env`, `{input: 1}`), variables (`$input`), strings
/// and comments are fine; a function that a program defines by one of these names is refused with them.
[[nodiscard]] std::optional<TextFault> find_refused_in_jq(std::string_view program);

}  // namespace leat::pipelines
