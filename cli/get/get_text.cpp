#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "cli/get/get_spec.hpp"
#include "cli/options/table/option_table.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/hash.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/shell_word.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/plan/stage_row.hpp"
#include "pipelines/spec/format.hpp"

namespace leat::cli {

namespace {

std::string explain(const pipelines::StageArgs& args) {
  std::string text(args.row().signature.help);
  if (const auto notes = args.row().notes(args); !notes.empty()) text += ": " + notes;
  return "# " + text;
}

void add_word(std::string& text, const std::string& word) { text += (text.empty() ? "" : " ") + word; }

// As a journal keeps it: a body by its hash, a header that is secret by its name.
std::string kept(const GivenOption& one) {
  using pipelines::Secret;
  if (one.option->is_switch()) return "on";
  if (one.option->secret == Secret::all) return fmt::format("{:016x}", text::hash64(one.text));
  return shown(one.option->secret, one.text);
}

}  // namespace

std::string plan_text_of(const GetSpec& spec, const pipelines::Plan& plan,
                         const std::vector<std::string>& run_level) {
  auto tree = spec.tree;
  for (std::size_t i = 0; i < tree.stages.size(); ++i) {
    tree.stages[i].comments.before.push_back(explain(plan.stages[i].args));
  }
  std::vector<std::string> head{"# leat run -f FILE does the same"};
  for (const auto& word : run_level)
    head.front() += (&word == run_level.data() ? ", with " : " ") + text::shell_word(word);
  for (const auto& value : spec.hidden) {
    head.push_back(fmt::format("# {}: not shown; set this variable to {}", value.variable, value.what));
  }
  auto& first = tree.stages.front().comments.before;
  first.insert(first.begin(), head.begin(), head.end());
  return pipelines::format(tree) + "\n";
}

std::string one_line(const GetSpec& spec) {
  constexpr std::size_t kMostShown = 2000;
  auto tree = spec.tree;
  for (auto& stage : tree.stages) {
    for (auto& arg : stage.args) {
      if (arg.key != "default-header" && arg.key != "default-body") continue;
      arg.value.kind = pipelines::ast::ValueKind::word;
      arg.value.text = pipelines::kHidden;
    }
  }
  auto text = pipelines::format(tree);
  for (auto& c : text) {
    if (c == '\n') c = ' ';
  }
  return text::escaped(text::cut_utf8(text, kMostShown));
}

std::vector<std::string> run_level(const Given& given) {
  std::vector<std::string> words;
  for (const auto& one : given.options) {
    if ((one.option->at & pipelines::kRun) == 0) continue;
    words.push_back("--" + std::string(one.option->name));
    if (!one.option->is_switch()) words.push_back(one.text);
  }
  return words;
}

std::vector<std::pair<std::string, std::string>> journal_config(const Given& given) {
  std::vector<std::pair<std::string, std::string>> config{{"command", "get"}};
  std::string urls;
  for (const auto& url : given.operands) add_word(urls, http::without_userinfo(url));
  if (!urls.empty()) config.emplace_back("URLs", urls);
  for (const auto* row : options_at(pipelines::kGet)) {
    if (!row->same_run) continue;
    std::string values;
    for (const auto& one : given.options) {
      if (one.option != row) continue;
      if (!row->repeatable) values.clear();
      add_word(values, kept(one));
    }
    if (!values.empty()) config.emplace_back("--" + std::string(row->name), values);
  }
  return config;
}

}  // namespace leat::cli
