#include "cli/terminal/secret_prompt.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>

namespace leat::cli {

namespace {

constexpr std::array kCaught{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
volatile std::sig_atomic_t caught = 0;  // a signal handler may only touch globals

// While it lives, signals only interrupt the read; afterwards the one that came is raised again.
class SignalsHeldBack {
 public:
  SignalsHeldBack() {
    caught = 0;
    struct sigaction note = {};
    note.sa_handler = [](int number) { caught = number; };
    for (std::size_t i = 0; i < kCaught.size(); ++i) sigaction(kCaught[i], &note, &old_[i]);
  }
  SignalsHeldBack(const SignalsHeldBack&) = delete;
  SignalsHeldBack& operator=(const SignalsHeldBack&) = delete;
  ~SignalsHeldBack() {
    for (std::size_t i = 0; i < kCaught.size(); ++i) sigaction(kCaught[i], &old_[i], nullptr);
    if (caught != 0) raise(caught);
  }

 private:
  std::array<struct sigaction, kCaught.size()> old_{};
};

class EchoOff {
 public:
  explicit EchoOff(int fd) : fd_(fd), changed_(tcgetattr(fd, &old_) == 0) {
    if (!changed_) return;
    termios silent = old_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK);
    silent.c_lflag |= ECHONL | ICANON;
    tcsetattr(fd, TCSAFLUSH, &silent);
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;
  ~EchoOff() {
    if (changed_) tcsetattr(fd_, TCSAFLUSH, &old_);
  }

 private:
  int fd_;
  termios old_{};
  bool changed_;
};

std::optional<std::string> read_line(int fd) {
  std::string line;
  for (char c = 0; line.size() < 4096;) {
    const ssize_t got = read(fd, &c, 1);
    if (got < 0 && errno == EINTR && caught == 0) continue;
    if (got <= 0) return std::nullopt;
    if (c == '\n') return line;
    line += c;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> ask_on_terminal(const std::string& prompt) {
  const int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return std::nullopt;
  std::optional<std::string> answer;
  {
    const SignalsHeldBack signals;
    const EchoOff silent(fd);
    if (write(fd, prompt.data(), prompt.size()) == static_cast<ssize_t>(prompt.size()))
      answer = read_line(fd);
  }
  close(fd);
  return answer;
}

}  // namespace leat::cli
