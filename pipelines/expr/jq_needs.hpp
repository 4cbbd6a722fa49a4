#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/expr/input.hpp"

namespace leat::pipelines {

/// Knows which parts of its input a jq program looks at, so that only these travel to libjq: `.meta.kind |
/// explode` needs one text of a record whose JSON is a kilobyte.
///
/// When in doubt it takes more: a program that it doesn't understand needs everything. A program gives the
/// same outputs and the same error for the whole input and for what `append_to` leaves of it.
class JqNeeds {
 public:
  /// `program` must be one that jq compiles.
  static JqNeeds of(std::string_view program);

  [[nodiscard]] bool whole() const noexcept { return root_.whole; }
  /// Says whether the program looks at that member of the input.
  [[nodiscard]] bool has(std::string_view name) const noexcept;

  /// Appends the input as JSON without what isn't needed. Must not be called if `whole` is true.
  void append_to(std::string& out, Input& input) const;

 private:
  struct Node {
    std::string name;
    std::string key;  // as JSON, with its colon
    bool whole = false;
    std::vector<Node> members;
  };
  static void append(std::string& out, const Node& node, JsonValue value);
  Node& at(const std::vector<std::string>& path);

  Node root_;
};

}  // namespace leat::pipelines
