#include "cli/terminal/exit_code.hpp"

#include <doctest/doctest.h>

#include <csignal>

using namespace leat::cli;
using leat::pipelines::Outcome;

namespace {

RunEnd end_with(Outcome outcome, std::uint64_t count) {
  RunEnd end;
  end.stats.records_in = count;
  end.stats.outcomes[static_cast<std::size_t>(outcome)] = count;
  return end;
}

}  // namespace

TEST_CASE("exit_code_of: ok, skipped and not modified give 0, and so does no record at all") {
  CHECK(exit_code_of(RunEnd()) == ExitCode::ok);
  CHECK(exit_code_of(end_with(Outcome::ok, 3)) == ExitCode::ok);
  CHECK(exit_code_of(end_with(Outcome::skipped, 3)) == ExitCode::ok);
  CHECK(exit_code_of(end_with(Outcome::not_modified, 3)) == ExitCode::ok);
}

TEST_CASE("exit_code_of: one failed or cancelled record gives 1") {
  CHECK(exit_code_of(end_with(Outcome::failed, 1)) == ExitCode::some_failed);
  CHECK(exit_code_of(end_with(Outcome::cancelled, 1)) == ExitCode::some_failed);
}

TEST_CASE("exit_code_of: a reader that closed the output makes it 0, whatever happened to the records") {
  auto end = end_with(Outcome::cancelled, 1);
  end.stats.output_closed = true;
  CHECK(exit_code_of(end) == ExitCode::ok);
  end.signal = SIGINT;
  CHECK(exit_code_of(end) == ExitCode::interrupted);
}

TEST_CASE("exit_code_of: a signal makes it 128 plus its number, whatever happened to the records") {
  auto end = end_with(Outcome::cancelled, 1);
  end.signal = SIGINT;
  CHECK(static_cast<int>(exit_code_of(end)) == 130);
  end.signal = SIGTERM;
  CHECK(static_cast<int>(exit_code_of(end)) == 143);
}

TEST_CASE("exit_code_of: SIGHUP is taken for SIGTERM, in a run and in a benchmark") {
  RunEnd end;
  end.signal = SIGHUP;
  CHECK(exit_code_of(end) == ExitCode::terminated);
  BenchEnd bench;
  bench.signal = SIGHUP;
  CHECK(exit_code_of(bench) == ExitCode::terminated);
}

TEST_CASE("exit_code_of: a run that could not go on gives 3, also after a signal") {
  auto end = end_with(Outcome::failed, 1);
  end.error = leat::Error(leat::Errc::disk_full, "no space left on device");
  CHECK(exit_code_of(end) == ExitCode::run_failed);
  end.signal = SIGINT;
  CHECK(exit_code_of(end) == ExitCode::run_failed);
}
