#include "engine/text/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace leat::text {

namespace {

constexpr std::uint64_t kTopBits = 0x8080808080808080u;

std::size_t ascii_prefix(std::string_view text) noexcept {
  std::size_t at = 0;
  for (std::array<std::uint64_t, 4> words; at + sizeof words <= text.size(); at += sizeof words) {
    std::memcpy(words.data(), text.data() + at, sizeof words);
    if (((words[0] | words[1] | words[2] | words[3]) & kTopBits) != 0) break;
  }
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & kTopBits) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

}  // namespace

std::size_t character_length(std::string_view text) noexcept {
  const auto within = [&](std::size_t i, unsigned low, unsigned high) {
    const unsigned byte = i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    return byte >= low && byte <= high;
  };
  const auto tail = [&](std::size_t i) { return within(i, 0x80, 0xBF); };
  if (text.empty()) return 0;
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool second = within(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF);
    return second && tail(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool second = within(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF);
    return second && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

std::size_t valid_utf8_prefix(std::string_view text) noexcept {
  std::size_t at = 0;
  for (;;) {
    at += ascii_prefix(text.substr(at));
    if (at == text.size()) return at;
    const std::size_t length = character_length(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
}

std::size_t count_characters(std::string_view text) noexcept {
  const auto is_lead = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  std::size_t count = 0;
  for (;;) {
    const auto good = text.substr(0, valid_utf8_prefix(text));
    count += static_cast<std::size_t>(std::count_if(good.begin(), good.end(), is_lead));
    if (good.size() == text.size()) return count;
    ++count;
    text.remove_prefix(good.size() + 1);
  }
}

std::string to_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (;;) {
    const std::size_t good = valid_utf8_prefix(text);
    out.append(text.substr(0, good));
    if (good == text.size()) return out;
    out.append(kReplacement);
    text.remove_prefix(good + 1);
  }
}

std::string_view cut_utf8(std::string_view text, std::size_t limit) noexcept {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
  return text.substr(0, limit);
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto byte = [&](std::uint32_t bits) { out += static_cast<char>(bits); };
  const auto tail = [&](unsigned shift) { byte(0x80U | ((code >> shift) & 0x3FU)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0U | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    byte(0xE0U | (code >> 12));
    tail(6);
    tail(0);
  } else {
    byte(0xF0U | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace leat::text
