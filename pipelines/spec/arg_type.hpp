#pragma once

#include <optional>
#include <string>

#include "pipelines/spec/bound.hpp"
#include "pipelines/spec/signature.hpp"

namespace leat::pipelines {

/// Reads the text of an argument by its ArgType. A block has no text, and choices are words of their own
/// (arg_value.hpp).
///
/// Gives nothing if the text is not of that type or is out of the row's range.
[[nodiscard]] std::optional<BoundValue> read_type(const ArgRow& row, const std::string& text);

/// Says what an argument takes, as messages and help do: "a whole number from 1 to 65535".
[[nodiscard]] std::string takes(const ArgRow& row);

/// The limits of a count, as help says them: "1 to 65535", "1 to 10M". Empty if it has no upper
/// limit but that of the numbers that hold it, or if the row is of another type.
[[nodiscard]] std::string count_limits(const ArgRow& row);

/// Says what an argument takes, for a text that it did not take: only its range, if that is all that is
/// wrong.
[[nodiscard]] std::string takes_in_place_of(const ArgRow& row, const std::string& text);

}  // namespace leat::pipelines
