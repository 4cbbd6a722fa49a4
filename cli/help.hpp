#pragma once

#include <span>
#include <string>

#include "cli/options/flag.hpp"

namespace leat::cli {

/// `leat --help`.
[[nodiscard]] std::string general_help();

/// `leat get --help`.
[[nodiscard]] std::string get_help();

/// `leat bench --help`.
[[nodiscard]] std::string bench_help();

/// `leat run --help` and `leat check --help`.
[[nodiscard]] std::string run_help();
[[nodiscard]] std::string check_help();

/// The options of a table below their headings, one a line, at most 100 columns wide.
[[nodiscard]] std::string list_flags(std::span<const Flag> flags);

}  // namespace leat::cli
