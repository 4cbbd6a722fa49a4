#include "pipelines/state/redactor.hpp"

#include <strings.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/http/url.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kRemoved = "(removed)";
constexpr std::array<std::string_view, 5> kSecretFields{"authorization", "proxy-authorization", "cookie",
                                                        "x-api-key", "x-auth-token"};

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// "name=value; Path=/" → "name=(removed); Path=/".
std::string without_cookie_value(std::string_view value) {
  const auto end = std::min(value.find(';'), value.size());
  const auto equals = value.substr(0, end).find('=');
  const std::size_t begin = equals == std::string_view::npos ? 0 : equals + 1;
  return std::string(value.substr(0, begin)).append(kRemoved).append(value.substr(end));
}

}  // namespace

// The longest first: one may be a part of another.
Redactor::Redactor(std::vector<std::string> headers, std::vector<std::string> values)
    : headers_(std::move(headers)), values_(std::move(values)) {
  std::erase(values_, std::string());
  std::sort(values_.begin(), values_.end(),
            [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

std::string Redactor::text(std::string_view text) const {
  std::string clean(text);
  for (const auto& value : values_) {
    for (std::size_t at = 0; (at = clean.find(value, at)) != std::string::npos; at += kRemoved.size()) {
      clean.replace(at, value.size(), kRemoved);
    }
  }
  return clean;
}

std::string Redactor::url(std::string_view url) const { return text(http::without_userinfo(url)); }

bool Redactor::is_secret(std::string_view name) const {
  const auto is_name = [name](std::string_view other) { return same_name(name, other); };
  return std::any_of(kSecretFields.begin(), kSecretFields.end(), is_name) ||
         std::any_of(headers_.begin(), headers_.end(), is_name);
}

std::string Redactor::field(std::string_view name, std::string_view value) const {
  std::string clean = is_secret(name)                 ? std::string(kRemoved)
                      : same_name(name, "set-cookie") ? text(without_cookie_value(value))
                                                      : text(value);
  return std::string(name).append(": ").append(clean);
}

std::vector<std::string> Redactor::fields(const std::vector<std::string>& fields) const {
  std::vector<std::string> clean;
  for (const std::string_view line : fields) {
    const auto colon = std::min(line.find(':'), line.size());
    clean.push_back(field(trim(line.substr(0, colon)), trim(line.substr(std::min(colon + 1, line.size())))));
  }
  return clean;
}

http::ResponseHead Redactor::head(const http::ResponseHead& head) const {
  http::ResponseHead clean;
  clean.status = head.status;
  clean.content_length = head.content_length;
  head.headers.for_each([&](std::string_view name, std::string_view value) {
    clean.headers.append(field(name, value) + "\r\n");
  });
  return clean;
}

}  // namespace leat::pipelines
