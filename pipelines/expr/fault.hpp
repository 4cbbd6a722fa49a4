#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace leat::pipelines {

/// What is wrong with an embedded text (a jq program, a template, a selector, a regular expression), and
/// where.
struct TextFault {
  std::size_t offset = 0;  // in bytes from the start of that text
  std::string message;     // without position; says what to do
};

/// Compiles the text and throws the result away; nothing if all is well. Does no I/O on behalf of a record.
using TextCheck = std::optional<TextFault> (*)(const std::string& text);

}  // namespace leat::pipelines
