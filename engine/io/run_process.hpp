#pragma once

#include <cstddef>
#include <string>

#include "engine/io/process.hpp"

namespace leat::io {

/// How much of a process's output is kept, in bytes.
struct CaptureLimits {
  std::size_t output = std::size_t{16} << 20;
  std::size_t errors = std::size_t{64} << 10;
};

/// What a process did from its start to its end.
struct Captured {
  ExitStatus status;
  std::string output;
  std::string errors;  // the first of it, if it was more than the limit
  bool too_much =
      false;  // more than the limit of its output: it was stopped then, `output` is the first of it
};

/// Runs a command to its end: feeds it `input`, if it is fed, and gathers what it prints.
///
/// Ends when the process has ended and its standard output is closed, by its own children too. A process that
/// doesn't read its input is no error. For a time limit use wait_for. Cancelled, it stops the process as
/// Process::stop does, awaits its end, and then throws Cancelled. An Error only if it can't be started.
/// Loop thread only.
async::Task<Result<Captured>> run_process(async::EventLoop& loop, Command command, std::string input,
                                          CaptureLimits limits);

}  // namespace leat::io
