#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "pipelines/spec/ast.hpp"
#include "pipelines/spec/bound.hpp"
#include "pipelines/spec/signature.hpp"

namespace leat::pipelines {

class Scope;

/// A value after its variables were looked up: what the type of an argument reads.
struct PlainValue {
  ast::ValueKind kind = ast::ValueKind::word;
  std::string text;                     // of a secret: never in a message
  const ast::Value* written = nullptr;  // where it stands, for faults, and a block's stages
  const Scope* scope = nullptr;         // where a block's variables are looked up
  std::string origin;                   // "env:NAME" or "secret:NAME", if it came from there
  bool secret = false;
  std::size_t before = 0;  // bytes of the text that stand before what was written: a program's variables
};

/// Why a value does not do.
struct ValueFault {
  std::string message;
  std::optional<std::size_t> offset;  // in the value's text; nothing: it is the value as a whole
};

/// Reads a value of any type but `block`, checks its range, and has the row's `check` look at it. `label`
/// begins the message of a fault: "n=", or the name of the stage.
[[nodiscard]] std::variant<BoundValue, ValueFault> read_value(const ArgRow& row, const PlainValue& value,
                                                              std::string_view label);

/// That the argument takes something else.
[[nodiscard]] ValueFault not_taken(const ArgRow& row, const PlainValue& value, std::string_view label);

/// A value as messages name it: its text in quotes, or what it is. No secrets.
[[nodiscard]] std::string describe(const PlainValue& value);

}  // namespace leat::pipelines
