#include "engine/io/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "engine/text/ascii.hpp"

namespace leat::io {

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

TerminalTraits terminal_traits(int fd) {
  TerminalTraits traits;
  traits.is_terminal = ::isatty(fd) == 1;
  traits.moves_cursor = traits.is_terminal && moves_cursor(variable);
  traits.is_utf8 = locale_is_utf8(variable);
  return traits;
}

std::size_t terminal_columns(int fd) noexcept {
  constexpr std::size_t kUsual = 80;
  if (::isatty(fd) != 1) return 0;
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsual;
}

bool moves_cursor(const Environment& environment) {
  const std::string term = environment("TERM");
  return !term.empty() && term != "dumb";
}

bool locale_is_utf8(const Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = text::to_lower(environment(name));
    if (!value.empty()) return value.find("utf-8") != value.npos || value.find("utf8") != value.npos;
  }
  return false;
}

bool uses_colours(bool is_terminal, const Environment& environment) {
  if (!environment("NO_COLOR").empty()) return false;
  const std::string forced = environment("CLICOLOR_FORCE");
  if (!forced.empty() && forced != "0") return true;
  return is_terminal && moves_cursor(environment);
}

bool uses_colours(int fd) { return uses_colours(::isatty(fd) == 1, variable); }

}  // namespace leat::io
