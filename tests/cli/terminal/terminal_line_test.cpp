#include "cli/terminal/terminal_line.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

using namespace leat::cli;

namespace {

/// A pipe in place of the terminal; it is 80 columns wide and keeps what was written.
class Pipe {
 public:
  Pipe() { REQUIRE(pipe2(ends_.data(), O_NONBLOCK | O_CLOEXEC) == 0); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close(ends_[0]);
    close(ends_[1]);
  }
  [[nodiscard]] int in() const { return ends_[1]; }
  [[nodiscard]] std::string written() const {
    std::array<char, 65536> text{};
    const auto size = read(ends_[0], text.data(), text.size());
    return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : std::string();
  }
  void fill() const {
    const std::string block(4096, '.');
    while (write(in(), block.data(), block.size()) > 0) {
    }
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

}  // namespace

TEST_CASE("TerminalLine: a shorter text erases the longer one before it") {
  const Pipe terminal;
  TerminalLine line(terminal.in());
  line.draw("long text");
  CHECK(terminal.written() == "\rlong text\r");
  line.draw("short");
  CHECK(terminal.written() == "\rshort    \r");
}

TEST_CASE("TerminalLine: clear leaves blanks, once") {
  const Pipe terminal;
  TerminalLine line(terminal.in());
  line.clear();
  CHECK(terminal.written().empty());
  line.draw("text");
  static_cast<void>(terminal.written());
  line.clear();
  CHECK(terminal.written() == "\r    \r");
  line.clear();
  CHECK(terminal.written().empty());
}

TEST_CASE("TerminalLine: it never reaches the last column, where terminals wrap") {
  const Pipe terminal;
  TerminalLine line(terminal.in());
  line.draw(std::string(200, 'x'));
  CHECK(terminal.written() == "\r" + std::string(79, 'x') + "\r");
}

TEST_CASE("TerminalLine: colours and characters of any width are cut to the columns they take") {
  const Pipe terminal;
  TerminalLine line(terminal.in());
  line.draw("\x1b[31m" + std::string(78, 'x') + "\u4f8b\x1b[39m");
  CHECK(terminal.written() == "\r\x1b[31m" + std::string(78, 'x') + "\x1b[39m\r");
  line.draw("");
  CHECK(terminal.written() == "\r" + std::string(78, ' ') + "\r");
}

TEST_CASE("TerminalLine: it draws nothing while the terminal takes nothing") {
  const Pipe terminal;
  terminal.fill();
  TerminalLine line(terminal.in());
  line.draw("text");
  CHECK(terminal.written().find('t') == std::string::npos);
}

namespace {

/// Sets TERM for one test.
class Term {
 public:
  explicit Term(const char* name) : before_(getenv("TERM") == nullptr ? "" : getenv("TERM")) {
    setenv("TERM", name, 1);
  }
  Term(const Term&) = delete;
  Term& operator=(const Term&) = delete;
  ~Term() { setenv("TERM", before_.c_str(), 1); }

 private:
  std::string before_;
};

/// A pseudo-terminal of that size; a test can read what is drawn on it.
class Pty {
 public:
  Pty(unsigned short columns, unsigned short rows) {
    winsize size{};
    size.ws_col = columns;
    size.ws_row = rows;
    REQUIRE(openpty(&master_, &slave_, nullptr, nullptr, &size) == 0);
    termios raw{};
    tcgetattr(slave_, &raw);
    cfmakeraw(&raw);
    tcsetattr(slave_, TCSANOW, &raw);
  }
  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;
  ~Pty() {
    close(slave_);
    close(master_);
  }
  [[nodiscard]] int in() const { return slave_; }
  [[nodiscard]] std::string written() const {
    std::array<char, 65536> text{};
    pollfd ready{master_, POLLIN, 0};
    if (poll(&ready, 1, 1000) != 1) return "";
    const auto size = read(master_, text.data(), text.size());
    return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : std::string();
  }

 private:
  int master_ = -1;
  int slave_ = -1;
};

}  // namespace

TEST_CASE("TerminalLine: several lines are cut to the width, and the cursor rests at their beginning") {
  const Term term("xterm");
  const Pty terminal(6, 10);
  TerminalLine line(terminal.in());
  line.draw_lines({"one", "two is long", "three"});
  CHECK(terminal.written() == "\rone\x1b[K\r\ntwo i\x1b[K\r\nthree\x1b[K\x1b[J\r\x1b[2A");
  line.clear();
  CHECK(terminal.written() == "\r\x1b[J");
}

TEST_CASE("TerminalLine: it draws fewer lines than the terminal has") {
  const Term term("xterm");
  const Pty terminal(80, 3);
  TerminalLine line(terminal.in());
  CHECK(line.height() == 2);
  line.draw_lines({"one", "two", "three"});
  CHECK(terminal.written() == "\rone\x1b[K\r\ntwo\x1b[K\x1b[J\r\x1b[1A");
}

TEST_CASE("TerminalLine: a terminal that can't move the cursor up gets only the first line") {
  const Term term("dumb");
  const Pty terminal(80, 24);
  TerminalLine line(terminal.in());
  line.draw_lines({"one", "two"});
  CHECK(terminal.written() == "\rone\r");
}
