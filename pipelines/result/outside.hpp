#pragma once

#include <string>

#include "pipelines/expr/template.hpp"

namespace leat::pipelines {

/// The value of a variable of the process's environment, for {env:NAME} and {secret:NAME} in templates.
/// bad_input if the variable is not set.
[[nodiscard]] Result<std::string> look_up_outside(Template::Outside kind, const std::string& name);

/// A TextCheck of a template that also looks up the environment's variables.
[[nodiscard]] std::optional<TextFault> check_text(const std::string& text);

/// Compiles a text that check_text has found to be right.
[[nodiscard]] Template compile_template(const std::string& text);

}  // namespace leat::pipelines
