#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/io/pipe.hpp"

namespace leat::io {

/// How a process ended: by itself, with a status, or by a signal.
struct ExitStatus {
  int code = 0;
  int signal = 0;  // 0 if it ended by itself

  [[nodiscard]] bool ok() const noexcept { return code == 0 && signal == 0; }
  /// Gives "exit status 3" or "signal 9 (Killed)".
  [[nodiscard]] std::string text() const;
};

enum class ErrorOutput : std::uint8_t { inherit, pipe, discard };

/// What to run. Standard output is always a pipe; standard input is empty unless `feed` is set.
struct Command {
  std::vector<std::string> argv;                        // argv[0] is searched for in PATH; there is no shell
  std::optional<std::vector<std::string>> environment;  // as NAME=value; nothing means that of this process
  bool feed = false;                                    // standard input is a pipe
  ErrorOutput errors = ErrorOutput::inherit;
  /// How long it may take to end when it is stopped; asked then. Empty: Process::kGrace.
  std::function<async::Duration()> grace;
  std::vector<int> more_fds;  // borrowed until the process has started; they are 3, 4, … in the child
};

/// A child process, with pipes to its standard streams.
///
/// It leads a session of its own, so a terminal's Ctrl-C doesn't reach it. Its signals are at their defaults,
/// and it inherits no descriptor but those of its Command, not even of those that this process has inherited.
/// It is killed when this process ends, however that ends (see spawn). Signals go to its whole process group.
///
/// If it is destroyed while it runs, it is killed and reaped on the spot, so that no zombie is left whatever
/// happens. To let it clean up, await `stop` first. Loop thread only. Must be destroyed before its loop.
class Process {
 public:
  /// How long a process may take to end after SIGTERM.
  static constexpr async::Duration kGrace = std::chrono::seconds(1);

  /// Gives file_error with os_errno (ENOENT, EACCES, E2BIG, …) if the process can't be started; it is
  /// retryable when the system is short of descriptors or processes. Blocks until the program is loaded,
  /// about a millisecond.
  static Result<std::unique_ptr<Process>> start(async::EventLoop& loop, const Command& command);

  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  /// Only for a Command with `feed`, and not after `close_input`.
  [[nodiscard]] PipeWriter& input() noexcept { return *input_; }
  void close_input() noexcept { input_.reset(); }
  [[nodiscard]] PipeReader& output() noexcept { return *output_; }
  /// Only for a Command with ErrorOutput::pipe.
  [[nodiscard]] PipeReader& errors() noexcept { return *errors_; }

  [[nodiscard]] bool ended() const noexcept;
  /// Waits until the process has ended. Its output may still hold bytes, and its own children may hold it
  /// open.
  async::Task<ExitStatus> wait();
  /// Sends SIGTERM, after the grace SIGKILL, and waits until the process has ended. Cancellation doesn't
  /// interrupt it.
  async::Task<ExitStatus> stop(async::Duration grace = kGrace);
  /// Sends a signal to the process group; does nothing once the process has ended.
  void signal(int number) const noexcept;

 private:
  struct Child;

  explicit Process(std::unique_ptr<Child> child) noexcept;

  std::unique_ptr<Child> child_;
  std::unique_ptr<PipeWriter> input_;
  std::unique_ptr<PipeReader> output_;
  std::unique_ptr<PipeReader> errors_;
  pid_t pid_ = -1;
};

}  // namespace leat::io
