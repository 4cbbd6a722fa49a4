#include "cli/terminal/terminal_line.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "cli/terminal/colours.hpp"
#include "engine/io/terminal.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/visible.hpp"

namespace leat::cli {

namespace {

constexpr std::string_view kEraseLine = "\x1b[K";   // erases from the cursor to the end of its line
constexpr std::string_view kEraseBelow = "\x1b[J";  // erases from the cursor to the end of the last line

bool would_block(int fd) {
  pollfd ready{fd, POLLOUT, 0};
  return poll(&ready, 1, 0) != 1;
}

bool belongs_to_another_job(int fd) {
  const pid_t foreground = tcgetpgrp(fd);
  return foreground >= 0 && foreground != getpgrp();
}

}  // namespace

std::string as_shown_at(int fd, std::string_view text) {
  if (text::is_ascii(text)) return std::string(text);
  const auto traits = io::terminal_traits(fd);
  return traits.is_terminal && !traits.is_utf8 ? text::in_ascii(text) : std::string(text);
}

void write_all(int fd, std::string_view all) {
  const std::string shown = as_shown_at(fd, all);
  std::string_view text = shown;
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd ready{fd, POLLOUT, 0};
      poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return;
    }
  }
}

std::size_t TerminalLine::width() const {
  winsize size{};
  if (ioctl(fd_, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

std::size_t TerminalLine::height() const {
  const char* term = std::getenv("TERM");
  if (term == nullptr || std::string_view(term) == "dumb") return 1;
  winsize size{};
  if (ioctl(fd_, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return 1;
  return std::max<std::size_t>(2, size.ws_row) - 1;
}

void TerminalLine::draw(std::string_view text) {
  if (would_block(fd_) || belongs_to_another_job(fd_)) return;
  // Some terminals wrap in the last column.
  const std::size_t room = std::max<std::size_t>(2, width()) - 1;
  const Fitted fitted = fit(text, room);
  std::string line = "\r" + fitted.text;
  const std::size_t drawn = fitted.columns;
  line.append(std::min(shown_, room) > drawn ? std::min(shown_, room) - drawn : 0, ' ').append("\r");
  write_all(fd_, line);
  shown_ = drawn;
}

void TerminalLine::draw_lines(const std::vector<std::string>& lines) {
  const std::size_t most = std::min(height(), lines.size());
  if (most <= 1) {
    if (several_) clear();
    if (!lines.empty()) draw(lines.front());
    return;
  }
  if (would_block(fd_) || belongs_to_another_job(fd_)) return;
  const std::size_t room = std::max<std::size_t>(2, width()) - 1;
  std::string text = "\r";
  for (std::size_t i = 0; i < most; ++i) {
    if (i > 0) text += "\r\n";
    text.append(fit(lines[i], room).text).append(kEraseLine);
  }
  text.append(kEraseBelow).append("\r\x1b[" + std::to_string(most - 1) + "A");
  write_all(fd_, text);
  shown_ = room;
  several_ = true;
}

void TerminalLine::clear() {
  if (shown_ == 0) return;
  if (several_ && !would_block(fd_)) write_all(fd_, "\r" + std::string(kEraseBelow));
  if (!several_ && !would_block(fd_))
    write_all(fd_, "\r" + std::string(std::min(shown_, width() - 1), ' ') + "\r");
  shown_ = 0;
  several_ = false;
}

}  // namespace leat::cli
