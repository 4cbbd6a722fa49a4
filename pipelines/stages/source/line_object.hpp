#pragma once

#include <string_view>

#include "pipelines/expr/json.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// Fills the record from a line that is a JSON object. bad_input, with a message that names the field and
/// what it takes, but none of its value. URL and headers are not checked here.
/// The document is the text's afterwards.
[[nodiscard]] Status parse_line_object(std::string_view text, JsonDoc& doc, Record& record);

}  // namespace leat::pipelines
