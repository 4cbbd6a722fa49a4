#include "cli/run/cmd_run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <utility>
#include <variant>

#include "cli/help/help.hpp"
#include "cli/help/plan_text.hpp"
#include "cli/options/given.hpp"
#include "cli/options/own_files.hpp"
#include "cli/options/session_options.hpp"
#include "cli/run/check_warnings.hpp"
#include "cli/run/spec_loader.hpp"
#include "cli/session/pass_phrase.hpp"
#include "cli/session/session.hpp"
#include "cli/terminal/output.hpp"
#include "cli/terminal/terminal_line.hpp"
#include "cli/terminal/version.hpp"
#include "engine/http/connect/descriptor_budget.hpp"
#include "engine/http/message/hidden_userinfo.hpp"
#include "engine/text/hash.hpp"
#include "engine/text/secrets.hpp"
#include "engine/version.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/plan/bind_plan.hpp"
#include "pipelines/plan/for_each_fetch.hpp"
#include "pipelines/run/run_job.hpp"
#include "pipelines/spec/hidden_secrets.hpp"
#include "pipelines/stages/stage_table.hpp"

namespace leat::cli {

namespace {

ExitCode usage(const char* command, const Error& error) {
  complain(command, fmt::format("{}; see leat {} --help", error.message, command));
  return ExitCode::usage;
}

// What is wrong with a value may name it.
ExitCode usage(const char* command, Error error, const std::vector<std::string>& secrets) {
  text::Secrets(secrets).hide(error.message);
  return usage(command, error);
}

// A job keeps the spec, and no secrets.
constexpr const char* kWrittenSecret =
    "{}: the spec has a secret written into it, and a job keeps none; each process takes it from its "
    "environment, by env:NAME; for user and password of a URL say user=env:NAME of fetch";

ExitCode faulty(const pipelines::SpecFaults& faults) {
  write_all(STDERR_FILENO, pipelines::render(faults));
  return ExitCode::usage;
}

std::string canonical(const SpecText& spec) {
  auto formatted = pipelines::format_spec(spec.text, spec.file, pipelines::stage_signatures());
  const auto* text = std::get_if<std::string>(&formatted);
  return text != nullptr ? *text : spec.text;
}

// What makes it the same run as the one that the journal is of.
std::vector<std::pair<std::string, std::string>> journal_config(const SpecText& spec, const Given& given,
                                                                const std::vector<std::string>& secrets) {
  const std::string written = http::with_hidden_userinfo(canonical(spec));
  const std::string shown = pipelines::with_hidden_secrets(written, pipelines::stage_signatures());
  std::vector<std::pair<std::string, std::string>> config{{"spec", shown}};
  if (shown != written) {
    config.emplace_back("hash of its secrets", fmt::format("{:016x}", text::hash64(written)));
  }
  const text::Secrets hidden(secrets);
  for (const auto& set : given.texts("set")) {
    const auto equals = set.find('=');
    config.emplace_back("--set " + set.substr(0, equals), set.substr(equals + 1));
  }
  for (auto& [name, value] : config) hidden.hide(value);
  return config;
}

}  // namespace

ExitCode run_spec(const SpecRun& run, System& system) {
  const Given& given = run.given;
  SessionConfig session;
  session.command = run.command;
  session.show_stages = true;
  if (const auto error = read_session_options(given, system, session)) return usage(run.command, *error);
  async::Duration expr_timeout = std::chrono::seconds(1);
  given.read("expr-timeout", expr_timeout);
  const auto loaded = load(run.spec, given, system, &session.inputs);
  if (!loaded) return usage(run.command, loaded.error());
  if (!loaded.value().ok()) return faulty(loaded.value().faults);

  auto plan = pipelines::bind_plan(*loaded.value().pipeline);
  plan.secrets = pipelines::secrets_of(*loaded.value().pipeline);
  plan.expr_timeout = expr_timeout;
  if (run.jobs > 0) {
    for (auto& stage : plan.stages) {
      if (auto* fetch = pipelines::changeable_fetch(stage.args)) fetch->n = run.jobs;
    }
  }
  ask_pass_phrases(plan, system);
  if (const auto error = read_failure_options(given, system, plan)) return usage(run.command, *error);
  if (const auto error = check_own_files(given, system)) return usage(run.command, *error);
  if (const auto error = pipelines::check_plan(plan)) return usage(run.command, *error, plan.secrets);
  if (const auto error = pipelines::check_input(plan)) return usage(run.command, *error, plan.secrets);
  if (const auto error = read_recording_options(given, plan)) return usage(run.command, *error);
  plan.state = run.state;
  if (const auto error = pipelines::check_job(plan)) return usage(run.command, *error);
  if (const auto where = pipelines::written_secret(*loaded.value().pipeline);
      where && plan.state && pipelines::is_job(plan.state->path)) {
    return usage(run.command, Error(Errc::bad_input, fmt::format(kWrittenSecret, *where)));
  }
  if (plan.state) plan.state->config = journal_config(run.spec, given, plan.secrets);
  if (const auto error = http::raise_descriptor_limit(http::DescriptorBudget::kLeast))
    return usage(run.command, *error);
  if (session.verbose) {
    write_all(STDERR_FILENO, fmt::format("leat {}: leat/{} {}\n{}", run.command, leat_version(),
                                         library_versions(), plan_text(*loaded.value().pipeline)));
  }
  return run_session(session, std::move(plan), run.started);
}

ExitCode run_run(std::span<const std::string_view> arguments) {
  constexpr const char* kCommand = "run";
  const auto started = std::chrono::steady_clock::now();
  auto given = parse_options(pipelines::kRun, arguments);
  if (!given) return usage(kCommand, given.error());
  if (given->has("help")) return print(help_asked(pipelines::kRun, arguments));
  RealSystem system;
  auto state = read_state_options(*given);
  if (!state) return usage(kCommand, state.error());
  if (given->has("status")) return print_state(kCommand, given->text("state"));
  auto spec = read_spec(*given, system);
  if (!spec) return usage(kCommand, spec.error());
  SpecRun run(kCommand, *given, std::move(spec.value()), started);
  run.state = std::move(*state);
  return run_spec(run, system);
}

ExitCode run_check(std::span<const std::string_view> arguments) {
  constexpr const char* kCommand = "check";
  auto given = parse_options(pipelines::kCheck, arguments);
  if (!given) return usage(kCommand, given.error());
  if (given->has("help")) return print(help_asked(pipelines::kCheck, arguments));
  RealSystem system;
  const auto spec = read_spec(*given, system);
  if (!spec) return usage(kCommand, spec.error());
  if (given->has("format")) {
    auto formatted =
        pipelines::format_spec(spec.value().text, spec.value().file, pipelines::stage_signatures());
    if (const auto* faults = std::get_if<pipelines::SpecFaults>(&formatted)) return faulty(*faults);
    return print(std::get<std::string>(formatted) + "\n");
  }
  const auto loaded = load(spec.value(), *given, system);
  if (!loaded) return usage(kCommand, loaded.error());
  if (!loaded.value().ok()) return faulty(loaded.value().faults);
  const auto plan = pipelines::bind_plan(*loaded.value().pipeline);
  if (const auto error = pipelines::check_plan(plan)) {
    return usage(kCommand, *error, pipelines::secrets_of(*loaded.value().pipeline));
  }
  write_all(STDERR_FILENO, check_warnings(*loaded.value().pipeline, *loaded.value().sources));
  return print(plan_text(*loaded.value().pipeline));
}

}  // namespace leat::cli
