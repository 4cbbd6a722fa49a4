#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/http/message/request.hpp"
#include "engine/http/message/response.hpp"
#include "engine/text/replacer.hpp"

namespace leat::pipelines {

/// Takes secrets out of what a recording keeps: values of header fields that hold credentials, userinfo of
/// URLs, and given texts wherever they stand.
///
/// Always removed: the values of fields that names_a_credential knows, and those of the cookies that a
/// Set-Cookie sets (its names and attributes stay). These are gone for good. A given text becomes a mark with
/// its number, "(secret 1)", in bodies as well, so that who knows the texts can put them back. Immutable, so
/// for any thread.
class Redactor {
 public:
  Redactor() = default;
  /// `headers`: further names of fields, any case. `values`: texts, such as what secret:NAME stands for; the
  /// numbers of their marks are their places.
  Redactor(std::vector<std::string> headers, std::vector<std::string> values);

  /// Without the given texts and the userinfo.
  [[nodiscard]] std::string url(std::string_view url) const;
  /// Without the given texts.
  [[nodiscard]] std::string text(std::string_view text) const { return hide_.apply(text); }
  /// The given texts for their marks: what `text` was given.
  [[nodiscard]] std::string restored(std::string_view text) const { return restore_.apply(text); }
  /// Both ways, for what comes in pieces.
  [[nodiscard]] const text::Replacer& hiding() const noexcept { return hide_; }
  [[nodiscard]] const text::Replacer& restoring() const noexcept { return restore_; }
  /// "Name: value".
  [[nodiscard]] std::string field(std::string_view name, std::string_view value) const;
  [[nodiscard]] std::vector<std::string> fields(const std::vector<std::string>& fields) const;
  [[nodiscard]] http::ResponseHead head(const http::ResponseHead& head) const;
  [[nodiscard]] http::ResponseHead restored(const http::ResponseHead& head) const;

 private:
  [[nodiscard]] bool is_secret(std::string_view name) const;

  std::vector<std::string> headers_;
  text::Replacer hide_;
  text::Replacer restore_;
};

}  // namespace leat::pipelines
