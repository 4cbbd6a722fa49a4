#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipelines/spec/ast.hpp"
#include "pipelines/spec/bound.hpp"
#include "pipelines/spec/signature.hpp"
#include "pipelines/spec/source.hpp"

namespace leat::pipelines {

class Scope;

/// A value after its variables were looked up; the type of an argument reads it.
struct PlainValue {
  /// Where the value of a variable stands in the text, in place of a `{$name}` that was written.
  struct Inserted {
    std::size_t at = 0;
    std::size_t size = 0;
    std::size_t written = 0;  // the size of what was written
  };

  ast::ValueKind kind = ast::ValueKind::word;
  std::string text;                     // never in a message if it is a secret
  const ast::Value* written = nullptr;  // where it stands, for faults; it holds a block's stages
  const Scope* scope = nullptr;         // where a block's variables are looked up
  std::string origin;                   // "env:NAME" or "secret:NAME", if it came from there
  bool secret = false;
  bool given = false;      // it came from outside of the spec: from env:NAME, secret:NAME or a --set
  std::size_t before = 0;  // bytes at the front that were not written: a program's variables
  std::vector<Inserted> inserted = {};

  /// Says which byte of the text that was written is behind the one at `offset`.
  [[nodiscard]] std::size_t written_offset(std::size_t offset) const noexcept;
};

/// The place of a byte of a value's text, as written; of a program, without its parentheses.
[[nodiscard]] Span place_within(const SourceTexts& sources, const ast::Value& written, std::size_t offset);

/// Says why a value was not accepted.
struct ValueFault {
  std::string message;
  std::optional<std::size_t> offset;  // in the value's text; nothing if the fault is the value as a whole
};

/// Reads a value of any type except `block`, checks its range, and lets the row's `check` look at it. `label`
/// begins the message of a fault: "n=", or the name of the stage.
[[nodiscard]] std::variant<BoundValue, ValueFault> read_value(const ArgRow& row, const PlainValue& value,
                                                              std::string_view label);

/// Makes the fault that says that the argument takes something else.
[[nodiscard]] ValueFault not_taken(const ArgRow& row, const PlainValue& value, std::string_view label);

/// Names a value as messages do: its text in quotes, or what it is. It never shows a secret.
[[nodiscard]] std::string describe(const PlainValue& value);

}  // namespace leat::pipelines
