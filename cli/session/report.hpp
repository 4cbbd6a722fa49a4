#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/terminal/colours.hpp"
#include "engine/async/clock.hpp"
#include "pipelines/run/run.hpp"

namespace leat::cli {

/// The result of a run of that command: the accounting sum, bytes and time, and the errors by code if there
/// were any. It ends with a line end.
[[nodiscard]] std::string summary(const pipelines::RunStats& stats, async::Duration elapsed,
                                  std::string_view command, Colours colours = Colours());

/// Whether a record has failed or was cancelled.
[[nodiscard]] bool has_failed(const pipelines::RunStats& stats) noexcept;

/// What a run says that speaks only of failures (--summary failures): the first ten, each in a line, then how
/// many there were by code and by host.
[[nodiscard]] std::string failures_summary(const pipelines::RunStats& stats, Colours colours = Colours());

/// Where a run keeps what it has done (--state).
enum class Kept : std::uint8_t { nowhere, in_journal, in_job };

/// What to run next, in lines: what may help with what failed, how to do again what failed or was not done.
/// Only what the command takes is named: options of `get`, and arguments of stages for the others, whose spec
/// says how they fetch. It is empty if nothing is left.
[[nodiscard]] std::string next_step(const pipelines::RunStats& stats, std::string_view command,
                                    const std::string& failed_path, Kept kept);

}  // namespace leat::cli
