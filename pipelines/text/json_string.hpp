#pragma once

#include <string>
#include <string_view>

namespace leat::pipelines {

/// Appends the text as a JSON string, quotes included. Unlike RapidJSON's writer it replaces what is no UTF-8
/// by U+FFFD, and escapes the C1 control characters (U+0080 to U+009F), which steer terminals too.
void append_json_string(std::string& out, std::string_view text);

[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace leat::pipelines
