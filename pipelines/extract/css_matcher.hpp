#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/text/ascii.hpp"
#include "pipelines/extract/markup_text.hpp"
#include "pipelines/extract/selector.hpp"

namespace leat::pipelines {

/// Finds the elements that a selector means, in document order, in one pass over a tree of any kind.
///
/// A set of bits says for each element which of the selector's compounds it is the last of a match for. The
/// bits of its parent, its ancestors and its earlier siblings say which ones it can be at all. So the time
/// is linear in the number of elements, whatever the selector is, and a deep tree takes no stack. `Tree`
/// gives the nodes (HtmlNodes, XmlNodes). Immutable; any thread.
template <class Tree>
class CssMatcher {
 public:
  using Node = typename Tree::Node;

  explicit CssMatcher(const Selector& selector);

  /// Calls fn(node) for each element below the document, or below an element, that matches; what is above or
  /// beside that element doesn't matter. If fn gives false, no more are looked for. Gives the number of
  /// elements that were looked at.
  template <class Fn>
  std::size_t for_each_match(const Node& document, Fn&& fn) const;

 private:
  using Bits = std::uint64_t;
  using Simple = Selector::Simple;

  struct Condition {
    Simple simple;
    typename Tree::TypeTest type;       // of a type
    typename Tree::AttributeName name;  // of an attribute
  };

  // An element's place among its siblings, and among its siblings of the same name, from 1.
  struct Place {
    int index = 0;
    int count = 0;
    int type_index = 0;
    int type_count = 0;
  };

  // A parent whose children the pass is looking at.
  struct Level {
    explicit Level(const Node& of) : rest(Tree::children(of)) {}

    typename Tree::Cursor rest;
    Bits parent = 0;     // the parent's
    Bits ancestors = 0;  // those of the parent and all its ancestors
    Bits before = 0;     // those of the sibling before
    Bits earlier = 0;    // those of all earlier siblings
    std::size_t next = 0;
    std::vector<Place> places;  // of the children; only where a condition asks
  };

  Bits matches_of(const Node& node, Bits possible, const Level& level, bool is_root) const;
  bool holds(const Condition& condition, const Node& node, const Level& level, bool is_root) const;
  static bool is_at(const Simple& simple, const Place& place) noexcept;
  static std::vector<Place> places_below(const Node& parent);

  std::vector<std::vector<Condition>> compounds_;
  Bits first_ = 0;       // compounds that start a chain
  Bits last_ = 0;        // compounds that end a chain
  Bits descendant_ = 0;  // these four: by the combinator before them
  Bits child_ = 0;
  Bits adjacent_ = 0;
  Bits sibling_ = 0;
  bool asks_places_ = false;
};

template <class Tree>
CssMatcher<Tree>::CssMatcher(const Selector& selector) {
  for (std::size_t i = 0; i < selector.compounds.size(); ++i) {
    const auto& compound = selector.compounds[i];
    const Bits bit = Bits{1} << i;
    switch (compound.before) {
      case Selector::Combinator::none:
        first_ |= bit;
        break;
      case Selector::Combinator::descendant:
        descendant_ |= bit;
        break;
      case Selector::Combinator::child:
        child_ |= bit;
        break;
      case Selector::Combinator::adjacent:
        adjacent_ |= bit;
        break;
      case Selector::Combinator::sibling:
        sibling_ |= bit;
        break;
    }
    const bool is_last =
        i + 1 == selector.compounds.size() || selector.compounds[i + 1].before == Selector::Combinator::none;
    if (is_last) last_ |= bit;
    auto& conditions = compounds_.emplace_back();
    for (const Simple& simple : compound.all) {
      asks_places_ |= simple.kind == Selector::Kind::position || simple.kind == Selector::Kind::only;
      Condition condition{simple, Tree::type_test(simple.name), Tree::attribute_name(simple.name)};
      if (simple.any_case) condition.simple.value = text::to_lower(simple.value);
      conditions.push_back(std::move(condition));
    }
  }
}

template <class Tree>
template <class Fn>
std::size_t CssMatcher<Tree>::for_each_match(const Node& document, Fn&& fn) const {
  std::size_t looks = 0;
  std::vector<Level> levels;
  levels.emplace_back(document);
  if (asks_places_) levels.back().places = places_below(document);
  while (!levels.empty()) {
    Level& level = levels.back();
    const Node* node = Tree::next_element(level.rest);
    if (node == nullptr) {
      levels.pop_back();
      continue;
    }
    const Bits possible = first_ | ((level.ancestors << 1) & descendant_) | ((level.parent << 1) & child_) |
                          ((level.before << 1) & adjacent_) | ((level.earlier << 1) & sibling_);
    const Bits matches = matches_of(*node, possible, level, levels.size() == 1);
    ++looks;
    if ((matches & last_) != 0) {
      if constexpr (std::is_same_v<std::invoke_result_t<Fn&, const Node&>, bool>) {
        if (!fn(*node)) return looks;
      } else {
        fn(*node);
      }
    }
    level.before = matches;
    level.earlier |= matches;
    ++level.next;
    const Bits ancestors = level.ancestors | matches;
    if (!Tree::has_children(*node)) continue;
    levels.emplace_back(*node);
    levels.back().parent = matches;
    levels.back().ancestors = ancestors;
    if (asks_places_) levels.back().places = places_below(*node);
  }
  return looks;
}

template <class Tree>
auto CssMatcher<Tree>::matches_of(const Node& node, Bits possible, const Level& level, bool is_root) const
    -> Bits {
  Bits matches = 0;
  for (Bits rest = possible; rest != 0; rest &= rest - 1) {
    const int at = std::countr_zero(rest);
    bool all = true;
    for (const Condition& condition : compounds_[static_cast<std::size_t>(at)]) {
      if (holds(condition, node, level, is_root) == condition.simple.negated) {
        all = false;
        break;
      }
    }
    if (all) matches |= Bits{1} << at;
  }
  return matches;
}

template <class Tree>
bool CssMatcher<Tree>::holds(const Condition& condition, const Node& node, const Level& level,
                             bool is_root) const {
  const Simple& simple = condition.simple;
  switch (simple.kind) {
    case Selector::Kind::type:
      return Tree::is_type(node, condition.type);
    case Selector::Kind::attribute: {
      const std::optional<std::string_view> value = Tree::attribute(node, condition.name);
      return value && value_matches(*value, simple.op, simple.value, simple.any_case);
    }
    case Selector::Kind::position:
      return is_at(simple, level.places[level.next]);
    case Selector::Kind::only: {
      const Place& place = level.places[level.next];
      return (simple.of_type ? place.type_count : place.count) == 1;
    }
    case Selector::Kind::empty:
      return Tree::is_empty(node);
    case Selector::Kind::root:
      return is_root;
  }
  return false;
}

template <class Tree>
bool CssMatcher<Tree>::is_at(const Simple& simple, const Place& place) noexcept {
  const int index = simple.of_type ? place.type_index : place.index;
  const int count = simple.of_type ? place.type_count : place.count;
  const int ahead = (simple.from_end ? count - index + 1 : index) - simple.offset;
  if (simple.step == 0) return ahead == 0;
  return ahead % simple.step == 0 && ahead / simple.step >= 0;
}

template <class Tree>
auto CssMatcher<Tree>::places_below(const Node& parent) -> std::vector<Place> {
  std::vector<Place> places;
  std::vector<int*> types;  // of each child, how many there are of its name
  std::unordered_map<std::string, int> counts;
  auto rest = Tree::children(parent);
  while (const Node* node = Tree::next_element(rest)) {
    int& of_type = counts[Tree::type_key(*node)];
    types.push_back(&of_type);
    Place place;
    place.index = static_cast<int>(places.size()) + 1;
    place.type_index = ++of_type;
    places.push_back(place);
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    places[i].count = static_cast<int>(places.size());
    places[i].type_count = *types[i];
  }
  return places;
}

}  // namespace leat::pipelines
