#include "cli/command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <exception>
#include <vector>

#include "cli/bench/cmd_bench.hpp"
#include "cli/generate/cmd_generate.hpp"
#include "cli/get/cmd_get.hpp"
#include "cli/help/help.hpp"
#include "cli/help/plan_text.hpp"
#include "cli/options/hints/meant.hpp"
#include "cli/options/hints/nearest.hpp"
#include "cli/options/presets.hpp"
#include "cli/options/table/option_table.hpp"
#include "cli/run/cmd_run.hpp"
#include "cli/terminal/output.hpp"
#include "cli/terminal/system.hpp"
#include "cli/terminal/version.hpp"
#include "cli/work/cmd_work.hpp"
#include "engine/text/printable.hpp"
#include "engine/version.hpp"
#include "pipelines/result/record_text.hpp"
#include "pipelines/stages/stage_table.hpp"
#include "pipelines/worker/jq_worker_main.hpp"

namespace leat::cli {

namespace {

using Arguments = std::span<const std::string_view>;

struct Command {
  std::string_view name;
  ExitCode (*run)(Arguments arguments);
  std::string (*help)();
  unsigned place = 0;  // of its options; 0: it has none
};

ExitCode help_on(Arguments arguments);

constexpr std::array kCommands{Command{"get", run_get, get_help, pipelines::kGet},
                               Command{"run", run_run, run_help, pipelines::kRun},
                               Command{"check", run_check, check_help, pipelines::kCheck},
                               Command{"bench", run_bench, bench_help, pipelines::kBench},
                               Command{"work", run_work, work_help, pipelines::kWork},
                               Command{"generate", run_generate, generate_help},
                               Command{"help", help_on, general_help}};

const Command* find_command(std::string_view name) noexcept {
  const auto* const found = std::find_if(kCommands.begin(), kCommands.end(),
                                         [&](const Command& command) { return command.name == name; });
  return found == kCommands.end() ? nullptr : found;
}

std::vector<std::string_view> command_names() {
  std::vector<std::string_view> names;
  for (const auto& command : kCommands) names.push_back(command.name);
  return names;
}

// `hint` begins with a semicolon, or is empty.
ExitCode unknown(std::string_view what, std::string_view name, std::string_view hint) {
  complain("", fmt::format("there is no {} {}{}; see leat --help", what, text::in_quotes(name), hint));
  return ExitCode::usage;
}

ExitCode help_on(Arguments arguments) {
  if (arguments.empty()) return print(general_help());
  const auto topic = arguments.front();
  if (topic == "--help" || topic == "-h") return print(general_help());
  if (const auto* command = find_command(topic)) return print(command->help());
  if (const auto text = stage_help(topic); !text.empty()) return print(text);
  auto topics = command_names();
  for (const auto* row : pipelines::stage_table()) topics.push_back(row->signature.name);
  return unknown("help on", topic, meant_by_topic(topic, topics));
}

ExitCode print_version() {
  return print(
      fmt::format("leat {}\n{}\nfeatures: {}\n", leat_version(), library_versions(), library_features()));
}

ExitCode run_option(std::string_view option) {
  if (option == "--version" || option == "-V") return print_version();
  if (option == "--help") return print(general_help());
  if (option == "-h") return print(general_summary());
  constexpr std::array<std::string_view, 2> kOptions{"--help", "--version"};
  const auto hint = did_you_mean(option, kOptions);
  return unknown("option", option,
                 hint.empty() ? "; options stand behind a command, as in: leat get -j 64 URL" : hint);
}

// What stands for a command in a file and in the environment comes before what is typed.
ExitCode run_with_presets(const Command& command, Arguments typed) {
  const CommandName own{command.name, command.place};
  RealSystem system;
  auto presets = with_presets(own, typed, system);
  const auto refuse = [&](const Error& error) {
    complain(command.name, fmt::format("{}; see leat {} --help", error.message, command.name));
    return ExitCode::usage;
  };
  if (!presets) return refuse(presets.error());
  if (presets->print) {
    auto text = print_config(own, *presets);
    return text ? print(*text) : refuse(text.error());
  }
  const std::vector<std::string_view> words(presets->arguments.begin(), presets->arguments.end());
  const ExitCode code = command.run(words);
  if (code == ExitCode::usage && !presets->origins.empty()) {
    complain(command.name, fmt::format("options were also read from {}",
                                       text::escaped(fmt::format("{}", fmt::join(presets->origins, ", ")))));
  }
  return code;
}

ExitCode dispatch(Arguments arguments) {
  if (arguments.empty()) {
    complain("", "no command given; takes one, such as: leat get URL; see leat --help");
    return ExitCode::usage;
  }
  const auto name = arguments.front();
  if (name.starts_with('-')) return run_option(name);
  if (const auto* command = find_command(name)) {
    const auto typed = arguments.subspan(1);
    return command->place == 0 ? command->run(typed) : run_with_presets(*command, typed);
  }
  RealSystem system;
  return unknown("command", name, meant_by_command(name, command_names(), system));
}

}  // namespace

ExitCode run_command(Arguments arguments) {
  if (arguments.size() == 1 && arguments.front() == pipelines::kJqWorkerArgument) {
    return static_cast<ExitCode>(
        pipelines::run_jq_worker(STDIN_FILENO, STDOUT_FILENO, pipelines::empty_record_text()));
  }
  std::signal(SIGPIPE, SIG_IGN);  // a closed output is seen where it is written
  std::signal(SIGXFSZ, SIG_IGN);  // and so is a file over the limit
  std::signal(SIGUSR1, SIG_IGN);  // until there is something to show
  hold_standard_descriptors();
  try {
    return dispatch(arguments);
  } catch (const std::exception& error) {
    complain("", text::escaped(error.what()));
    return ExitCode::run_failed;
  }
}

}  // namespace leat::cli
