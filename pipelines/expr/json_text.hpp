#pragma once

#include <string>
#include <string_view>

#include "engine/error.hpp"

namespace leat::pipelines {

/// JSON strings to and from what they say, and the one change that JSON texts are put through.

/// The text as a JSON string, in its quotes. Bytes that are no UTF-8 become U+FFFD.
void append_json_text(std::string& out, std::string_view text);
[[nodiscard]] std::string json_text(std::string_view text);

/// What the inside of a well-formed JSON string says. Half a surrogate pair becomes U+FFFD, as in jq.
void append_unescaped(std::string& out, std::string_view inside);

/// The text of an object with the member at that dotted path ("a.b.c") set to `value`, a JSON text; all else
/// stays byte for byte. Objects that are not there are made; an empty text and null are an empty object.
/// filter_error if something on the way is no object, or `text` no JSON.
[[nodiscard]] Result<std::string> json_set(std::string_view text, std::string_view path,
                                           std::string_view value);

}  // namespace leat::pipelines
