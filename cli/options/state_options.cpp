#include "cli/options/state_options.hpp"

#include "cli/terminal/output.hpp"
#include "cli/terminal/terminal_line.hpp"
#include "cli/terminal/version.hpp"
#include "engine/text/json_writer.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/state/sqlite/journal_status.hpp"

namespace leat::cli {

namespace {

constexpr std::size_t kHosts = 100;  // that are listed, those with the most failures

void put_outcomes(text::JsonWriter& json, const pipelines::JournalStatus& status) {
  json.key("outcomes");
  json.begin_object();
  for (std::size_t i = 0; i < pipelines::kOutcomes; ++i) {
    const auto outcome = static_cast<pipelines::Outcome>(i);
    if (outcome == pipelines::Outcome::cancelled) continue;  // is done again, so it is not kept
    json.key(to_string(outcome));
    json.number(status.outcomes[i]);
  }
  json.end_object();
}

void put_hosts(text::JsonWriter& json, const pipelines::JournalStatus& status) {
  json.key("hosts");
  json.begin_object();
  for (const auto& host : status.hosts) {
    json.escaped_key(host.name);
    json.begin_object();
    json.key("ended");
    json.number(host.ended);
    json.key("failed");
    json.number(host.failed);
    json.end_object();
  }
  json.end_object();
  json.key("hosts_in_all");
  json.number(status.hosts_in_all);
}

std::string status_json(const pipelines::JournalStatus& status) {
  text::JsonWriter json;
  json.begin_object();
  json.key("in_use");
  json.boolean(status.in_use);
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
  json.key("live");
  json.number(status.frontier_live);
  json.key("done");
  json.number(status.frontier_done);
  json.end_object();
  json.end_object();
  return std::string(json.text()) + "\n";
}

}  // namespace

Result<std::optional<pipelines::StateArgs>> read_state_options(const StateOptions& options) {
  if (!options.state) {
    if (options.retry_failed) return Error(Errc::bad_input, "--retry-failed: needs --state FILE");
    if (options.status) return Error(Errc::bad_input, "--status: needs --state FILE");
    return std::optional<pipelines::StateArgs>();
  }
  if (options.state->empty())
    return Error(Errc::bad_input, "--state: nothing given; takes the name of a file");
  pipelines::StateArgs state;
  state.path = *options.state;
  state.leat_version = leat_version();
  state.retry_failed = options.retry_failed;
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
