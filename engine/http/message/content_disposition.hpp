#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace leat::http {

/// The name that a Content-Disposition field gives a file (RFC 6266), in UTF-8: `filename*` goes before
/// `filename` (RFC 8187; UTF-8 and ISO-8859-1). Only what follows the last '/' or '\\' of it. Nothing for a
/// field without a name, with an empty one, or one that can't be read.
[[nodiscard]] std::optional<std::string> disposition_filename(std::string_view field);

}  // namespace leat::http
