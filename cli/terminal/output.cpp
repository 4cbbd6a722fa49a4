#include "cli/terminal/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "cli/terminal/terminal_line.hpp"

namespace leat::cli {

ExitCode print(std::string_view all) {
  const std::string shown = as_shown_at(STDOUT_FILENO, all);
  std::string_view text = shown;
  while (!text.empty()) {
    const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EPIPE) return ExitCode::ok;
    if (written < 0) {
      complain("", fmt::format("standard output: {}", std::strerror(errno)));
      return ExitCode::run_failed;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ExitCode::ok;
}

void complain(std::string_view command, std::string_view message) {
  write_all(STDERR_FILENO, fmt::format("leat{}{}: {}\n", command.empty() ? "" : " ", command, message));
}

void hold_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
    // It is opened the wrong way round on purpose; the lowest free descriptor is this one.
    static_cast<void>(open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

}  // namespace leat::cli
