#include "cli/options/session_options.hpp"

#include <unistd.h>

#include <array>
#include <string>
#include <variant>
#include <vector>

#include "cli/options/option_value.hpp"
#include "cli/terminal/colours.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/state/exchange_store.hpp"

namespace leat::cli {

namespace {

// Results that scroll by on the same terminal are progress enough.
ProgressKind automatic_progress(System& system) {
  if (!system.is_terminal(STDERR_FILENO) || system.is_terminal(STDOUT_FILENO)) return ProgressKind::off;
  const std::string term = system.environment("TERM");
  return term.empty() || term == "dumb" ? ProgressKind::plain : ProgressKind::bar;
}

std::vector<std::string> inputs_of(const pipelines::Plan& plan) {
  std::vector<std::string> paths;
  for (const auto& stage : plan.stages) {
    std::visit(
        [&](const auto& args) {
          if constexpr (requires { args.path; }) paths.push_back(args.path);
        },
        stage.args);
  }
  return paths;
}

}  // namespace

Status read_session_options(const SessionOptions& options, System& system, SessionConfig& config) {
  if (auto e = read_time("--grace", options.grace, config.grace)) return e;
  enum class Asked : std::uint8_t { automatic, bar, plain, json, off };
  constexpr Choice<Asked> kKinds[]{{"auto", Asked::automatic},
                                   {"bar", Asked::bar},
                                   {"plain", Asked::plain},
                                   {"json", Asked::json},
                                   {"off", Asked::off}};
  Asked asked = Asked::automatic;
  if (auto e = read_choice("--progress", options.progress, kKinds, asked)) return e;
  constexpr std::array kAs{ProgressKind::off, ProgressKind::bar, ProgressKind::plain, ProgressKind::json,
                           ProgressKind::off};
  config.progress =
      asked == Asked::automatic ? automatic_progress(system) : kAs[static_cast<std::size_t>(asked)];
  if (options.quiet) config.progress = ProgressKind::off;
  config.coloured = may_colour(system, STDERR_FILENO);
  config.quiet = options.quiet;
  config.verbose = options.verbose;
  config.debug = options.debug;
  if (options.slow_callback && !options.debug) {
    return Error(Errc::bad_input, "--slow-callback: given without --debug, which it belongs to");
  }
  return read_time("--slow-callback", options.slow_callback, config.slow_callback);
}

Status read_failure_options(const SessionOptions& options, System& system, pipelines::Plan& plan) {
  if (options.fail_fast && options.max_errors) {
    return Error(Errc::bad_input,
                 "--fail-fast and --max-errors are given; takes one of them: --fail-fast is "
                 "--max-errors 1");
  }
  if (options.fail_fast) plan.max_errors = 1;
  if (auto e = read_count("--max-errors", options.max_errors, 1, 1'000'000'000, plan.max_errors)) return e;
  if (!options.failed) return std::nullopt;
  const std::string& path = *options.failed;
  if (path.empty() || path == "-" || system.is_directory(path)) {
    return not_taken("--failed", path, "a file that is made or emptied");
  }
  for (const auto& input : inputs_of(plan)) {
    if (!system.is_same_file(input, path)) continue;
    return Error(Errc::bad_input, "--failed: " + text::in_quotes(path) +
                                      " is the input, which would be emptied; takes another file");
  }
  plan.failed_path = path;
  return std::nullopt;
}

Status read_recording_options(const SessionOptions& options, pipelines::Plan& plan) {
  using pipelines::ExchangeStore;
  if (options.record && options.replay) {
    return Error(Errc::bad_input,
                 "--record and --replay are given; takes one of them: a replay has no network");
  }
  if (options.record) {
    const auto store = ExchangeStore::create(*options.record);
    if (!store) return Error(Errc::bad_input, "--record: " + text::escaped(store.error().message));
    plan.record_dir = *options.record;
  }
  if (options.replay) {
    const auto store = ExchangeStore::open(*options.replay);
    if (!store) return Error(Errc::bad_input, "--replay: " + text::escaped(store.error().message));
    plan.replay_dir = *options.replay;
  }
  return std::nullopt;
}

}  // namespace leat::cli
