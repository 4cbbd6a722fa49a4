#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/expr/fault.hpp"
#include "pipelines/expr/field_path.hpp"
#include "pipelines/expr/input.hpp"

namespace leat::pipelines {

/// A stretch of a template: literal text, or what stands between two braces.
struct TemplatePiece {
  std::string text;
  std::size_t offset = 0;  // of that text, in bytes
  bool is_field = false;
};

/// Takes "text {field} {{braces}}" apart. Faults: unbalanced braces, bytes that are no UTF-8, a NUL.
[[nodiscard]] Compiled<std::vector<TemplatePiece>> parse_template(std::string_view text);

/// Text with fields of a record: "{url} {json.items[0].k} {meta.k} {secret:TOKEN} {env:HOME}". `{{` and `}}`
/// are braces.
///
/// Immutable once compiled; any thread.
class Template {
 public:
  /// Where a value that is no field of the record comes from: {env:NAME}, {secret:NAME}.
  enum class Outside : std::uint8_t { env, secret };
  /// The value of that name, or the message of what is wrong with it. Called while the template is compiled.
  using Lookup = std::function<Result<std::string>(Outside kind, const std::string& name)>;

  static Compiled<Template> compile(std::string_view text, const Lookup& lookup);

  /// Appends the text for one record. A value that isn't text is written as JSON; a field that the record
  /// doesn't have is its filter_error, after which `out` holds what came before it.
  [[nodiscard]] Status expand(Input& input, std::string& out) const;

  /// The paths it needs, as they were written, each once.
  [[nodiscard]] std::vector<std::string> fields() const;
  /// It holds the value of a secret: what it expands to is not to be shown.
  [[nodiscard]] bool secret() const noexcept { return secret_; }

 private:
  struct Part {
    std::string text;  // before the field, or at the end
    std::optional<FieldPath> field;
  };

  Template() = default;
  void add_text(std::string_view text);

  std::vector<Part> parts_;
  bool secret_ = false;
};

/// A TextCheck; names of secrets and of the environment are taken to be there.
[[nodiscard]] std::optional<TextFault> check_template(const std::string& text);

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
