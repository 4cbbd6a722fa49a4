#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "engine/io/process.hpp"

namespace leat::io {

/// How many bytes of a process's output are kept.
struct CaptureLimits {
  std::size_t output = std::size_t{16} << 20;
  std::size_t errors = std::size_t{64} << 10;
};

/// What a process did from its start to its end.
struct Captured {
  ExitStatus status;
  std::string output;
  std::string errors;  // its beginning, if it was longer than the limit
  // Its output went beyond the limit: the process was stopped, and `output` is the beginning.
  bool too_much = false;
};

/// Takes what a process prints, piece by piece, in place of Captured::output; the process waits meanwhile.
/// False: nobody wants more, and the process is stopped. The text outlives the task.
using TakeOutput = std::function<async::Task<bool>(const std::string& piece)>;

/// Runs a command to its end: feeds it `input`, if it is to be fed, and gathers what it prints.
///
/// It ends when the process has ended and its standard output is closed, also by the process's own children.
/// A process that doesn't read its input is no error. For a time limit use wait_for. If it is cancelled, it
/// stops the process as Process::stop does, waits for its end and throws Cancelled. It gives an Error only if
/// the process can't be started. Loop thread only.
async::Task<Result<Captured>> run_process(async::EventLoop& loop, Command command, std::string input,
                                          CaptureLimits limits, TakeOutput take = nullptr);

}  // namespace leat::io
