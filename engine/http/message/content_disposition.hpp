#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace leat::http {

/// Gives the name that a Content-Disposition field gives a file (RFC 6266), in UTF-8. `filename*` takes
/// precedence over `filename` (RFC 8187; UTF-8 and ISO-8859-1).
///
/// Servers get this field wrong in many ways, and it is read as leniently as browsers and curl read it: the
/// type may be missing, a quote may be open, a `filename` may be in Latin-1 or have encoded words (RFC 2047),
/// and a backslash escapes only a quote and itself. Only what follows the last '/' or '\\' is given, without
/// blanks around it; a '.' or '-' at its beginning becomes a '_', so that the server hides no file and gives
/// no other command an option. Gives nothing if the field has no name, an empty one, or can't be read.
[[nodiscard]] std::optional<std::string> disposition_filename(std::string_view field);

}  // namespace leat::http
