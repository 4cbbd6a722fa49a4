#pragma once

#include <string>
#include <string_view>

namespace leat::pipelines {

/// Gives `; did you mean "name/arity"?` if jq's message says that a function isn't defined and a built-in one
/// has that name or a similar one; else nothing. It asks libjq for its built-ins; JqProgram says in which
/// process that may be done.
[[nodiscard]] std::string suggest_jq_function(std::string_view message);

}  // namespace leat::pipelines
