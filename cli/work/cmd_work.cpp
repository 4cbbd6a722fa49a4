#include "cli/work/cmd_work.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

#include "cli/help/help.hpp"
#include "cli/options/given.hpp"
#include "cli/options/table/option_table.hpp"
#include "cli/run/cmd_run.hpp"
#include "cli/terminal/output.hpp"
#include "cli/terminal/system.hpp"
#include "cli/terminal/terminal_line.hpp"
#include "cli/terminal/version.hpp"
#include "cli/work/job_report.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/redis/redis_url.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/printable.hpp"
#include "engine/version.hpp"
#include "pipelines/state/job.hpp"

namespace leat::cli {

namespace {

constexpr const char* kCommand = "work";
constexpr std::string_view kSet = "--set ";
constexpr std::string_view kHiddenMark = "***";  // what a job keeps in place of a secret

ExitCode usage(const std::string& message) {
  complain(kCommand, message + "; see leat work --help");
  return ExitCode::usage;
}

ExitCode failed(const Error& error) {
  complain(kCommand, text::escaped(error.message));
  return ExitCode::run_failed;
}

template <class T>
Result<T> ask_redis(async::Task<Result<T>> (*ask)(async::EventLoop&, redis::RedisUrl),
                    const redis::RedisUrl& url) {
  async::EventLoop loop;
  return loop.run(ask(loop, url));
}

// Only on a terminal, where somebody may have typed it by mistake.
bool may_drop(const redis::RedisUrl& url, System& system) {
  if (!system.is_terminal(STDIN_FILENO)) return true;
  write_all(STDERR_FILENO,
            fmt::format("leat work: remove the job \"{}\" of Redis at {}, with all that is left of "
                        "it? [y/N] ",
                        url.name, url.shown()));
  std::string answer;
  std::getline(std::cin, answer);
  const std::string said = text::to_lower(text::trimmed(answer, " \t\r"));
  return said == "y" || said == "yes";
}

ExitCode drop(const redis::RedisUrl& url, System& system) {
  if (!may_drop(url, system)) {
    complain(kCommand, "nothing was removed");
    return ExitCode::ok;
  }
  auto dropped = ask_redis(pipelines::drop_job, url);
  if (!dropped.ok()) return failed(dropped.error());
  return print(fmt::format("the job \"{}\" is removed, with {} keys\n", url.name, *dropped));
}

ExitCode show(const redis::RedisUrl& url, bool as_json) {
  auto status = ask_redis(pipelines::read_job_status, url);
  if (!status.ok()) return failed(status.error());
  return print(as_json ? job_json(*status) : job_text(*status));
}

bool is_set(const Given& given, std::string_view name) {
  const auto sets = given.texts("set");
  return std::any_of(sets.begin(), sets.end(),
                     [&](const std::string& set) { return set.substr(0, set.find('=')) == name; });
}

// What the job says beside its spec, as if it had been given here. The Error names what is missing.
Status take_settings(const pipelines::JournalConfig& config, Given& given, std::string& spec) {
  for (const auto& [name, value] : config) {
    if (name == "spec") spec = value;
    if (!name.starts_with(kSet)) continue;
    const std::string variable = name.substr(kSet.size());
    if (is_set(given, variable)) continue;
    if (value.find(kHiddenMark) != std::string::npos) {
      return Error(Errc::bad_input,
                   fmt::format("the job keeps no secrets: its ${} is one; give it here, by --set "
                               "{}=VALUE",
                               variable, variable));
    }
    given.options.push_back({find_option(pipelines::kWork, "set"), variable + "=" + value, {}});
  }
  if (spec.empty()) return Error(Errc::bad_input, "the job has no spec");
  return std::nullopt;
}

}  // namespace

ExitCode run_work(std::span<const std::string_view> arguments) {
  const auto started = std::chrono::steady_clock::now();
  auto given = parse_options(pipelines::kWork, arguments);
  if (!given) return usage(given.error().message);
  if (given->has("help")) return print(help_asked(pipelines::kWork, arguments));
  if (given->operands.size() != 1)
    return usage(
        fmt::format("{} words given; takes the URL of one job: redis://HOST/DB/JOB", given->operands.size()));
  auto url = redis::parse_redis_url(given->operands.front(), "job");
  if (!url.ok()) return usage(url.error().message);
  const bool asks_status = given->has("status");
  if (asks_status && given->has("drop")) return usage("--status and --drop are given; takes one of them");
  if (given->has("json") && !asks_status) return usage("--json: needs --status");
  RealSystem system;
  if (asks_status) return show(*url, given->has("json"));
  if (given->has("drop")) return drop(*url, system);
  auto status = ask_redis(pipelines::read_job_status, *url);
  if (!status.ok()) return failed(status.error());
  std::string spec;
  if (const auto error = take_settings(status->config, *given, spec)) return usage(error->message);
  SpecRun run(kCommand, *given, SpecText{std::move(spec), ""}, started);
  given->read("jobs", run.jobs);
  pipelines::StateArgs state;
  state.path = given->operands.front();
  state.leat_version = leat_version();
  given->read("state-timeout", state.away);
  run.state = std::move(state);
  return run_spec(run, system);
}

}  // namespace leat::cli
