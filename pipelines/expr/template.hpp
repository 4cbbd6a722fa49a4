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
#include "pipelines/expr/input.hpp"
#include "pipelines/expr/template_field.hpp"

namespace leat::pipelines {

/// A stretch of a template: literal text, or what stands between two braces.
struct TemplatePiece {
  std::string text;
  std::size_t offset = 0;  // offset of that text, in bytes
  bool is_field = false;
};

/// Takes "text {field} {{braces}}" apart. Faults are unbalanced braces, bytes that are not UTF-8, and a NUL.
[[nodiscard]] Compiled<std::vector<TemplatePiece>> parse_template(std::string_view text);

/// The template that says just this text: its braces are doubled.
[[nodiscard]] std::string literal_template(std::string_view text);

/// Text with fields of a record: "{url} {json.items[0].k} {meta.k?} {secret:TOKEN} {env:HOME|uri}". `{{` and
/// `}}` stand for braces.
///
/// Immutable once compiled; any thread.
class Template {
 public:
  /// The source of a value that is no field of the record: {env:NAME}, {secret:NAME}.
  enum class Outside : std::uint8_t { env, secret };
  /// Gives the value of that name, or the message that says what is wrong with it. Called while the template
  /// is compiled.
  using Lookup = std::function<Result<std::string>(Outside kind, const std::string& name)>;

  static Compiled<Template> compile(std::string_view text, const Lookup& lookup);

  /// What becomes of a field that the record does not have, or that is null: `empty_in_result` leaves a field
  /// of the result itself empty, such as {error.code} of a good record, but not one of the data (meta, json,
  /// lines, headers, body).
  enum class Missing : std::uint8_t { error, empty_in_result, empty };

  /// Appends the text for one record. A value that isn't text is written as JSON. If the record doesn't have
  /// a field, this gives filter_error, and `out` holds what came before the field.
  [[nodiscard]] Status expand(Input& input, std::string& out, Missing missing = Missing::error) const;

  /// Gives the paths that it needs, as they were written, each once.
  [[nodiscard]] std::vector<std::string> fields() const;
  /// Gives the values of its secrets, each as it is and as its filters write it; neither may be shown. What
  /// is empty is no secret.
  [[nodiscard]] const std::vector<std::string>& secrets() const noexcept { return secrets_; }

 private:
  struct Part {
    std::string text;  // text before the field, or at the end
    std::optional<TemplateField> field;
  };

  Template() = default;
  void add_text(std::string_view text);

  std::vector<Part> parts_;
  std::vector<std::string> secrets_;
};

/// Checks a template; it is a TextCheck. Names of secrets and of the environment are taken to exist.
[[nodiscard]] std::optional<TextFault> check_template(const std::string& text);

/// What the template of a file name may refer to. `dir` is the path without its last part, `sha256` the
/// body's digest, `process` the name of this process, `record` a field of the record's JSON.
enum class NameField : std::uint8_t {
  host,
  path,
  name,
  ext,
  stem,
  line,
  id,
  sha256,
  query,
  port,
  scheme,
  dir,
  process,
  record
};

/// A file name with fields: "out/{host}/{name}", "out/{meta.id}.json". `{{` and `}}` stand for braces.
///
/// What stands before the first field, up to its last '/', is the base: a directory, taken as it is written.
/// Immutable once compiled.
class NameTemplate {
 public:
  struct Part {
    std::string text;  // literal text, if this is no field
    NameField field{};
    bool is_field = false;
    std::size_t digits = 64;               // so many digits of sha256, from its start
    std::optional<TemplateField> value{};  // for a field of the record
    std::vector<TextFilter> filters{};     // for another one
  };

  /// Gives bad_input for an unknown field, an unbalanced brace, and a template that names no file. The
  /// message names the column, counted in characters from 1.
  static Result<NameTemplate> compile(std::string_view text);
  /// Does the same, but the message names no column.
  static Compiled<NameTemplate> parse(std::string_view text);

  /// Gives the base. It is never empty: "." if the template has no directory before its first field, "/" for
  /// the root.
  [[nodiscard]] const std::string& base() const noexcept { return base_; }
  /// Gives what is below the base.
  [[nodiscard]] const std::vector<Part>& parts() const noexcept { return parts_; }
  /// Says whether the name needs nothing but the request.
  [[nodiscard]] bool is_known_before_response() const noexcept;
  /// Says whether the name needs the body as text, which then has to be held in memory.
  [[nodiscard]] bool reads_body() const noexcept;
  /// Says whether the body's content decides the whole name, so that two bodies with the same name are equal.
  [[nodiscard]] bool names_content() const noexcept;
  /// Gives the fields that the name needs, as they were written, each once.
  [[nodiscard]] std::vector<std::string> fields() const;

 private:
  NameTemplate() = default;
  void split_base();
  [[nodiscard]] bool names_a_file() const;

  std::string base_ = ".";
  std::vector<Part> parts_;
};

/// Checks a template; it is a TextCheck.
[[nodiscard]] std::optional<TextFault> check_name_template(const std::string& text);

}  // namespace leat::pipelines
