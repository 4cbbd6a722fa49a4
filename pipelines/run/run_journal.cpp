#include "pipelines/run/run_journal.hpp"

#include "pipelines/plan/for_each_fetch.hpp"

namespace leat::pipelines {

namespace {

bool asks_again(const Plan& plan) {
  bool found = false;
  for_each_part(plan, [&found](const Plan& part) {
    for (const auto& stage : part.stages) {
      if (stage.args.row().facts(stage.args).asks_again) found = true;
    }
  });
  return found;
}

}  // namespace

JournalOptions journal_options(const Plan& plan) {
  JournalOptions options;
  options.file.path = plan.state->path;
  options.file.leat_version = plan.state->leat_version;
  options.file.config = plan.state->config;
  options.file.again = !plan.state->retry_failed && asks_again(plan);
  return options;
}

}  // namespace leat::pipelines
