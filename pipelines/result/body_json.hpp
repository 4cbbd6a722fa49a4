#pragma once

#include <string>
#include <string_view>

#include "engine/error.hpp"
#include "pipelines/expr/json.hpp"

namespace leat::pipelines {

/// This file says what the `.json` and the `.lines` of a record are. Bytes of a body that are not UTF-8, and
/// halves of surrogate pairs, become U+FFFD.

/// Reads a body as JSON; one of blanks only is null. The error is filter_error, which names the byte, line
/// and column of the fault, and says what the body looks like instead. The document points into the body.
[[nodiscard]] Status read_body_json(std::string_view body, JsonDoc& doc);

/// Gives the values of a body that has one on each line (NDJSON) as the text of an array. Blank lines are
/// passed over. The error is filter_error, which names the line.
[[nodiscard]] Result<std::string> body_lines(std::string_view body);

/// Says whether `.json` of this body is null because there is nothing in it.
[[nodiscard]] bool is_blank_body(std::string_view body) noexcept;

}  // namespace leat::pipelines
