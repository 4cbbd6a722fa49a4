#pragma once

#include <string>

#include "pipelines/expr/template.hpp"

namespace leat::pipelines {

/// A variable of the process's environment, for {env:NAME} and {secret:NAME} in templates. bad_input if it is
/// not set.
[[nodiscard]] Result<std::string> look_up_outside(Template::Outside kind, const std::string& name);

/// A TextCheck that looks the environment's variables up, too.
[[nodiscard]] std::optional<TextFault> check_text(const std::string& text);

/// Of a text that check_text has passed.
[[nodiscard]] Template compile_template(const std::string& text);

}  // namespace leat::pipelines
