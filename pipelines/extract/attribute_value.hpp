#pragma once

#include <string>
#include <string_view>

#include "pipelines/extract/selector.hpp"

namespace leat::pipelines {

/// What HTML and CSS take for a blank.
inline constexpr std::string_view kHtmlBlanks = " \t\r\n\f";

/// The text with its ASCII letters in lower case, as HTML compares names.
[[nodiscard]] std::string lower_ascii(std::string_view text);

[[nodiscard]] std::string_view trim_blanks(std::string_view text) noexcept;

/// Whether an attribute's value is what a selector asks for; `wanted` is in lower case where `any_case`.
/// An empty `wanted` is equal to an empty value and otherwise matches nothing (Selectors 3, 6.3.2).
[[nodiscard]] bool value_matches(std::string_view value, Selector::Op op, std::string_view wanted,
                                 bool any_case);

}  // namespace leat::pipelines
