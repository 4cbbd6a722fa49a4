#pragma once

#include <string>
#include <string_view>

namespace leat::origin {

/// Appends the text as a JSON string. Text that isn't UTF-8 is read as Latin-1, so the document is always
/// valid.
void append_json_text(std::string& out, std::string_view text);

}  // namespace leat::origin
