#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace leat::tests {

/// The terminal that a program has.
struct Terminal {
  Terminal() = default;

  std::string term = "xterm";  // TERM; if it is empty, it is not set
  unsigned short columns = 80;
  unsigned short rows = 24;
  bool output_too = false;               // if not, its standard output goes to /dev/null
  std::vector<std::string> environment;  // "NAME=value"
};

/// A program on a terminal of its own, which is its standard input and error. If it still runs when this is
/// destroyed, it is ended with SIGKILL. All calls block, and every wait has a limit of 30 seconds.
class PtyProcess {
 public:
  PtyProcess(const std::vector<std::string>& argv, const Terminal& terminal);
  PtyProcess(const PtyProcess&) = delete;
  PtyProcess& operator=(const PtyProcess&) = delete;
  ~PtyProcess();

  /// Everything that was written to the terminal so far.
  [[nodiscard]] const std::string& written() const noexcept { return written_; }
  /// Waits until that text follows what had been written at `from`; false if the program ends without it.
  bool wait_for(const std::string& words, std::size_t from = 0);
  void type(const std::string& text) const;
  /// Sends the signal to the program's only child, such as the job of a shell.
  void signal_job(int number) const;
  void resize(unsigned short columns, unsigned short rows) const;
  /// Its exit status, or 128 plus the signal that ended it.
  int wait();

 private:
  bool pump();

  pid_t pid_ = -1;
  int master_ = -1;
  std::string written_;
};

/// The command as the job of a shell, without which nothing stops at a Ctrl-Z: then the shell says "stopped",
/// goes on with it after so many seconds, and at its end says "ended with" and its status, on standard
/// output.
[[nodiscard]] std::vector<std::string> as_job(const std::vector<std::string>& command,
                                              int stopped_seconds = 0);

/// The lines that a terminal shows after that was written to it, without blanks at their ends and without
/// colours. It knows carriage return, line feed, cursor up, and erasing in the line and below.
[[nodiscard]] std::vector<std::string> screen_after(const std::string& written);

}  // namespace leat::tests
