#include "engine/http/message/framing_field.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/text/ascii.hpp"

namespace leat::http {

namespace {

constexpr std::string_view kLength = "content-length";
constexpr std::string_view kCoding = "transfer-encoding";

// The next element of a comma-separated list, which loses it; nothing once it is used up.
std::optional<std::string_view> next_element(std::string_view& list) noexcept {
  if (list.data() == nullptr) return std::nullopt;
  const auto comma = list.find(',');
  const auto element = text::trimmed(list.substr(0, comma), text::kBlanksAndLineEnds);
  list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  return element;
}

// Below 2^63, as libcurl counts.
std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > ~std::uint64_t{0} >> 1) {
    return std::nullopt;
  }
  return value;
}

Status take_length(std::string_view value, ResponseHead& head) {
  if (!head.content_length) {  // as it nearly always is: one number
    head.content_length = number(text::trimmed(value, text::kBlanksAndLineEnds));
    if (head.content_length) return std::nullopt;
  }
  while (const auto element = next_element(value)) {
    const auto length = number(*element);
    if (!length) return Error(Errc::bad_response, "Content-Length is not a number");
    if (head.content_length && *head.content_length != *length) {
      return Error(Errc::bad_response, "two different lengths in Content-Length");
    }
    head.content_length = length;
  }
  return std::nullopt;
}

Status take_codings(std::string_view value, ResponseHead& head) {
  while (const auto coding = next_element(value)) {
    if (text::equal_ignoring_case(*coding, "chunked")) {
      head.chunked = true;
      continue;
    }
    if (coding->empty() || text::equal_ignoring_case(*coding, "identity")) continue;
    if (!text::equal_ignoring_case(*coding, "gzip") && !text::equal_ignoring_case(*coding, "x-gzip") &&
        !text::equal_ignoring_case(*coding, "deflate")) {
      return Error(Errc::bad_response, "the transfer coding is none of chunked, gzip and deflate");
    }
    if (head.chunked) return Error(Errc::bad_response, "a transfer coding stands behind chunked");
    head.coded = true;
  }
  return std::nullopt;
}

// The name of a field that says where the body ends; empty for all others.
std::string_view framing_name(std::string_view line) noexcept {
  const char first = line.empty() ? '\0' : static_cast<char>(line.front() | 0x20);
  if (first != 'c' && first != 't') return {};
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  const auto name = line.substr(0, line.substr(0, colon).find_last_not_of(text::kBlanks) + 1);
  return text::equal_ignoring_case(name, kLength) || text::equal_ignoring_case(name, kCoding)
             ? name
             : std::string_view();
}

}  // namespace

// On every response's path: most lines are told by their first byte.
Status take_framing_field(std::string_view line, ResponseHead& head) {
  const auto name = framing_name(line);
  if (name.empty()) return std::nullopt;
  if (line[name.size()] != ':') {
    return Error(Errc::bad_response, "a blank before the colon of " + std::string(name));
  }
  const auto value = line.substr(name.size() + 1);
  return text::equal_ignoring_case(name, kLength) ? take_length(value, head) : take_codings(value, head);
}

bool is_framing_field(std::string_view line) noexcept { return !framing_name(line).empty(); }

}  // namespace leat::http
