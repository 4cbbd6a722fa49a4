#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "pipelines/expr/fault.hpp"
#include "pipelines/expr/json.hpp"

namespace leat::pipelines {

/// This file says how jq 1.6 writes values, and gives its messages for values that don't fit, to the letter,
/// but that a number keeps its digits.

/// Gives the value on one line as jq prints it, but each number as it came.
[[nodiscard]] std::string json_of(JsonValue value);

/// Gives the number that a text stands for, as `tonumber` reads it, in JSON's grammar and with its digits.
/// The fault has jq's message, which is empty if the text is a value but no number.
[[nodiscard]] Compiled<std::string> number_of_text(std::string_view text);

[[nodiscard]] std::string cannot_index(JsonValue value, std::string_view key);
[[nodiscard]] std::string cannot_index_by_number(JsonValue value);
[[nodiscard]] std::string cannot_iterate(JsonValue value);
[[nodiscard]] std::string cannot_add(JsonValue a, JsonValue b);
[[nodiscard]] std::string cannot_be_key(JsonValue value);
[[nodiscard]] std::string cannot_have(JsonValue value, JsonValue key);
/// Gives `number (1) has no keys` and the like.
[[nodiscard]] std::string about(JsonValue value, std::string_view what);

}  // namespace leat::pipelines
