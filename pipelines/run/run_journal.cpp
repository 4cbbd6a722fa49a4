#include "pipelines/run/run_journal.hpp"

#include <variant>

#include "pipelines/plan/for_each_fetch.hpp"

namespace leat::pipelines {

namespace {

bool saves_if_changed(const Plan& plan) {
  bool found = false;
  for_each_part(plan, [&found](const Plan& part) {
    for (const auto& stage : part.stages) {
      const auto* save = std::get_if<SaveArgs>(&stage.args);
      if (save != nullptr && save->if_changed) found = true;
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
  options.file.again = !plan.state->retry_failed && saves_if_changed(plan);
  return options;
}

}  // namespace leat::pipelines
