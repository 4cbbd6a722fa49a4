#pragma once

#include <string>

#include "cli/terminal/colours.hpp"
#include "engine/async/clock.hpp"
#include "pipelines/run/run.hpp"

namespace leat::cli {

/// What a run came to: the accounting sum, bytes and time, and the errors by code if there were any. Ends
/// with a line end.
[[nodiscard]] std::string summary(const pipelines::RunStats& stats, async::Duration elapsed,
                                  Colours colours = Colours());

/// What to run next, in lines: how to do again what failed or was not done. Empty where nothing is left.
[[nodiscard]] std::string next_step(const pipelines::RunStats& stats, const std::string& command,
                                    const std::string& failed_path, bool has_state);

}  // namespace leat::cli
