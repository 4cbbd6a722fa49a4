#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace leat::pipelines {

/// This file knows what JSON numbers are worth, however many digits they have. All texts must be numbers by
/// JSON's grammar.

/// Gives the nearest double, which is infinite beyond the range of doubles.
[[nodiscard]] double nearest_double(std::string_view number);

/// Compares two numbers exactly; the result is negative, 0 or positive.
[[nodiscard]] int compare_numbers(std::string_view a, std::string_view b);

/// Says whether a double keeps the number: whether jq, which has only doubles, gives it back with the same
/// value, or with the digits that its double was printed with.
[[nodiscard]] bool fits_double(std::string_view number);

/// Appends the one spelling of the number's value: `1` for 1.0 and 1e0, `0` for -0.0.
void append_canonical_number(std::string& out, std::string_view number);

/// Appends a number as jq prints it: the shortest digits that give the same double, "1e-05", "1e+17".
void append_jq_number(std::string& out, double value);

/// Gives the sum, exactly for integers of 64 bits, and else as jq does where doubles suffice; nothing if
/// neither can be had.
[[nodiscard]] std::optional<std::string> add_numbers(std::string_view a, std::string_view b);

/// Gives the first number in a JSON text that a double would change; empty if there is none.
[[nodiscard]] std::string_view find_too_exact(std::string_view json);

}  // namespace leat::pipelines
