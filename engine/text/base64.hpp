#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace leat::text {

/// Base64 with padding and without line breaks (RFC 4648, section 4).
[[nodiscard]] std::string encode_base64(std::string_view bytes);

/// Nothing for a text that is not whole base64: blanks, line breaks and missing padding are refused.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace leat::text
