#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace leat::cli {

/// RFC 4648, section 4, with padding.
[[nodiscard]] std::string encode_base64(std::string_view bytes);
/// Nothing for what is no whole base64.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace leat::cli
