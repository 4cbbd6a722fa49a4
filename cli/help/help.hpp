#pragma once

#include <span>
#include <string>
#include <string_view>

#include "pipelines/options/option.hpp"

namespace leat::cli {

/// `leat --help`, and `leat -h`, which leaves the stages out.
[[nodiscard]] std::string general_help();
[[nodiscard]] std::string general_summary();

/// What a command that has its options at `place` prints when its words ask for help: with --help all of it,
/// with -h the options that most people need, on one screen (35 lines at most).
[[nodiscard]] std::string help_asked(unsigned place, std::span<const std::string_view> words);

/// `leat get --help`.
[[nodiscard]] std::string get_help();

/// `leat bench --help`.
[[nodiscard]] std::string bench_help();

/// `leat run --help` and `leat check --help`.
[[nodiscard]] std::string run_help();
[[nodiscard]] std::string check_help();

/// `leat work --help`.
[[nodiscard]] std::string work_help();

/// `leat generate --help`.
[[nodiscard]] std::string generate_help();

/// What stands behind an option's line of help: "(1 to 64, default 1)"; empty: nothing does.
[[nodiscard]] std::string remarks(const pipelines::Option& option);

/// The options of a command below their headings, one a line, at most 100 columns wide.
[[nodiscard]] std::string list_options(unsigned place);

}  // namespace leat::cli
