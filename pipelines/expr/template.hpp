#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"

namespace leat::pipelines {

/// What a template of a file's name may refer to.
enum class NameField : std::uint8_t { host, path, name, ext, stem, line, id };

/// A file's name with fields: "out/{host}/{name}". `{{` and `}}` are braces.
///
/// What stands before the first field, up to its last '/', is the base: a directory, taken as it is written.
/// Immutable once compiled.
class NameTemplate {
 public:
  struct Part {
    std::string text;  // literal; or else
    NameField field{};
    bool is_field = false;
  };

  /// bad_input for an unknown field, an unbalanced brace, and a template that names no file; the message
  /// names the column, counted in characters from 1.
  static Result<NameTemplate> compile(std::string_view text);

  /// Never empty; "." where the template has no directory before its first field, "/" for the root.
  [[nodiscard]] const std::string& base() const noexcept { return base_; }
  /// What is below the base.
  [[nodiscard]] const std::vector<Part>& parts() const noexcept { return parts_; }

 private:
  NameTemplate() = default;
  Status split_base();

  std::string base_ = ".";
  std::vector<Part> parts_;
};

}  // namespace leat::pipelines
