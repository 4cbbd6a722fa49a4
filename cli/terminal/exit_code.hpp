#pragma once

#include "engine/error.hpp"
#include "pipelines/run/run.hpp"

namespace leat::cli {

/// The exit status of the program; users' scripts rely on the numbers.
enum class ExitCode : int {
  ok = 0,  // every record ok, skipped or not modified
  some_failed = 1,
  usage = 2,         // nothing was started
  run_failed = 3,    // the run itself could not go on
  check_failed = 4,  // a check of a benchmark failed
  client_limit = 5,  // --strict: the benchmark's client was saturated
  interrupted = 130,
  terminated = 143,  // by SIGTERM, or by SIGHUP, which means the same here
};

/// How a run came to its end.
struct RunEnd {
  Status error;    // an error of the run, never of one record
  int signal = 0;  // the first SIGINT, SIGTERM or SIGHUP
  pipelines::RunStats stats;
};

/// The one place where an end becomes a status. A run that could not go on says so even after a signal; a
/// reader that closed the output got what it wanted.
[[nodiscard]] ExitCode exit_code_of(const RunEnd& end) noexcept;

/// How a benchmark came to its end.
struct BenchEnd {
  int signal = 0;             // the first SIGINT, SIGTERM or SIGHUP
  bool client_limit = false;  // and the user wants to be told
  bool check_failed = false;
  bool failed = false;  // requests failed, and no check of the error rate allows it
};

/// If the figures are not the server's, this is said before anything that follows from them.
[[nodiscard]] ExitCode exit_code_of(const BenchEnd& end) noexcept;

}  // namespace leat::cli
