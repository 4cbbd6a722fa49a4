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

/// What a node of a native program does. `a`, `b` and `c` are its operands; `text` and `constant` are what it
/// names.
enum class NativeOp : std::uint8_t {
  identity,     // .
  field,        // a.text        a["text"]
  index,        // a[number]
  iterate,      // a[]
  constant,     // "text" 1 true null [] {}
  variable,     // $name, in the place `number`
  equal,        // a == b
  not_equal,    // a != b
  less,         // a < b
  less_equal,   // a <= b
  greater,      // a > b
  greater_eq,   // a >= b
  sum,          // a + b
  both,         // a and b
  either,       // a or b
  alternative,  // a // b
  pipe,         // a | b
  comma,        // a , b
  attempt,      // (a)?          try a
  rescue,       // try a catch b
  condition,    // if a then b else c end
  binding,      // a as $name | b, where $name is in the place `number`
  select,       // select(a)
  first,        // first(a)
  last,         // last(a)
  del,          // del(a)
  empty,        // empty
  array,        // [a]
  object,       // {text: a, …}, in `members`
  text,         // "text\(a)text", in `members`, each value written by `function`
  call,         // a function of its input, and of the value of `a` if it takes an argument
};

/// The functions of values. Those from `has` on take an argument; what `test` looks for is compiled.
enum class NativeFunction : std::uint8_t {
  negation,
  length,
  type,
  keys,
  keys_unsorted,
  to_entries,
  add,
  tostring,
  tojson,
  tonumber,
  ascii_downcase,
  ascii_upcase,
  csv,
  tsv,
  uri,
  test,
  has,
  split,
  join,
  startswith,
  endswith,
  ltrimstr,
  rtrimstr,
};

/// A member of an object, or a stretch of a text with the value behind it.
struct NativeMember {
  JsonValue key{};                      // a constant one, or the literal stretch before the value
  std::optional<std::uint32_t> name{};  // the node that gives the key, if it is no constant
  std::optional<std::uint32_t> value{};
};

struct NativeNode {
  NativeOp op = NativeOp::identity;
  NativeFunction function = NativeFunction::negation;
  bool optional = false;  // field, index or iterate is followed by a '?'
  bool single = false;    // gives exactly one output or an error
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::uint32_t c = 0;
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
  std::size_t variables = 0;                               // places for the values of variables

  std::uint32_t add(NativeNode node);
  std::uint32_t add(NativeOp op, std::uint32_t a = 0, std::uint32_t b = 0);
  /// Gives nothing if the text is not JSON, or has half a surrogate pair, which jq refuses.
  std::optional<std::uint32_t> add_constant(std::string json);
  [[nodiscard]] bool takes_argument(const NativeNode& node) const noexcept {
    return node.op == NativeOp::call && node.function >= NativeFunction::has;
  }
};

/// Gives nothing if the text is no program of the subset, or no program at all.
[[nodiscard]] std::optional<NativeTree> parse_native(std::string_view text);

}  // namespace leat::pipelines
