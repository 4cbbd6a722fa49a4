#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace leat::pipelines {

/// The kind of a token of a jq program, as far as positions and names need it.
enum class JqTokenKind : std::uint8_t {
  name,   // a function, a keyword, a variable's name behind its $
  field,  // .name
  text,   // a piece of a string: from a quote or an interpolation's ')' to a quote or an interpolation's '\('
  symbol,  // an operator, a bracket, a number, a @format, a character that jq doesn't know
};

struct JqToken {
  JqTokenKind kind;
  std::size_t begin;
  std::size_t end;  // begin and end are in bytes of the program
};

/// Cuts a jq 1.6 program into tokens as jq's own lexer.l does; blanks and comments are left out. Any text can
/// be cut: what jq would refuse becomes symbols. Linear.
[[nodiscard]] std::vector<JqToken> jq_tokens(std::string_view program);

}  // namespace leat::pipelines
