#include "cli/terminal/colours.hpp"

#include "engine/text/columns.hpp"

namespace leat::cli {

namespace {

constexpr std::string_view kPlain = "\x1b[39m";  // back to the colour that was there before

// The length of a colour's sequence, "ESC [ … m", at the beginning; 0 if there is none.
std::size_t sequence_size(std::string_view text) noexcept {
  if (!text.starts_with("\x1b[")) return 0;
  const auto end = text.find_first_not_of("0123456789;", 2);
  return end == std::string_view::npos || text[end] != 'm' ? 0 : end + 1;
}

// The length of the UTF-8 character at the beginning.
std::size_t character_size(std::string_view text) noexcept {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;
  return size;
}

}  // namespace

std::string Colours::painted(std::string_view colour, std::string_view text) const {
  if (!on_ || text.empty()) return std::string(text);
  return std::string(colour).append(text).append(kPlain);
}

bool may_colour(System& system, int fd) {
  return io::uses_colours(system.is_terminal(fd), system.as_environment());
}

Fitted fit(std::string_view line, std::size_t columns) {
  Fitted fitted;
  bool coloured = false;
  while (!line.empty()) {
    const std::size_t sequence = sequence_size(line);
    const std::size_t size = sequence > 0 ? sequence : character_size(line);
    const std::size_t width = sequence > 0 ? 0 : text::columns_of_character(line.substr(0, size));
    if (fitted.columns + width > columns) break;
    if (sequence > 0) coloured = line.substr(0, size) != kPlain;
    fitted.columns += width;
    fitted.text.append(line.substr(0, size));
    line.remove_prefix(size);
  }
  if (coloured) fitted.text.append(kPlain);
  return fitted;
}

}  // namespace leat::cli
