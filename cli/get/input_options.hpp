#pragma once

#include "cli/get/config.hpp"
#include "cli/options/options.hpp"
#include "cli/terminal/system.hpp"
#include "engine/error.hpp"

namespace leat::cli {

/// What `leat get` fetches: its URLs, -i, --input-format, --columns and --dedupe, put into the configuration.
/// The Error's message names the option, and what it takes.
[[nodiscard]] Status read_input_options(const GetOptions& options, System& system, GetConfig& config);

}  // namespace leat::cli
