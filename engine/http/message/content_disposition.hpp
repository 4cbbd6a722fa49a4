#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace leat::http {

/// Gives the name that a Content-Disposition field gives a file (RFC 6266), in UTF-8. `filename*` takes
/// precedence over `filename` (RFC 8187; UTF-8 and ISO-8859-1). Only what follows its last '/' or '\\' is
/// given. Gives nothing if the field has no name, an empty one, or can't be read.
[[nodiscard]] std::optional<std::string> disposition_filename(std::string_view field);

}  // namespace leat::http
