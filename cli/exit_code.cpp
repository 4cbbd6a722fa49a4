#include "cli/exit_code.hpp"

#include <csignal>

namespace leat::cli {

ExitCode exit_code_of(const RunEnd& end) noexcept {
  using pipelines::Outcome;
  if (end.error) return ExitCode::run_failed;
  if (end.signal == SIGINT) return ExitCode::interrupted;
  if (end.signal == SIGTERM) return ExitCode::terminated;
  if (end.stats.output_closed) return ExitCode::ok;
  const auto count = [&](Outcome outcome) { return end.stats.outcomes[static_cast<std::size_t>(outcome)]; };
  if (count(Outcome::failed) + count(Outcome::cancelled) > 0) return ExitCode::some_failed;
  return ExitCode::ok;
}

ExitCode exit_code_of(const load::LoadResult& result, int signal) noexcept {
  if (signal == SIGINT) return ExitCode::interrupted;
  if (signal == SIGTERM) return ExitCode::terminated;
  const bool failed = result.totals.failed + result.totals.timed_out > 0;
  return failed ? ExitCode::some_failed : ExitCode::ok;
}

}  // namespace leat::cli
