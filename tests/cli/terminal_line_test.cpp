#include "cli/terminal_line.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>

using namespace leat::cli;

namespace {

/// A pipe in place of the terminal: 80 columns wide, and it keeps what was written.
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

TEST_CASE("TerminalLine: a shorter text wipes out the longer one before it") {
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

TEST_CASE("TerminalLine: never reaches the last column, where terminals wrap") {
  const Pipe terminal;
  TerminalLine line(terminal.in());
  line.draw(std::string(200, 'x'));
  CHECK(terminal.written() == "\r" + std::string(79, 'x') + "\r");
}

TEST_CASE("TerminalLine: draws nothing while the terminal takes nothing") {
  const Pipe terminal;
  terminal.fill();
  TerminalLine line(terminal.in());
  line.draw("text");
  CHECK(terminal.written().find('t') == std::string::npos);
}
