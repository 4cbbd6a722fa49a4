#pragma once

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

}  // namespace leat::pipelines
