#include "cli/get/cmd_get.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <utility>

#include "cli/get/config.hpp"
#include "cli/get/get_spec.hpp"
#include "cli/help/help.hpp"
#include "cli/options/as_typed.hpp"
#include "cli/options/given.hpp"
#include "cli/options/own_files.hpp"
#include "cli/options/session_options.hpp"
#include "cli/session/pass_phrase.hpp"
#include "cli/session/session.hpp"
#include "cli/terminal/output.hpp"
#include "cli/terminal/system.hpp"
#include "cli/terminal/terminal_line.hpp"
#include "cli/terminal/version.hpp"
#include "engine/http/connect/descriptor_budget.hpp"
#include "engine/version.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/plan/stage_row.hpp"
#include "pipelines/run/run.hpp"
#include "pipelines/run/run_job.hpp"

namespace leat::cli {

namespace {

ExitCode usage(const Error& error) {
  complain("get", error.message + "; see leat get --help");
  return ExitCode::usage;
}

constexpr const char* kNoJob =
    "--state: several processes work on what leat run does; leat get --plan prints the spec that it takes";

std::size_t descriptors_of(const pipelines::Plan& plan) {
  bool plain = !plan.state && plan.failed_path.empty() && plan.record_dir.empty();
  for (const auto& stage : plan.stages) {
    const pipelines::StageRow& row = stage.args.row();
    const auto* fetch = row.fetch(stage.args);
    if (fetch != nullptr && fetch->threads > 1) plain = false;
    if (row.facts(stage.args).runs_commands) plain = false;
  }
  return plain ? http::DescriptorBudget::kLeastOfPlain : http::DescriptorBudget::kLeast;
}

}  // namespace

ExitCode run_get(std::span<const std::string_view> arguments) {
  const auto started = std::chrono::steady_clock::now();
  auto given = parse_options(pipelines::kGet, arguments);
  if (!given) return usage(given.error());
  if (given->has("help")) return print(help_asked(pipelines::kGet, arguments));
  auto state = read_state_options(*given);
  if (!state) return usage(state.error());
  if (*state && pipelines::is_job((*state)->path) && !given->has("plan"))
    return usage(Error(Errc::bad_input, kNoJob));
  if (given->has("status")) return print_state("get", given->text("state"));
  RealSystem system;
  auto config = read_get_config(*given, system);
  if (!config) return usage(config.error());

  pipelines::Plan& plan = config->plan;
  if (const auto error = check_own_files(*given, system)) return usage(*error);
  ask_pass_phrases(plan, system);
  if (const auto error = pipelines::check_plan(plan))
    return usage(Error(error->code, as_typed(*given, pipelines::kGet, error->message)));
  if (given->has("plan")) return print(plan_text_of(config->spec, plan, run_level(*given)));
  if (const auto error = pipelines::check_input(plan)) return usage(*error);
  if (const auto error = read_failure_options(*given, system, plan)) return usage(*error);
  if (const auto error = read_recording_options(*given, plan)) return usage(*error);

  plan.state = std::move(*state);
  if (plan.state) plan.state->config = journal_config(*given);
  if (const auto error = http::raise_descriptor_limit(descriptors_of(plan))) return usage(*error);
  if (config->session.verbose) {
    write_all(STDERR_FILENO, fmt::format("leat get: leat/{} {}\nleat get: {}\n", leat_version(),
                                         library_versions(), one_line(config->spec)));
  }
  return run_session(config->session, std::move(plan), started);
}

}  // namespace leat::cli
