#include "cli/options/session_options.hpp"

#include <unistd.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "cli/options/option_value.hpp"
#include "cli/options/own_files.hpp"
#include "cli/terminal/colours.hpp"
#include "cli/terminal/output.hpp"
#include "cli/terminal/terminal_line.hpp"
#include "cli/terminal/version.hpp"
#include "engine/text/json_writer.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/plan/stage_row.hpp"
#include "pipelines/run/run_job.hpp"
#include "pipelines/state/exchange_store.hpp"
#include "pipelines/state/journal.hpp"

namespace leat::cli {

namespace {

ProgressKind automatic_progress(System& system) {
  if (!system.is_terminal(STDERR_FILENO)) return ProgressKind::off;
  if (io::moves_cursor(system.as_environment())) return ProgressKind::bar;
  // Results that scroll by on the same terminal are progress enough.
  return system.is_terminal(STDOUT_FILENO) ? ProgressKind::off : ProgressKind::plain;
}

// The files that the plan reads records from.
std::vector<std::string> inputs_of(const pipelines::Plan& plan) {
  std::vector<std::string> paths;
  for (const auto& stage : plan.stages) {
    auto input = stage.args.row().facts(stage.args).input;
    if (!input.empty()) paths.push_back(std::move(input));
  }
  return paths;
}

constexpr const char* kNeedsJob = "--state-timeout: needs the --state of a job, as redis://HOST/DB/JOB";

constexpr std::size_t kHosts = 100;  // that are listed, those with the most failures

void put_outcomes(text::JsonWriter& json, const pipelines::JournalStatus& status) {
  json.key("outcomes");
  json.begin_object();
  for (std::size_t i = 0; i < pipelines::kOutcomes; ++i) {
    const auto outcome = static_cast<pipelines::Outcome>(i);
    if (outcome == pipelines::Outcome::cancelled) continue;  // is done again, so it is not kept
    json.member(to_string(outcome), status.outcomes[i]);
  }
  json.end_object();
}

void put_hosts(text::JsonWriter& json, const pipelines::JournalStatus& status) {
  json.key("hosts");
  json.begin_object();
  for (const auto& host : status.hosts) {
    json.escaped_key(host.name);
    json.begin_object();
    json.member("ended", host.ended);
    json.member("failed", host.failed);
    json.end_object();
  }
  json.end_object();
  json.member("hosts_in_all", status.hosts_in_all);
}

std::string status_json(const pipelines::JournalStatus& status) {
  text::JsonWriter json;
  json.begin_object();
  json.member("in_use", status.in_use);
  put_outcomes(json, status);
  json.key("errors");
  json.begin_object();
  for (const auto& [code, count] : status.errors) {
    json.escaped_key(code);
    json.number(count);
  }
  json.end_object();
  put_hosts(json, status);
  json.key("frontier");
  json.begin_object();
  json.member("live", status.frontier_live);
  json.member("done", status.frontier_done);
  json.end_object();
  json.end_object();
  return std::string(json.text()) + "\n";
}

}  // namespace

Status read_session_options(const Given& given, System& system, SessionConfig& config) {
  enum class Asked : std::uint8_t { automatic, bar, plain, json, off };
  constexpr std::array kAs{ProgressKind::off, ProgressKind::bar, ProgressKind::plain, ProgressKind::json,
                           ProgressKind::off};
  config.inputs = inputs_of(given, system);
  given.read("grace", config.grace);
  given.read("max-time", config.max_time);
  Asked asked = Asked::automatic;
  given.read("progress", asked);
  given.read("summary", config.summary);
  const bool is_silent = given.has("silent");
  config.quiet = given.has("quiet") || (is_silent && !given.has("show-error"));
  if (is_silent && given.has("show-error") && !given.has("summary")) config.summary = SummaryKind::failures;
  config.progress =
      asked == Asked::automatic ? automatic_progress(system) : kAs[static_cast<std::size_t>(asked)];
  if (config.quiet || is_silent || config.summary == SummaryKind::failures)
    config.progress = ProgressKind::off;
  config.coloured = may_colour(system, STDERR_FILENO);
  if (given.text("color") == "always") config.coloured = true;
  if (given.text("color") == "never") config.coloured = false;
  // Only lines for people make room for a bar; others that scroll by are progress enough.
  const std::string format = given.text("format");
  const bool for_people = format == "text" || ((format.empty() || format == "auto") && !given.has("fields") &&
                                               !given.has("include") && given.text("output") != "-");
  const bool has_own_lines = config.command == "get" && for_people;
  config.gives_way = asked == Asked::automatic && system.is_terminal(STDOUT_FILENO) && !has_own_lines;
  config.verbose = given.has("verbose");
  config.debug = given.has("debug");
  if (given.has("slow-callback") && !config.debug) {
    return Error(Errc::bad_input, "--slow-callback: given without --debug, which it belongs to");
  }
  given.read("slow-callback", config.slow_callback);
  return std::nullopt;
}

Status read_failure_options(const Given& given, System& system, pipelines::Plan& plan) {
  if (given.has("fail-fast") && given.has("max-errors")) {
    return Error(Errc::bad_input,
                 "--fail-fast and --max-errors are given; takes one of them: --fail-fast is "
                 "--max-errors 1");
  }
  if (given.has("fail-fast") || given.has("fail-early")) plan.max_errors = 1;
  given.read("max-errors", plan.max_errors);
  if (!given.has("failed")) return std::nullopt;
  const std::string path = given.text("failed");
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

Status read_recording_options(const Given& given, pipelines::Plan& plan) {
  using pipelines::ExchangeStore;
  if (given.has("record") && given.has("replay")) {
    return Error(Errc::bad_input,
                 "--record and --replay are given; takes one of them: a replay has no network");
  }
  if (given.has("record")) {
    plan.record_dir = given.text("record");
    const auto store = ExchangeStore::create(plan.record_dir);
    if (!store) return Error(Errc::bad_input, "--record: " + text::escaped(store.error().message));
  }
  if (given.has("replay")) {
    plan.replay_dir = given.text("replay");
    const auto store = ExchangeStore::open(plan.replay_dir);
    if (!store) return Error(Errc::bad_input, "--replay: " + text::escaped(store.error().message));
  }
  return std::nullopt;
}

Result<std::optional<pipelines::StateArgs>> read_state_options(const Given& given) {
  if (!given.has("state")) {
    for (const std::string name : {"retry-failed", "status"}) {
      if (given.has(name)) return Error(Errc::bad_input, "--" + name + ": needs --state FILE");
    }
    if (given.has("state-timeout")) return Error(Errc::bad_input, kNeedsJob);
    return std::optional<pipelines::StateArgs>();
  }
  pipelines::StateArgs state;
  state.path = given.text("state");
  state.leat_version = leat_version();
  state.retry_failed = given.has("retry-failed");
  if (pipelines::is_job(state.path)) {
    if (given.has("status"))
      return Error(Errc::bad_input, "--status: a job's is shown by: leat work --status URL");
    given.read("state-timeout", state.away);
  } else if (given.has("state-timeout")) {
    return Error(Errc::bad_input, std::string(kNeedsJob) + "; a file is never away");
  }
  return std::optional(std::move(state));
}

ExitCode print_state(const char* command, const std::string& path) {
  const auto status = pipelines::read_journal_status(path, kHosts);
  if (!status) {
    complain(command, text::escaped(status.error().message));
    return ExitCode::run_failed;
  }
  return print(status_json(status.value()));
}

}  // namespace leat::cli
