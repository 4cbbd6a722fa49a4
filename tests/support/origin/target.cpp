#include "tests/support/origin/target.hpp"

#include <charconv>

namespace leat::origin {
namespace {

constexpr std::uint64_t kMaxCount = std::uint64_t{1} << 62U;

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

unsigned suffix_shift(char suffix) noexcept {
  switch (suffix) {
    case 'K':
    case 'k':
      return 10;
    case 'M':
    case 'm':
      return 20;
    case 'G':
    case 'g':
      return 30;
    default:
      return 0;
  }
}

}  // namespace

Target::Target(std::string_view text) noexcept : whole_(text) {
  if (!text.empty() && text.front() != '/') {
    const auto scheme = text.find("://");
    const auto slash = scheme == std::string_view::npos ? scheme : text.find('/', scheme + 3);
    if (slash != std::string_view::npos) {
      whole_ = text.substr(slash);
    } else if (scheme != std::string_view::npos) {
      whole_ = "/";
    }
  }
  const auto mark = whole_.find('?');
  path_ = whole_.substr(0, mark);
  if (mark != std::string_view::npos) query_ = whole_.substr(mark + 1);
}

std::string_view Target::raw_segment(std::size_t index) const noexcept {
  std::size_t start = 1;
  for (; index > 0; --index) {
    const auto slash = path_.find('/', start);
    if (slash == std::string_view::npos) return {};
    start = slash + 1;
  }
  if (start >= path_.size()) return {};
  return path_.substr(start, path_.find('/', start) - start);
}

std::string Target::segment(std::size_t index) const { return percent_decode(raw_segment(index)); }

std::optional<std::uint64_t> Target::number(std::size_t index) const noexcept {
  return parse_count(raw_segment(index));
}

std::string_view Target::after_segment(std::size_t index) const noexcept {
  std::size_t start = 1;
  for (;; --index) {
    const auto slash = path_.find('/', start);
    if (slash == std::string_view::npos) return {};
    if (index == 0) return path_.substr(slash);
    start = slash + 1;
  }
}

std::optional<std::string> Target::parameter(std::string_view name) const {
  std::string_view rest = query_;
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    const auto equals = pair.find('=');
    if (pair.substr(0, equals) == name) {
      return equals == std::string_view::npos ? std::string() : percent_decode(pair.substr(equals + 1));
    }
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> Target::parameter_number(std::string_view name) const {
  const auto text = parameter(name);
  return text ? parse_count(*text) : std::nullopt;
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      decoded.push_back(static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
      i += 2;
    } else {
      decoded.push_back(text[i]);
    }
  }
  return decoded;
}

std::optional<std::uint64_t> parse_count(std::string_view text) noexcept {
  if (text.empty()) return std::nullopt;
  const unsigned shift = suffix_shift(text.back());
  if (shift != 0) text.remove_suffix(1);
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (value > (kMaxCount >> shift)) return std::nullopt;
  return value << shift;
}

}  // namespace leat::origin
