#include "pipelines/extract/attribute_value.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "engine/text/ascii.hpp"
#include "pipelines/extract/html_document.hpp"

namespace leat::pipelines {

namespace {

enum class Byte : std::uint8_t { plain, reference, odd };

// Bytes of which characters begin that have to be looked at.
constexpr auto kBytes = [] {
  std::array<Byte, 256> bytes{};
  for (std::size_t c = 0; c < 0x20; ++c) bytes[c] = Byte::odd;
  for (const char c : {'\t', '\n', '\f'}) bytes[static_cast<unsigned char>(c)] = Byte::plain;
  bytes['&'] = Byte::reference;
  bytes[0x7F] = Byte::odd;
  bytes[0xC2] = Byte::odd;  // U+0080 to U+009F
  bytes[0xEF] = Byte::odd;  // U+FDD0 to U+FDEF, U+FFFE
  for (std::size_t c = 0xF0; c < 0x100; ++c) bytes[c] = Byte::odd;
  return bytes;
}();

constexpr std::uint64_t in_each(std::uint8_t byte) noexcept {
  return std::uint64_t{0x0101010101010101} * byte;
}

// Whether none of eight bytes is below a blank, a '&', U+007F or beyond ASCII.
bool are_usual(std::uint64_t bytes) noexcept {
  constexpr std::uint64_t kHighBits = in_each(0x80);
  const std::uint64_t reference = bytes ^ in_each('&');
  const std::uint64_t odd =
      bytes | (bytes - in_each(0x20)) | (bytes + in_each(0x01)) | (reference - in_each(0x01));
  return (odd & kHighBits) == 0;
}

// Whether a value is plain at first sight, as most are; it looks at eight bytes at a time.
bool is_usual(std::string_view raw) noexcept {
  std::uint64_t bytes = in_each(' ');
  if (raw.size() < sizeof bytes) {
    return std::all_of(raw.begin(), raw.end(), [](char c) { return c >= ' ' && c < '\x7F' && c != '&'; });
  }
  for (std::size_t at = 0; at < raw.size(); at += sizeof bytes) {
    std::memcpy(&bytes, raw.data() + std::min(at, raw.size() - sizeof bytes), sizeof bytes);
    if (!are_usual(bytes)) return false;
  }
  return true;
}

struct Reference {
  std::string_view written;
  char meant;
};
constexpr Reference kUsual[] = {
    {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};

// The length of what a '&' begins here, if it is plain what that means; 0: gumbo knows.
std::size_t take_usual(std::string_view here, char& meant) noexcept {
  for (const auto& reference : kUsual) {
    if (!here.starts_with(reference.written)) continue;
    meant = reference.meant;
    return reference.written.size();
  }
  meant = '&';
  if (here.size() < 2 || here[1] == '#') return here.size() < 2 ? 1 : 0;
  const auto* const end = std::find_if_not(here.begin() + 1, here.end(), text::is_alphanumeric);
  // No name, or that of a parameter: a reference without ';' doesn't stand before '='.
  return end == here.begin() + 1 || (end != here.end() && *end == '=') ? 1 : 0;
}

// False: gumbo knows.
bool resolve_usual(std::string_view raw, std::string& out) {
  out.clear();
  while (!raw.empty()) {
    const std::size_t at = std::min(raw.find('&'), raw.size());
    out += raw.substr(0, at);
    raw.remove_prefix(at);
    if (raw.empty()) break;
    char meant = 0;
    const std::size_t length = take_usual(raw, meant);
    if (length == 0) return false;
    out += meant;
    raw.remove_prefix(length);
  }
  return true;
}

// The value that gumbo reads in a page of one tag. A value with both kinds of quotes has come without any.
std::string ask_gumbo(std::string_view raw) {
  const bool has_double = raw.find('"') != raw.npos;
  const std::string_view quote = !has_double ? "\"" : raw.find('\'') == raw.npos ? "'" : "";
  std::string page("<html x=");
  page.append(quote).append(raw).append(quote).append(">");
  const auto document = HtmlDocument::parse(page);
  if (!document) return std::string(raw);
  auto cursor = HtmlNodes::children(document.value().document());
  const GumboNode* html = HtmlNodes::next_element(cursor);
  const auto* attribute = html == nullptr ? nullptr : find_attribute(html->v.element, "x");
  return attribute == nullptr ? std::string(raw) : attribute->value;
}

}  // namespace

std::string_view attribute_value(std::string_view raw, std::string& scratch) {
  if (is_usual(raw)) return raw;
  Byte most = Byte::plain;
  for (const char c : raw) most = std::max(most, kBytes[static_cast<unsigned char>(c)]);
  if (most == Byte::plain) return raw;
  if (most == Byte::reference && resolve_usual(raw, scratch)) return scratch;
  scratch = ask_gumbo(raw);
  return scratch;
}

}  // namespace leat::pipelines
