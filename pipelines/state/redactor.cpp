#include "pipelines/state/redactor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/http/message/url.hpp"
#include "engine/text/ascii.hpp"
#include "pipelines/state/secrets.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kRemoved = "(removed)";

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
  hide_ = text::Replacer(std::move(hidden));
  restore_ = text::Replacer(std::move(restored));
}

std::string Redactor::url(std::string_view url) const { return text(http::without_userinfo(url)); }

bool Redactor::is_secret(std::string_view name) const {
  return names_a_credential(name) ||
         std::any_of(headers_.begin(), headers_.end(),
                     [name](const std::string& other) { return text::equal_ignoring_case(name, other); });
}

std::string Redactor::field(std::string_view name, std::string_view value) const {
  std::string clean = text::equal_ignoring_case(name, "set-cookie") ? text(without_cookie_value(value))
                      : is_secret(name)                             ? std::string(kRemoved)
                                                                    : text(value);
  return std::string(name).append(": ").append(clean);
}

std::vector<std::string> Redactor::fields(const std::vector<std::string>& fields) const {
  std::vector<std::string> clean;
  for (const std::string_view line : fields) {
    const auto colon = std::min(line.find(':'), line.size());
    clean.push_back(
        field(text::trimmed(line.substr(0, colon), text::kBlanksAndLineEnds),
              text::trimmed(line.substr(std::min(colon + 1, line.size())), text::kBlanksAndLineEnds)));
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
