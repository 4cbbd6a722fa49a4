#include "tests/support/origin/conditional.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace leat::origin {
namespace {

std::optional<std::uint64_t> digits(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view without_weakness(std::string_view etag) noexcept {
  return etag.starts_with("W/") ? etag.substr(2) : etag;
}

}  // namespace

RangeAsked parse_range(std::string_view header, std::uint64_t size) noexcept {
  using Kind = RangeAsked::Kind;
  const auto equals = header.find('=');
  if (equals == std::string_view::npos || !iequals(trim(header.substr(0, equals)), "bytes")) return {};
  const std::string_view range = trim(header.substr(equals + 1));
  const auto dash = range.find('-');
  if (dash == std::string_view::npos) return {};
  const auto first = digits(range.substr(0, dash));
  const auto last = digits(range.substr(dash + 1));
  if (dash == 0) {
    if (!last) return {};
    if (*last == 0 || size == 0) return {Kind::unsatisfiable};
    return {Kind::part, size - std::min(*last, size), size - 1};
  }
  const bool open_end = dash + 1 == range.size();
  if (!first || (!last && !open_end) || (last && *last < *first)) return {};
  if (*first >= size) return {Kind::unsatisfiable};
  return {Kind::part, *first, open_end ? size - 1 : std::min(*last, size - 1)};
}

bool matches_etag(std::string_view list, std::string_view etag) noexcept {
  if (trim(list) == "*") return true;
  for (;;) {
    const auto comma = list.find(',');
    if (without_weakness(trim(list.substr(0, comma))) == without_weakness(etag)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

std::optional<std::time_t> parse_http_date(std::string_view text) {
  std::tm parts{};
  const std::string date(text);
  const char* end = strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return timegm(&parts);
}

bool is_not_modified(const Request& request, std::string_view etag, std::string_view last_modified) {
  if (const auto tags = request.header("if-none-match")) return matches_etag(*tags, etag);
  const auto since = request.header("if-modified-since");
  if (!since) return false;
  const auto known = parse_http_date(*since);
  return known && *known >= parse_http_date(last_modified);
}

bool passes_if_range(const Request& request, std::string_view etag, std::string_view last_modified) {
  const auto condition = request.header("if-range");
  if (!condition) return true;
  return *condition == last_modified || (*condition == etag && !etag.starts_with("W/"));
}

}  // namespace leat::origin
