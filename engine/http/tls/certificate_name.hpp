#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace leat::http {

/// Splits "FILE:PASSWORD" into the file and the pass phrase, as curl's --cert does: after a backslash, a
/// colon or a backslash has no special meaning.
[[nodiscard]] std::pair<std::string, std::string> split_certificate(std::string_view text);

}  // namespace leat::http
