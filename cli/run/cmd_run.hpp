#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "cli/options/given.hpp"
#include "cli/run/spec_loader.hpp"
#include "cli/terminal/exit_code.hpp"
#include "cli/terminal/system.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::cli {

/// `leat run`: runs a spec. Once a process.
[[nodiscard]] ExitCode run_run(std::span<const std::string_view> arguments);

/// `leat check`: says what is wrong with a spec, or prints its plan.
[[nodiscard]] ExitCode run_check(std::span<const std::string_view> arguments);

/// A spec that a command runs, as it was given. What was given outlives it.
struct SpecRun {
  SpecRun(const char* c, const Given& g, SpecText s, std::chrono::steady_clock::time_point at)
      : command(c), given(g), spec(std::move(s)), started(at) {}

  const char* command;
  const Given& given;
  SpecText spec;
  std::chrono::steady_clock::time_point started;
  std::optional<pipelines::StateArgs> state;
  std::size_t jobs = 0;  // in place of the n= of its fetches; 0: as they say
};
/// Runs it to its end. Once a process.
[[nodiscard]] ExitCode run_spec(const SpecRun& run, System& system);

}  // namespace leat::cli
