#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/expr/fault.hpp"
#include "pipelines/expr/field_path.hpp"

namespace leat::pipelines {

/// What a template of a file's name may refer to; `sha256` is the body's digest, `record` a field of the
/// record's JSON.
enum class NameField : std::uint8_t { host, path, name, ext, stem, line, id, sha256, record };

/// A file's name with fields: "out/{host}/{name}", "out/{meta.id}.json". `{{` and `}}` are braces.
///
/// What stands before the first field, up to its last '/', is the base: a directory, taken as it is written.
/// Immutable once compiled.
class NameTemplate {
 public:
  struct Part {
    std::string text;  // literal; or else
    NameField field{};
    bool is_field = false;
    std::size_t digits = 64;          // of sha256, the first so many
    std::optional<FieldPath> path{};  // of a field of the record
  };

  /// bad_input for an unknown field, an unbalanced brace, and a template that names no file; the message
  /// names the column, counted in characters from 1.
  static Result<NameTemplate> compile(std::string_view text);
  /// The same without a column in the message.
  static Compiled<NameTemplate> parse(std::string_view text);

  /// Never empty; "." where the template has no directory before its first field, "/" for the root.
  [[nodiscard]] const std::string& base() const noexcept { return base_; }
  /// What is below the base.
  [[nodiscard]] const std::vector<Part>& parts() const noexcept { return parts_; }
  /// It needs nothing but the request.
  [[nodiscard]] bool is_known_before_response() const noexcept;
  /// It needs the body as text, which has to be held in memory for that.
  [[nodiscard]] bool reads_body() const noexcept;
  /// Which body it is decides all: two of one name are the same.
  [[nodiscard]] bool names_content() const noexcept;
  /// The fields it needs, as they were written, each once.
  [[nodiscard]] std::vector<std::string> fields() const;

 private:
  NameTemplate() = default;
  void split_base();
  [[nodiscard]] bool names_a_file() const;

  std::string base_ = ".";
  std::vector<Part> parts_;
};

/// A TextCheck.
[[nodiscard]] std::optional<TextFault> check_name_template(const std::string& text);

}  // namespace leat::pipelines
