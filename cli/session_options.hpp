#pragma once

#include <optional>
#include <string>

#include "cli/session.hpp"
#include "cli/system.hpp"
#include "engine/error.hpp"

namespace leat::cli {

/// The options of every command that runs a plan, as they were typed.
struct SessionOptions {
  std::optional<std::string> grace;
  std::optional<std::string> progress;
  bool quiet = false;
  bool verbose = false;
  bool debug = false;
  std::optional<std::string> slow_callback;
};

/// Checks them. The Error's message names the option.
[[nodiscard]] Status read_session_options(const SessionOptions& options, System& system,
                                          SessionConfig& config);

}  // namespace leat::cli
