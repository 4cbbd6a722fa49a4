#include "cli/terminal/exit_code.hpp"

#include <csignal>

namespace leat::cli {

ExitCode exit_code_of(const RunEnd& end) noexcept {
  using pipelines::Outcome;
  if (end.error) return ExitCode::run_failed;
  if (end.signal == SIGINT) return ExitCode::interrupted;
  if (end.signal == SIGTERM || end.signal == SIGHUP) return ExitCode::terminated;
  if (end.stats.output_closed) return ExitCode::ok;
  const auto count = [&](Outcome outcome) { return end.stats.outcomes[static_cast<std::size_t>(outcome)]; };
  if (count(Outcome::failed) + count(Outcome::cancelled) > 0) return ExitCode::some_failed;
  return ExitCode::ok;
}

ExitCode exit_code_of(const BenchEnd& end) noexcept {
  if (end.signal == SIGINT) return ExitCode::interrupted;
  if (end.signal == SIGTERM || end.signal == SIGHUP) return ExitCode::terminated;
  if (end.client_limit) return ExitCode::client_limit;
  if (end.check_failed) return ExitCode::check_failed;
  return end.failed ? ExitCode::some_failed : ExitCode::ok;
}

}  // namespace leat::cli
