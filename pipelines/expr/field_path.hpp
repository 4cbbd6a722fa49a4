#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipelines/expr/fault.hpp"
#include "pipelines/expr/input.hpp"

namespace leat::pipelines {

/// The way to a value inside a record: "status", "meta.k", "json.items[0].k", "json.items[-1]",
/// `meta["dc:title"]`.
///
/// Immutable once compiled.
class FieldPath {
 public:
  static Compiled<FieldPath> compile(std::string_view text);

  /// Gives the path as it was written.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// Gives the field of the record that the path starts at.
  [[nodiscard]] const std::string& root() const noexcept { return root_; }

  /// Gives the value at the end of the path; it is absent if there is none.
  [[nodiscard]] JsonValue find(Input& input) const;

 private:
  using Step = std::variant<std::string, std::int64_t>;

  FieldPath() = default;

  std::string text_;
  std::string root_;
  std::vector<Step> steps_;
};

}  // namespace leat::pipelines
