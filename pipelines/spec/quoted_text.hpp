#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/expr/fault.hpp"

namespace leat::pipelines {

/// The inside of a quoted text, `raw`, without its quotes: one level of escapes, `\" \\ \n \t \r \uXXXX`
/// (a character beyond U+FFFF is two of these, as in JSON), nothing else.
///
/// Faults, with offsets in `raw`, are appended; what they stand for is left out.
[[nodiscard]] std::string unescape(std::string_view raw, std::vector<TextFault>& faults);

/// Which byte of `raw` gave the byte at `offset` of what it stands for; its size for an offset beyond that.
[[nodiscard]] std::size_t raw_offset(std::string_view raw, std::size_t offset);

/// The text in double quotes, escaped where it must be: `unescape` of its inside gives the text again.
[[nodiscard]] std::string escape(std::string_view text);

}  // namespace leat::pipelines
