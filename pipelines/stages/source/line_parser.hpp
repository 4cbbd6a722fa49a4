#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pipelines/expr/json.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// A line may have this many bytes, its end not counted.
inline constexpr std::size_t kMaxLine = 1u << 20;

/// What a line of input means: a record, or nothing for a blank line and a `#` comment.
///
/// A line is a URL, in quotes or not, or a JSON object with `url` and, optionally, `method headers body
/// output sha256 mirrors meta`. Behind a URL a tab and the name of its file may stand, or tabs and other URLs
/// of the same file. Blanks around it, a carriage return at its end and a BOM at the start of the first line
/// are no part of it. A line that is wrong gives a record that has failed already (bad_input, bad_url,
/// unsupported_scheme); no message quotes a header, a body or credentials. Takes no ticket and gives no id.
/// The document is for its buffers only.
[[nodiscard]] RecordPtr parse_line(std::string_view line, std::uint64_t number, JsonDoc& doc);

/// Whether the line is an object that more text would have to close: one that the end of the input has cut.
[[nodiscard]] bool is_cut_object(std::string_view line);

/// The record of a line longer than kMaxLine, whose start this is.
[[nodiscard]] RecordPtr too_long_line(std::string_view start, std::uint64_t number);

/// The record of a URL that is not a line's: checked alike, `line` is 0.
[[nodiscard]] RecordPtr parse_url_argument(std::string_view url);

}  // namespace leat::pipelines
