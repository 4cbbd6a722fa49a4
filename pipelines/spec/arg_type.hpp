#pragma once

#include <optional>
#include <string>

#include "pipelines/spec/bound.hpp"
#include "pipelines/spec/signature.hpp"

namespace leat::pipelines {

/// How the text of each ArgType is read; a block has none, and choices are words of their own
/// (arg_value.hpp).
///
/// Nothing for a text that is not of that type, or is out of the row's range.
[[nodiscard]] std::optional<BoundValue> read_type(const ArgRow& row, const std::string& text);

/// What an argument takes, as messages and help say it: "a whole number from 1 to 65535".
[[nodiscard]] std::string takes(const ArgRow& row);

/// The same for a text that it did not take: its range, if that is all that is wrong.
[[nodiscard]] std::string takes_in_place_of(const ArgRow& row, const std::string& text);

}  // namespace leat::pipelines
