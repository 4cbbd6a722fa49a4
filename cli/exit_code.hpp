#pragma once

#include "engine/error.hpp"
#include "engine/load/load_result.hpp"
#include "pipelines/run.hpp"

namespace leat::cli {

/// The exit status of the program; users' scripts rely on the numbers.
enum class ExitCode : int {
  ok = 0,  // every record ok, skipped or not modified
  some_failed = 1,
  usage = 2,       // nothing was started
  run_failed = 3,  // the run itself could not go on
  interrupted = 130,
  terminated = 143,
};

/// How a run came to its end.
struct RunEnd {
  Status error;    // of the run, never of one record
  int signal = 0;  // the first SIGINT or SIGTERM
  pipelines::RunStats stats;
};

/// The one place where an end becomes a status. A run that could not go on says so even after a signal; a
/// reader that closed the output got what it wanted.
[[nodiscard]] ExitCode exit_code_of(const RunEnd& end) noexcept;

/// Of a benchmark: what was never answered did not fail.
[[nodiscard]] ExitCode exit_code_of(const load::LoadResult& result, int signal) noexcept;

}  // namespace leat::cli
