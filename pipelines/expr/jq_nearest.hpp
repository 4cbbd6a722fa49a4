#pragma once

#include <string>
#include <string_view>

namespace leat::pipelines {

/// `; did you mean "name/arity"?` where jq's message says of a function that it isn't defined, and a built-in
/// one has that name or nearly that; else nothing. Asks libjq for its built-ins: see JqProgram for where.
[[nodiscard]] std::string suggest_jq_function(std::string_view message);

}  // namespace leat::pipelines
