#include "engine/io/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/text/ascii.hpp"

namespace leat::io {

namespace {

std::string_view variable(const char* name) noexcept {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

// LC_ALL counts more than LC_CTYPE, and that more than LANG.
bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = text::to_lower(variable(name));
    if (!value.empty()) return value.find("utf-8") != value.npos || value.find("utf8") != value.npos;
  }
  return false;
}

}  // namespace

TerminalTraits terminal_traits(int fd) {
  TerminalTraits traits;
  traits.is_terminal = ::isatty(fd) == 1;
  const std::string_view term = variable("TERM");
  traits.moves_cursor = traits.is_terminal && !term.empty() && term != "dumb";
  traits.is_utf8 = locale_is_utf8();
  return traits;
}

std::size_t terminal_columns(int fd) noexcept {
  constexpr std::size_t kUsual = 80;
  if (::isatty(fd) != 1) return 0;
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsual;
}

bool uses_colours(int fd) {
  if (!variable("NO_COLOR").empty()) return false;
  const std::string_view forced = variable("CLICOLOR_FORCE");
  if (!forced.empty() && forced != "0") return true;
  return terminal_traits(fd).moves_cursor;
}

}  // namespace leat::io
