#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace leat::tests {

/// The terminal that a program has.
struct Terminal {
  Terminal() = default;

  std::string term = "xterm";  // TERM; empty: not set
  unsigned short columns = 80;
  unsigned short rows = 24;
  bool output_too = false;               // else its standard output goes to /dev/null
  std::vector<std::string> environment;  // "NAME=value"
};

/// A program on a terminal of its own, with standard input and error there. Ended with SIGKILL if it still
/// runs when this is destroyed. Blocking, with a limit of 30 seconds on every wait.
class PtyProcess {
 public:
  PtyProcess(const std::vector<std::string>& argv, const Terminal& terminal);
  PtyProcess(const PtyProcess&) = delete;
  PtyProcess& operator=(const PtyProcess&) = delete;
  ~PtyProcess();

  /// All that was written to the terminal so far.
  [[nodiscard]] const std::string& written() const noexcept { return written_; }
  /// Until that stands behind what had been written at `from`; false if it ends without it.
  bool wait_for(const std::string& words, std::size_t from = 0);
  void type(const std::string& text) const;
  void resize(unsigned short columns, unsigned short rows) const;
  /// Its exit status, or 128 and the signal that ended it.
  int wait();

 private:
  bool pump();

  pid_t pid_ = -1;
  int master_ = -1;
  std::string written_;
};

/// The lines that a terminal shows after that was written to it, blanks at their ends and colours left out:
/// carriage return, line feed, cursor up, erase in line and below are what it knows.
[[nodiscard]] std::vector<std::string> screen_after(const std::string& written);

}  // namespace leat::tests
