#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/expr/fault.hpp"

namespace leat::pipelines {

/// A list of CSS selectors, parsed (Selectors Level 3, and `:not()` of a list and the `i` of Level 4).
///
/// Types, `*`, `.class`, `#id`, `[name]` with = ~= |= ^= $= *= and `i`; the combinators ' ' > + ~; groups;
/// :first-child :last-child :only-child :nth-child() :nth-last-child(), the same with -of-type, :empty, :root
/// and :not() of simple selectors. Namespaces are refused, as is all that depends on a user or a layout.
struct Selector {
  enum class Kind : std::uint8_t { type, attribute, position, only, empty, root };
  enum class Op : std::uint8_t { present, equals, word, dash, prefix, suffix, substring };
  enum class Combinator : std::uint8_t { none, descendant, child, adjacent, sibling };

  /// One condition on an element. `*` has none.
  struct Simple {
    Kind kind = Kind::type;
    bool negated = false;   // inside :not()
    std::string name;       // of a type or an attribute, as written
    Op op = Op::present;    // of an attribute
    std::string value;      // of an attribute
    bool any_case = false;  // of an attribute's value: [name=value i]
    int step = 0;           // of a position: step * n + offset, n = 0, 1, …
    int offset = 1;
    bool from_end = false;
    bool of_type = false;  // of a position or an only: among the siblings of the same name
  };

  /// All conditions on one element. `before` says where it stands from the element of the compound before.
  struct Compound {
    Combinator before = Combinator::none;  // none: the first of its chain
    std::vector<Simple> all;
  };

  /// At most this many in a list of selectors.
  static constexpr std::size_t kMaxCompounds = 64;

  std::vector<Compound> compounds;  // of all chains, one after the other
};

[[nodiscard]] Compiled<Selector> parse_selector(std::string_view css);

/// A TextCheck.
[[nodiscard]] std::optional<TextFault> check_selector(const std::string& css);

}  // namespace leat::pipelines
