#include "cli/get/get_plan.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <string_view>
#include <utility>

#include "cli/run/plan_text.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/spec/format.hpp"
#include "pipelines/stages/spec_of.hpp"
#include "pipelines/stages/stage_table.hpp"

namespace leat::cli {

namespace {

pipelines::PlanSpec written(const pipelines::Plan& plan, pipelines::Hide hide) {
  auto spec = pipelines::spec_of(plan, hide);
  if (!spec) throw std::logic_error(spec.error().message);
  return std::move(*spec);
}

std::string explain(const pipelines::StageArgs& args) {
  std::string text(pipelines::stage_row(args).signature.help);
  if (const auto notes = stage_notes(args); !notes.empty()) text += ": " + notes;
  return "# " + text;
}

constexpr std::size_t kMostShown = 2000;

// As a shell takes it.
std::string shell_word(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+%@";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

std::string get_plan_text(const pipelines::Plan& plan, const std::vector<std::string>& run_level) {
  auto [tree, hidden] = written(plan, pipelines::Hide::credentials);
  for (std::size_t i = 0; i < tree.stages.size(); ++i) {
    tree.stages[i].comments.before.push_back(explain(plan.stages[i].args));
  }
  std::vector<std::string> head{"# leat run -f FILE does the same"};
  for (const auto& word : run_level)
    head.front() += (&word == run_level.data() ? ", with " : " ") + shell_word(word);
  for (const auto& value : hidden) {
    head.push_back(fmt::format("# {}: not shown; set this variable to {}", value.variable, value.what));
  }
  auto& first = tree.stages.front().comments.before;
  first.insert(first.begin(), head.begin(), head.end());
  return pipelines::format(tree) + "\n";
}

std::string one_line(const pipelines::Plan& plan) {
  auto text = pipelines::format(written(plan, pipelines::Hide::values).tree);
  for (auto& c : text) {
    if (c == '\n') c = ' ';
  }
  return text::escaped(text::cut_utf8(text, kMostShown));
}

}  // namespace leat::cli
