#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace leat::http {

/// The file and the pass phrase of "FILE:PASSWORD", as in curl's --cert: a backslash before a colon or a
/// backslash takes its meaning from it.
[[nodiscard]] std::pair<std::string, std::string> split_certificate(std::string_view text);

}  // namespace leat::http
