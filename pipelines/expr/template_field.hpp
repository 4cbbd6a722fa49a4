#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/expr/fault.hpp"
#include "pipelines/expr/field_path.hpp"
#include "pipelines/expr/input.hpp"

namespace leat::pipelines {

/// How a text is written where a template's field stands: `|uri` percent-encodes all but letters, digits and
/// "-._~" (RFC 3986, 2.3); `|json` makes a JSON value of it; `|csv` a field of a row (RFC 4180); `|sh` a word
/// for a shell; `|base64` encodes it (RFC 4648); `|slug` keeps letters, in lower case, and digits, with one
/// '-' in place of all between them.
enum class TextFilter : std::uint8_t { uri, json, csv, sh, base64, slug };

/// Reads the filters behind the '|' at that place of a field, "meta.q|uri|sh"; none if the field ends there.
/// The fault's offset is one in the field.
[[nodiscard]] Compiled<std::vector<TextFilter>> filters_behind(std::string_view field, std::size_t bar);

/// Gives the text as the filters write it, one after the other.
[[nodiscard]] std::string filtered(std::string text, std::span<const TextFilter> filters);

/// Gives the place of the '|' behind which a field's filters stand; its end if it has none.
[[nodiscard]] std::size_t end_of_value(std::string_view field) noexcept;

/// What stands between the braces of a template: "meta.k", "meta.k?", "meta.k:none", "meta.q|uri",
/// "meta.q:none|json|uri". Immutable once compiled.
class TemplateField {
 public:
  static Compiled<TemplateField> compile(std::string_view text);

  [[nodiscard]] const FieldPath& path() const noexcept { return path_; }

  /// Appends the value's text: text as it is, all else as JSON on one line. A value that is missing or null
  /// is nothing where the field ends in '?', and the text behind its ':'. Otherwise it is nothing too if it
  /// `may_be_empty`; else null is written as such, and a missing value is filter_error, which names the
  /// field. It is filter_error in any case if the value can't be read.
  [[nodiscard]] Status append_to(std::string& out, Input& input, bool may_be_empty = false) const;

 private:
  explicit TemplateField(FieldPath path) : path_(std::move(path)) {}

  FieldPath path_;
  std::optional<std::string> otherwise_;  // in place of what is missing
  std::vector<TextFilter> filters_;
};

}  // namespace leat::pipelines
