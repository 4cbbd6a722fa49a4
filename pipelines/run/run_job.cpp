#include "pipelines/run/run_job.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "engine/http/gate/host_parts.hpp"
#include "engine/text/ascii.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/plan/for_each_fetch.hpp"
#include "pipelines/plan/stage_row.hpp"
#include "pipelines/plan/text_use.hpp"
#include "pipelines/run/chain_facts.hpp"

namespace leat::pipelines {

namespace {

struct Refused {
  std::string_view name;
  std::string_view why;
};

// Stages whose work is not divided yet, or can't be.
constexpr std::array kRefused{
    Refused{"redis", "a stream of Redis is shared already: run it without --state on each machine"},
    Refused{"ordered", "each process has a part of the records only, and so has no order to keep"},
    Refused{"rate", "it paces one process; per-host-rate= of fetch holds for all of them together"},
};

// Stages that count for the whole job where they stand in the main line, and for one process in a block.
constexpr std::array<std::string_view, 4> kOfTheJob{"limit", "skip", "sample", "dedupe"};

Error refusal(std::string_view what, std::string_view why) {
  return Error(Errc::bad_input,
               "--state redis://…: " + std::string(what) + " can't be part of a job: " + std::string(why));
}

std::string in_quotes(std::string_view name) { return "\"" + std::string(name) + "\""; }

Status check_stages(const Plan& plan, bool is_main) {
  for (const auto& stage : plan.stages) {
    const std::string_view name = stage.args.row().signature.name;
    for (const auto& refused : kRefused) {
      const bool is_end = name == "redis" && stage.args.row().signature.kind == StageKind::sink;
      if (refused.name == name && !is_end) return refusal(in_quotes(name), refused.why);
    }
    if (!is_main && std::find(kOfTheJob.begin(), kOfTheJob.end(), name) != kOfTheJob.end())
      return refusal(in_quotes(name) + " in a block", "it would count for each process alone");
    const StageFacts facts = stage.args.row().facts(stage.args);
    if (facts.waits_for_more)
      return refusal(
          in_quotes(name) + " without within=",
          "records that wait for others to come in one process would keep all of them from ending");
    if (facts.asks_again) return refusal("if-changed=true", "what was saved is known to one process only");
  }
  return std::nullopt;
}

// What a record takes along to another process is what it asks for, and not what has been fetched for it.
Status check_requests(const Plan& plan) {
  const ChainFacts facts(plan.stages);
  for (std::size_t at = 0; at < plan.stages.size(); ++at) {
    if (facts.fetches_elsewhere(at) && facts.has_answers(at) && facts[at].reads_answer)
      return refusal(
          "a request that is made of an earlier answer",
          "another process may send it, which does not have that answer; keep what it needs in the "
          "record, by set meta.x=(…) before this fetch");
  }
  return std::nullopt;
}

Status check_fetches(const Plan& plan) {
  std::size_t fetches = 0;
  Status error;
  for_each_fetch(plan, [&](const FetchArgs& args) {
    ++fetches;
    if (args.rate > 0)
      error = refusal("rate= of fetch",
                      "it holds for one process; per-host-rate= holds for all of them together");
    if (args.client.wire.has_jar())
      error = refusal("keeping cookies", "what a server sets would be known to one process only");
    if (names_url(args.shape))
      error =
          refusal("url= of fetch",
                  "the host must be known before, since records are divided by it; write set url=… before "
                  "this fetch");
  });
  const auto in_main = static_cast<std::size_t>(
      std::count_if(plan.stages.begin(), plan.stages.end(),
                    [](const PlannedStage& stage) { return stage.args.row().fetch(stage.args) != nullptr; }));
  if (!error && fetches > in_main)
    return refusal("fetch in a block",
                   "records are divided by their hosts between the stages of the main line; fetch there");
  return error ? error : check_requests(plan);
}

}  // namespace

bool is_job(const std::string& state_path) noexcept {
  constexpr std::array<std::string_view, 3> kSchemes{"redis://", "rediss://", "unix:"};
  return std::any_of(kSchemes.begin(), kSchemes.end(), [&](std::string_view scheme) {
    return text::starts_with_ignoring_case(state_path, scheme);
  });
}

Status check_job(const Plan& plan) {
  if (!plan.state || !is_job(plan.state->path)) return std::nullopt;
  if (auto options = job_options(plan); !options.ok()) return std::move(options.error());
  if (plan.state->retry_failed)
    return refusal("--retry-failed",
                   "a job does each record once; give the failed ones to a job of their own");
  if (!plan.failed_path.empty())
    return refusal("--failed", "records go on in any process; take the failed ones from the results");
  if (plan.max_errors != 0)
    return refusal("--max-errors or --fail-fast", "failures are counted in each process alone");
  if (!plan.record_dir.empty() || !plan.replay_dir.empty())
    return refusal("--record or --replay", "a recording is that of one process");
  const StageArgs& source = plan.stages.front().args;
  if (source.row().facts(source).input == "-")
    return refusal("standard input", "another process must be able to read on; name a file that all have");
  Status error;
  for_each_part(plan, [&](const Plan& part) {
    if (!error) error = check_stages(part, &part == &plan);
  });
  if (error) return error;
  return check_fetches(plan);
}

Result<JobOptions> job_options(const Plan& plan) {
  JobOptions options;
  auto url = redis::parse_redis_url(plan.state->path, "job");
  if (!url.ok()) {
    Error error = std::move(url.error());
    error.message = "--state: " + error.message;
    return error;
  }
  constexpr std::string_view kOthers = "-_";
  const bool is_name = std::all_of(url->name.begin(), url->name.end(), [&](char c) {
    return text::is_alphanumeric(c) || kOthers.find(c) != std::string_view::npos;
  });
  if (!is_name)
    return Error(Errc::bad_input,
                 "--state: the name of a job takes letters, digits, - and _: redis://host/DB/JOB");
  options.url = std::move(*url);
  options.config = plan.state->config;
  options.leat_version = plan.state->leat_version;
  options.away = plan.state->away;
  // Each part has a share of the cap of each stage that fetches, so the smallest number of parts counts.
  std::optional<std::size_t> parts;
  for_each_fetch(plan, [&parts](const FetchArgs& fetch) {
    parts = std::min(parts.value_or(fetch.host_parts), fetch.host_parts);
  });
  options.parts = parts.value_or(1);
  for_each_fetch(plan, [&options](const FetchArgs& fetch) {
    // Enough for each partition's part of the cap, and of the look-ahead no partition has more than its
    // share.
    const std::size_t in_use = http::cap_of_part(fetch.per_host, options.parts, 0);
    options.most_in_hand = std::max({options.most_in_hand, 2 * in_use, fetch.window / http::kMostHostParts});
  });
  return options;
}

}  // namespace leat::pipelines
