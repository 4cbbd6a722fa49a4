#pragma once

#include "cli/options/given.hpp"
#include "cli/terminal/system.hpp"
#include "engine/error.hpp"
#include "engine/http/message/form_data.hpp"

namespace leat::cli {

/// Reads -F NAME=TEXT, NAME=@FILE, NAME=<FILE, each with ;type=TYPE and ;filename=NAME behind it, and
/// --form-string NAME=TEXT, as curl does; FILE may be in double quotes, and - is standard input. Call it
/// only if one of them is given. The Error names the field, and never shows a value.
[[nodiscard]] Result<http::FormData> read_form(const Given& given, System& system);

}  // namespace leat::cli
