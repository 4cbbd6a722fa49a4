#pragma once

#include <string>

#include "cli/terminal/colours.hpp"
#include "engine/async/clock.hpp"
#include "pipelines/run/run.hpp"

namespace leat::cli {

/// The result of a run: the accounting sum, bytes and time, and the errors by code if there were any. It ends
/// with a line end.
[[nodiscard]] std::string summary(const pipelines::RunStats& stats, async::Duration elapsed,
                                  Colours colours = Colours());

/// Whether a record has failed or was cancelled.
[[nodiscard]] bool has_failed(const pipelines::RunStats& stats) noexcept;

/// What a run says that speaks only of failures (--summary failures): the first ten, each in a line, then how
/// many there were by code and by host.
[[nodiscard]] std::string failures_summary(const pipelines::RunStats& stats, Colours colours = Colours());

/// What to run next, in lines: options that may help with what failed, how to do again what failed or was not
/// done. It is empty if nothing is left.
[[nodiscard]] std::string next_step(const pipelines::RunStats& stats, const std::string& command,
                                    const std::string& failed_path, bool has_state);

}  // namespace leat::cli
