#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/expr/fault.hpp"

namespace leat::pipelines {

/// Decodes the inside of a quoted text, `raw`, without its quotes. It has one level of escapes, `\" \\ \n \t
/// \r \uXXXX` (a character beyond U+FFFF is two of these, as in JSON), and nothing else.
///
/// Faults, with offsets in `raw`, are appended to `faults`; what they would stand for is left out.
[[nodiscard]] std::string unescape(std::string_view raw, std::vector<TextFault>& faults);

/// Says which byte of `raw` gave the byte at `offset` of the decoded text; gives the size of `raw` for an
/// offset beyond that.
[[nodiscard]] std::size_t raw_offset(std::string_view raw, std::size_t offset);

/// Gives the text in double quotes, escaped where it must be; `unescape` of its inside gives the text again.
[[nodiscard]] std::string escape(std::string_view text);

}  // namespace leat::pipelines
