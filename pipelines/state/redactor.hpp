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
/// It always removes the values of Authorization, Proxy-Authorization, Cookie, X-Api-Key and X-Auth-Token,
/// and those of the cookies that a Set-Cookie sets, whose names and attributes stay. These values are gone
/// for good. A given text becomes a mark with its number, "(secret 1)", in bodies as well; whoever knows the
/// texts can put them back. Immutable, for any thread.
class Redactor {
 public:
  Redactor() = default;
  /// `headers` are further names of fields, in any case. `values` are the given texts, such as the value of
  /// secret:NAME; the number of a text's mark is its place here.
  Redactor(std::vector<std::string> headers, std::vector<std::string> values);

  /// The URL without the given texts and the userinfo.
  [[nodiscard]] std::string url(std::string_view url) const;
  /// The text without the given texts.
  [[nodiscard]] std::string text(std::string_view text) const { return hide_.apply(text); }
  /// Undoes `text`: puts the given texts back in place of their marks.
  [[nodiscard]] std::string restored(std::string_view text) const { return restore_.apply(text); }
  /// The same in both directions for text that comes in pieces.
  [[nodiscard]] const text::Replacer& hiding() const noexcept { return hide_; }
  [[nodiscard]] const text::Replacer& restoring() const noexcept { return restore_; }
  /// Each field is "Name: value".
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
