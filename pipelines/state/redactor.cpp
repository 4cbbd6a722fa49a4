#include "pipelines/state/redactor.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/http/message/url.hpp"

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

Redactor::Redactor(std::vector<std::string> headers, std::vector<std::string> values)
    : headers_(std::move(headers)) {
  std::vector<std::pair<std::string, std::string>> hidden;
  std::vector<std::pair<std::string, std::string>> restored;
  for (auto& value : values) {
    std::string mark = fmt::format("(secret {})", hidden.size() + 1);
    restored.emplace_back(mark, value);
    hidden.emplace_back(std::move(value), std::move(mark));
  }
  hide_ = Replacer(std::move(hidden));
  restore_ = Replacer(std::move(restored));
}

std::string Redactor::url(std::string_view url) const { return text(http::without_userinfo(url)); }

bool Redactor::holds_credentials(std::string_view name) {
  return std::any_of(kSecretFields.begin(), kSecretFields.end(),
                     [name](std::string_view other) { return same_name(name, other); });
}

bool Redactor::is_secret(std::string_view name) const {
  return holds_credentials(name) ||
         std::any_of(headers_.begin(), headers_.end(),
                     [name](const std::string& other) { return same_name(name, other); });
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

http::ResponseHead Redactor::restored(const http::ResponseHead& head) const {
  if (restore_.empty()) return head;
  http::ResponseHead whole;
  whole.status = head.status;
  whole.content_length = head.content_length;
  head.headers.for_each([&](std::string_view name, std::string_view value) {
    whole.headers.append(std::string(name).append(": ").append(restored(value)).append("\r\n"));
  });
  return whole;
}

}  // namespace leat::pipelines
