#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/async/semaphore.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/io/run_process.hpp"

namespace leat::pipelines {

/// A program and its arguments: an argv, never a shell's text.
using CommandArgs = std::vector<std::string>;

/// Runs a command on behalf of one record and gives what it prints, without the last newline.
///
/// `stdin_text` is its standard input. exec_failed if it can't be started, ends with another status than 0 or
/// by a signal (with the first line of its standard error) or prints more than `most_bytes`; timeout if it
/// runs longer than `limit` (above 0). Messages name the program and never its arguments, which may hold
/// secrets.
///
/// With `take` that gets what the command prints, however much, and the result is empty.
///
/// At the limit, and when cancelled, its process group gets SIGTERM, SIGKILL after `grace` (asked then; a
/// second where it is empty), and its end is awaited. Loop thread only.
[[nodiscard]] async::Task<Result<std::string>> run_command(async::EventLoop& loop, CommandArgs argv,
                                                           std::string stdin_text, async::Duration limit,
                                                           std::size_t most_bytes,
                                                           std::function<async::Duration()> grace = nullptr,
                                                           io::TakeOutput take = nullptr);

/// As many commands at once as there are processors.
[[nodiscard]] std::size_t default_commands_at_once() noexcept;

/// Runs commands, a number of them at once; who waits for a turn does so in order, and off the time limit.
/// Outlives its commands. Loop thread only.
class CommandRunner {
 public:
  CommandRunner(async::EventLoop& loop, std::size_t at_once, async::Duration limit, std::size_t most_bytes);

  /// As run_command.
  [[nodiscard]] async::Task<Result<std::string>> run(CommandArgs argv, std::string stdin_text);

 private:
  async::EventLoop& loop_;
  async::Semaphore slots_;
  async::Duration limit_;
  std::size_t most_bytes_;
};

}  // namespace leat::pipelines
