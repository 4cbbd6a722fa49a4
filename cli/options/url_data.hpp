#pragma once

#include <string>
#include <string_view>

#include "cli/terminal/system.hpp"
#include "engine/error.hpp"

namespace leat::cli {

/// What --data-urlencode and --url-query make of their value, as curl does: "TEXT" and "=TEXT" are encoded,
/// "NAME=TEXT" is with its text encoded, "@FILE" and "NAME@FILE" with what is in the file. Letters, digits
/// and
/// "-._~" stay, a blank becomes "+". The Error has the system's words on a file that can't be read.
[[nodiscard]] Result<std::string> url_encoded_data(std::string_view value, System& system);

}  // namespace leat::cli
