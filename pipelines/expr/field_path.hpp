#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/expr/fault.hpp"
#include "pipelines/expr/input.hpp"

namespace leat::pipelines {

/// The way to a value inside a record: "status", "meta.k", "json.items[0].k", "json.items[-1]".
///
/// Immutable once compiled.
class FieldPath {
 public:
  static Compiled<FieldPath> compile(std::string_view text);

  /// As it was written.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// The field of the record that it starts at.
  [[nodiscard]] const std::string& root() const noexcept { return root_; }

  /// Absent where there is nothing at the end of it.
  [[nodiscard]] JsonValue find(Input& input) const;
  /// What is there as text: text as it is, all else as JSON on one line. filter_error, naming the field, if
  /// there is nothing.
  [[nodiscard]] Status append_to(std::string& out, Input& input) const;

 private:
  using Step = std::variant<std::string, std::int64_t>;

  FieldPath() = default;

  std::string text_;
  std::string root_;
  std::vector<Step> steps_;
};

}  // namespace leat::pipelines
