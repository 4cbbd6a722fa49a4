#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/options/option.hpp"

namespace leat::cli {

/// A command that has options.
struct CommandName {
  std::string_view name;
  unsigned place;  // kGet and the like: which rows it has
};
inline constexpr std::array kCommandNames{
    CommandName{"get", pipelines::kGet}, CommandName{"run", pipelines::kRun},
    CommandName{"check", pipelines::kCheck}, CommandName{"bench", pipelines::kBench},
    CommandName{"work", pipelines::kWork}};

/// Every option of every command, below the headings of help and manual and in their order: what commands and
/// stages share, and what only commands have.
[[nodiscard]] std::span<const pipelines::OptionTopic> all_options();

/// The options of one command.
using OptionRows = std::span<const pipelines::Option* const>;

/// Those of the command that stands there, in the order of all_options.
[[nodiscard]] OptionRows options_at(unsigned place);

/// Null if it has none of that long name.
[[nodiscard]] const pipelines::Option* find_option(unsigned place, std::string_view name);

// The topics that only commands have, a file each.
[[nodiscard]] std::span<const pipelines::Option> input_options() noexcept;
[[nodiscard]] std::span<const pipelines::Option> spec_options() noexcept;
[[nodiscard]] std::span<const pipelines::Option> load_options() noexcept;
[[nodiscard]] std::span<const pipelines::Option> connection_options() noexcept;
[[nodiscard]] std::span<const pipelines::Option> judge_options() noexcept;
[[nodiscard]] std::span<const pipelines::Option> report_options() noexcept;
[[nodiscard]] std::span<const pipelines::Option> job_options() noexcept;
[[nodiscard]] std::span<const pipelines::Option> session_options() noexcept;

}  // namespace leat::cli
