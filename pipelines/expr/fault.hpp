#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>

namespace leat::pipelines {

/// Says what is wrong with an embedded text (a jq program, a template, a selector, a regular expression), and
/// where.
struct TextFault {
  std::size_t offset = 0;  // in bytes from the start of that text
  std::string message;     // without position; says what to do
};

/// What a text was compiled to, or what is wrong with it.
template <class T>
using Compiled = std::variant<T, TextFault>;

template <class T>
[[nodiscard]] std::optional<TextFault> fault_of(const Compiled<T>& compiled) {
  const auto* fault = std::get_if<TextFault>(&compiled);
  return fault != nullptr ? std::optional(*fault) : std::nullopt;
}

/// Compiles the text and throws the result away; gives nothing if all is well. Does no I/O for a record.
using TextCheck = std::optional<TextFault> (*)(const std::string& text);

}  // namespace leat::pipelines
