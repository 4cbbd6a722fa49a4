#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "pipelines/expr/json.hpp"

namespace leat::pipelines {

/// This file says how jq 1.6 writes values, and gives its messages for values that don't fit, to the letter.

/// Appends a number as jq prints it: the shortest digits that give the same double, "1e-05", "1e+17".
void append_jq_number(std::string& out, double value);

/// Appends the value on one line as jq prints it, or at least the first `limit` bytes of that.
void append_jq_dump(std::string& out, JsonValue value, std::size_t limit);

[[nodiscard]] std::string cannot_index(JsonValue value, std::string_view key);
[[nodiscard]] std::string cannot_index_by_number(JsonValue value);
[[nodiscard]] std::string cannot_iterate(JsonValue value);
[[nodiscard]] std::string cannot_match(JsonValue value);
[[nodiscard]] std::string no_length(JsonValue value);
[[nodiscard]] std::string cannot_have(JsonValue value);

}  // namespace leat::pipelines
