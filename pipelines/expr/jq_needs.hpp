#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/expr/input.hpp"

namespace leat::pipelines {

/// What a jq program looks at of its input, so that only that has to travel to libjq: `.meta.kind | explode`
/// needs one text of a record whose JSON is a kilobyte.
///
/// Errs on the safe side: what it doesn't understand needs all. A program gives the same outputs and the same
/// error for the whole input and for what `append_to` leaves of it.
class JqNeeds {
 public:
  /// Of a program that jq compiles.
  static JqNeeds of(std::string_view program);

  [[nodiscard]] bool whole() const noexcept { return root_.whole; }
  /// Whether it looks at that member of the input.
  [[nodiscard]] bool has(std::string_view name) const noexcept;

  /// Appends the input as JSON, less what isn't needed. Not where the whole is.
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
