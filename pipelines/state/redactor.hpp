#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/http/request.hpp"
#include "engine/http/response.hpp"

namespace leat::pipelines {

/// Takes secrets out of what a recording keeps: values of header fields that hold credentials, userinfo of
/// URLs, and given texts wherever they stand.
///
/// Always removed: the values of Authorization, Proxy-Authorization, Cookie, X-Api-Key and X-Auth-Token, and
/// those of the cookies that a Set-Cookie sets (its names and attributes stay). Immutable, so for any thread.
class Redactor {
 public:
  Redactor() = default;
  /// `headers`: further names of fields, any case. `values`: texts, such as what secret:NAME stands for.
  Redactor(std::vector<std::string> headers, std::vector<std::string> values);

  /// Without the given texts and the userinfo.
  [[nodiscard]] std::string url(std::string_view url) const;
  /// Without the given texts.
  [[nodiscard]] std::string text(std::string_view text) const;
  /// "Name: value".
  [[nodiscard]] std::string field(std::string_view name, std::string_view value) const;
  [[nodiscard]] std::vector<std::string> fields(const std::vector<std::string>& fields) const;
  [[nodiscard]] http::ResponseHead head(const http::ResponseHead& head) const;

 private:
  [[nodiscard]] bool is_secret(std::string_view name) const;

  std::vector<std::string> headers_;
  std::vector<std::string> values_;
};

}  // namespace leat::pipelines
