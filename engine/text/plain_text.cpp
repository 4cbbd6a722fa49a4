#include "engine/text/plain_text.hpp"

#include <algorithm>
#include <utility>

#include "engine/text/utf8.hpp"

namespace leat::text {

namespace {

constexpr std::string_view kLittleEndian = "\xFF\xFE";
constexpr std::string_view kBigEndian = "\xFE\xFF";
constexpr std::uint32_t kSurrogates = 0xD800;
constexpr std::uint32_t kLowSurrogates = 0xDC00;
constexpr std::uint32_t kBehindSurrogates = 0xE000;

// A byte that UTF-8 never has.
constexpr char kNoCharacter = '\xFF';

}  // namespace

void PlainText::convert(std::string& chunk) {
  if (encoding_ != Encoding::utf8) decode(chunk);
  if (line_end_ != LineEnd::newline) end_lines(chunk);
}

std::string PlainText::finish() {
  std::string rest = std::exchange(held_bytes_, {});
  const bool is_half = encoding_ != Encoding::unknown && (!rest.empty() || high_ != 0);
  if (is_half) rest.assign(1, kNoCharacter);
  high_ = 0;
  const char end = line_end_ == LineEnd::carriage_return ? '\n' : '\r';
  return std::string(std::exchange(carriage_returns_, 0), end) + rest;
}

void PlainText::decode(std::string& chunk) {
  chunk.insert(0, std::exchange(held_bytes_, {}));
  std::size_t at = 0;
  if (encoding_ == Encoding::unknown) {
    const std::string_view start = std::string_view(chunk).substr(0, 2);
    if (start.size() < 2 && (kLittleEndian.starts_with(start) || kBigEndian.starts_with(start))) {
      held_bytes_ = std::exchange(chunk, {});
      return;
    }
    encoding_ = start == kLittleEndian ? Encoding::utf16_le
                : start == kBigEndian  ? Encoding::utf16_be
                                       : Encoding::utf8;
    if (encoding_ == Encoding::utf8) return;
    at = 2;
  }
  std::string decoded;
  decoded.reserve(chunk.size());
  for (; at + 1 < chunk.size(); at += 2) {
    const auto first = static_cast<std::uint32_t>(static_cast<unsigned char>(chunk[at]));
    const auto second = static_cast<std::uint32_t>(static_cast<unsigned char>(chunk[at + 1]));
    append_unit(decoded, encoding_ == Encoding::utf16_le ? second << 8 | first : first << 8 | second);
  }
  held_bytes_ = chunk.substr(at);
  chunk = std::move(decoded);
}

void PlainText::append_unit(std::string& out, std::uint32_t unit) {
  const bool is_low = unit >= kLowSurrogates && unit < kBehindSurrogates;
  const std::uint32_t high = std::exchange(high_, 0);
  if (high != 0 && is_low) {
    append_utf8(out, 0x10000 + ((high - kSurrogates) << 10) + (unit - kLowSurrogates));
    return;
  }
  if (high != 0) out += kNoCharacter;
  if (unit >= kSurrogates && unit < kLowSurrogates) {
    high_ = unit;
  } else if (is_low) {
    out += kNoCharacter;
  } else {
    append_utf8(out, unit);
  }
}

// A carriage return before a newline, or before another one that is, belongs to that newline.
void PlainText::end_lines(std::string& chunk) {
  if (chunk.empty()) return;
  chunk.insert(0, std::exchange(carriage_returns_, 0), '\r');
  for (std::size_t at = 0; (at = chunk.find_first_of("\r\n", at)) != chunk.npos;) {
    const std::size_t next = std::min(chunk.find_first_not_of('\r', at), chunk.size());
    if (next == chunk.size() && next > at) {
      carriage_returns_ = next - at;
      chunk.resize(at);
      return;
    }
    const bool ends_in_newline = chunk[next] == '\n';
    if (line_end_ == LineEnd::unknown)
      line_end_ = ends_in_newline ? LineEnd::newline : LineEnd::carriage_return;
    if (line_end_ == LineEnd::newline) return;
    if (!ends_in_newline)
      std::fill(chunk.begin() + static_cast<std::ptrdiff_t>(at),
                chunk.begin() + static_cast<std::ptrdiff_t>(next), '\n');
    at = std::max(next, at + 1);
  }
}

std::string plain_text(std::string text) {
  PlainText plain;
  plain.convert(text);
  return text + plain.finish();
}

}  // namespace leat::text
