#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/expr/json.hpp"

namespace re2 {
class RE2;
}

namespace leat::pipelines {

/// What a node of a native program does. `a` and `b` are its operands; `text` and `constant` are what it
/// names.
enum class NativeOp : std::uint8_t {
  identity,     // .
  field,        // a.text        a["text"]
  index,        // a[number]
  iterate,      // a[]
  constant,     // "text" 1 true null [] {}
  equal,        // a == b
  not_equal,    // a != b
  less,         // a < b
  less_equal,   // a <= b
  greater,      // a > b
  greater_eq,   // a >= b
  both,         // a and b
  either,       // a or b
  negation,     // not
  alternative,  // a // b
  pipe,         // a | b
  comma,        // a , b
  attempt,      // (a)?
  select,       // select(a)
  test,         // test("…")
  starts_with,  // startswith("text")
  ends_with,    // endswith("text")
  has,          // has("text")
  length,       // length
  empty,        // empty
  array,        // [a]
  object,       // {text: a, …}, in `members`
};

struct NativeMember {
  JsonValue key;
  std::uint32_t value = 0;
};

struct NativeNode {
  NativeOp op = NativeOp::identity;
  bool optional = false;  // field, index or iterate is followed by a '?'
  bool single = false;    // gives exactly one output or an error
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::int64_t number = 0;
  std::string text{};
  JsonValue constant{};
  std::shared_ptr<const re2::RE2> regex{};
  std::vector<NativeMember> members{};
};

/// A text that a program names, as JSON with its tape.
struct NativeConstant {
  std::string text;
  JsonDoc doc;
};

/// A program as a tree. Operands come before what uses them, so the root is the last node.
struct NativeTree {
  std::vector<NativeNode> nodes;
  std::vector<std::unique_ptr<NativeConstant>> constants;  // the nodes point into these

  std::uint32_t add(NativeNode node);
  std::uint32_t add(NativeOp op, std::uint32_t a = 0, std::uint32_t b = 0);
  /// Gives nothing if the text is not JSON.
  std::optional<std::uint32_t> add_constant(std::string json);
};

/// Gives nothing if the text is no program of the subset, or no program at all.
[[nodiscard]] std::optional<NativeTree> parse_native(std::string_view text);

}  // namespace leat::pipelines
