#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/temp_dir.hpp"

namespace leat::tests {

/// How a program ended and what it printed.
struct Finished {
  int status = -1;  // its exit status, or 128 plus the signal that ended it
  std::string out;
  std::string err;
};

/// A program under test, with pipes for its standard input, output and error. If it still runs when this is
/// destroyed, it is ended with SIGKILL. All calls block, and every wait has a limit of 30 seconds, so that a
/// test that hangs fails.
class Process {
 public:
  explicit Process(std::vector<std::string> argv);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  void write(const std::string& text);
  void close_input();
  /// Closes our end of its standard output, as `head` does when it has seen enough.
  void close_output();
  /// The next line of its standard output without the line end; nothing at the end of it or after `limit`.
  std::optional<std::string> read_line(std::chrono::milliseconds limit = std::chrono::seconds(30));
  /// Waits until its standard error contains the words; false if it ends or 30 seconds pass without them.
  bool wait_for_error(const std::string& words);
  void signal(int number) const;
  /// Waits until it has ended, and gathers the rest of its output.
  Finished wait(std::chrono::milliseconds limit = std::chrono::seconds(30));
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }

 private:
  bool pump(std::chrono::steady_clock::time_point deadline);
  void close_end(int& fd);

  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  int error_ = -1;
  std::string out_;
  std::string err_;
};

/// Runs to the end with `input` as standard input.
Finished run_process(std::vector<std::string> argv, const std::string& input = "");

/// Does the same with the leat binary.
Finished run_leat(std::vector<std::string> arguments, const std::string& input = "");

[[nodiscard]] std::vector<std::string> lines_of(const std::string& text);

}  // namespace leat::tests
