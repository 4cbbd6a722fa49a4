#include "cli/terminal_line.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace leat::cli {

namespace {

bool would_block(int fd) {
  pollfd ready{fd, POLLOUT, 0};
  return poll(&ready, 1, 0) != 1;
}

bool belongs_to_another_job(int fd) {
  const pid_t foreground = tcgetpgrp(fd);
  return foreground >= 0 && foreground != getpgrp();
}

}  // namespace

void write_all(int fd, std::string_view text) {
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

void TerminalLine::draw(std::string_view text) {
  if (would_block(fd_) || belongs_to_another_job(fd_)) return;
  // In the last column some terminals wrap.
  const std::size_t room = std::max<std::size_t>(2, width()) - 1;
  std::string line = "\r" + std::string(text.substr(0, room));
  const std::size_t drawn = line.size() - 1;
  line.append(std::min(shown_, room) > drawn ? std::min(shown_, room) - drawn : 0, ' ').append("\r");
  write_all(fd_, line);
  shown_ = drawn;
}

void TerminalLine::clear() {
  if (shown_ == 0) return;
  if (!would_block(fd_)) write_all(fd_, "\r" + std::string(std::min(shown_, width() - 1), ' ') + "\r");
  shown_ = 0;
}

}  // namespace leat::cli
