#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/flag.hpp"
#include "cli/options/session_options.hpp"
#include "cli/options/state_options.hpp"
#include "engine/error.hpp"

namespace leat::cli {

/// What was typed after `leat run` or `leat check`, nothing of it checked.
struct RunOptions : SessionOptions, StateOptions {
  bool help = false;
  std::vector<std::string> specs;
  std::optional<std::string> file;
  std::vector<std::string> sets;
  std::optional<std::string> expr_timeout;
  bool format = false;
};

/// The flags of `leat run` and of `leat check`, in the order of their help.
[[nodiscard]] std::span<const Flag> run_flags();
[[nodiscard]] std::span<const Flag> check_flags();

/// The Error says what is wrong with which argument.
[[nodiscard]] Result<RunOptions> parse_run_options(std::span<const std::string_view> arguments);
[[nodiscard]] Result<RunOptions> parse_check_options(std::span<const std::string_view> arguments);

}  // namespace leat::cli
