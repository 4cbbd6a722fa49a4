#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/error.hpp"

namespace leat::pipelines {

/// This file turns texts into JSON strings and back, and makes the one change that is made to JSON texts.

/// Appends the text as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD.
void append_json_text(std::string& out, std::string_view text);
[[nodiscard]] std::string json_text(std::string_view text);

/// Appends what the inside of a well-formed JSON string stands for. Half a surrogate pair becomes U+FFFD, as
/// in jq.
void append_unescaped(std::string& out, std::string_view inside);

/// Gives the text of an object after setting the member at that dotted path ("a.b.c") to `value`, a JSON
/// text; all else stays byte for byte. Objects that are missing are made; an empty text and null count as an
/// empty object. The error is filter_error if something on the path is no object, or `text` is not JSON.
[[nodiscard]] Result<std::string> json_set(std::string_view text, std::string_view path,
                                           std::string_view value);

/// The same for a text that is known to be JSON, and a name without dots: puts `value` in the place of the
/// value that the member has, without reading the text as JSON. Nothing if there is no such member, or the
/// text is not written in the plainest way, which is without blanks and, in texts, without escapes.
[[nodiscard]] std::optional<std::string> json_replace(std::string_view text, std::string_view name,
                                                      std::string_view value);

}  // namespace leat::pipelines
