#pragma once

#include <string>
#include <vector>

#include "cli/options/given.hpp"
#include "cli/terminal/system.hpp"
#include "engine/error.hpp"

namespace leat::cli {

/// A form as multipart/form-data (RFC 7578), made of -F and --form-string.
struct FormBody {
  std::string body;
  std::string content_type;  // with the boundary
};

/// Reads -F NAME=TEXT, NAME=@FILE, NAME=<FILE, each with ;type=TYPE and ;filename=NAME behind it, and
/// --form-string NAME=TEXT, as curl does; FILE may be in double quotes, and - is standard input. The boundary
/// is made of the content, so that the same form is the same request in each run. Call it only if one of them
/// is given. The Error names the field, and never shows a value.
[[nodiscard]] Result<FormBody> read_form(const Given& given, System& system);

}  // namespace leat::cli
