#include "engine/text/printable.hpp"

#include <algorithm>
#include <array>

#include "engine/text/ascii.hpp"
#include "engine/text/utf8.hpp"
#include "engine/text/visible.hpp"

namespace leat::text {

bool turns_direction(std::string_view text) noexcept {
  if (text.size() < 3 || (!text.starts_with("\xE2\x80") && !text.starts_with("\xE2\x81"))) return false;
  const auto last = static_cast<unsigned char>(text[2]);
  return text[1] == '\x80' ? last >= 0xAA && last <= 0xAE : last >= 0xA6 && last <= 0xA9;
}

namespace {

// Of a well-formed character: C0, DEL, C1, or one that turns the direction.
bool is_control_character(std::string_view character) noexcept {
  if (character.size() == 1) return is_control(character[0]);
  if (character.size() == 3) return turns_direction(character);
  return character[0] == '\xC2' && static_cast<unsigned char>(character[1]) < 0xA0;
}

// Cuts off the next character, or the next byte where no character starts.
std::string_view take_character(std::string_view& text) noexcept {
  const auto character = text.substr(0, std::max<std::size_t>(1, character_length(text)));
  text.remove_prefix(character.size());
  return character;
}

struct Alike {
  std::string_view character;
  std::string_view ascii;
};
constexpr std::array kAlike{Alike{"×", "x"}, Alike{"…", "."},  Alike{"→", ">"},
                            Alike{"–", "-"}, Alike{"±", "+-"}, Alike{"≥", ">="}};

void append_escape(std::string& out, char c) {
  constexpr std::string_view kShort = "\n\r\t";
  if (const auto known = kShort.find(c); known != std::string_view::npos) {
    out += '\\';
    out += "nrt"[known];
  } else {
    out.append("\\x").append(hex_of(static_cast<unsigned char>(c)).data(), 2);
  }
}

}  // namespace

std::string printable(std::string_view text, std::size_t limit) {
  const std::string valid = to_utf8(text.substr(0, limit));
  std::string out;
  for (std::string_view rest = valid; !rest.empty();) {
    const auto character = take_character(rest);
    out.append(is_control_character(character) ? kReplacement : character);
  }
  return std::string(cut_utf8(out, limit));
}

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const bool is_valid = character_length(text) > 0;
    const auto character = take_character(text);
    if (is_valid && !is_control_character(character)) {
      out += character;
    } else {
      for (const char c : character) append_escape(out, c);
    }
  }
  return out;
}

std::string made_visible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = character_length(text);
    const auto character = take_character(text);
    const bool stays =
        character == "\n" || character == "\t" || (size > 0 && !is_control_character(character));
    if (stays) {
      out += character;
    } else if (size == 2) {
      out.append("\\u00").append(hex_of(static_cast<unsigned char>(character[1])).data(), 2);
    } else if (size == 3) {
      const auto low =
          static_cast<unsigned char>((character[2] & 0x3F) | (character[1] == '\x81' ? 0x40 : 0));
      out.append("\\u20").append(hex_of(low).data(), 2);
    } else {
      for (const char c : character) append_escape(out, c);
    }
  }
  return out;
}

std::string in_ascii(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto character = take_character(text);
    if (is_ascii(character)) {
      out += character;
    } else {
      const auto* const known = std::find_if(
          kAlike.begin(), kAlike.end(), [&](const Alike& alike) { return alike.character == character; });
      out += known == kAlike.end() ? "?" : known->ascii;
    }
  }
  return out;
}

std::string in_quotes(std::string_view text, std::size_t most) {
  std::string_view rest = text;
  for (std::size_t count = 0; !rest.empty() && count < most; ++count) take_character(rest);
  const auto shown = text.substr(0, text.size() - rest.size());
  return "\"" + escaped(shown) + (rest.empty() ? "\"" : "...\"");
}

}  // namespace leat::text
