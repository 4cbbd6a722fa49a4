#include "cli/help/plan_text.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/http/message/hidden_userinfo.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/plan/bind_plan.hpp"
#include "pipelines/plan/stage_row.hpp"
#include "pipelines/plan/text_use.hpp"
#include "pipelines/run/planner.hpp"
#include "pipelines/spec/arg_type.hpp"
#include "pipelines/spec/hidden_secrets.hpp"
#include "pipelines/stages/stage_table.hpp"

namespace leat::cli {

namespace {

using pipelines::ArgType;
using pipelines::BoundArg;
using pipelines::BoundPipeline;
using pipelines::BoundStage;

/// An argument's value as a spec would have it.
struct ValueText {
  const BoundArg& arg;

  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::uint64_t value) const {
    const bool is_time = arg.row != nullptr && arg.row->type == ArgType::duration;
    if (!is_time) return std::to_string(value);
    return text::format_in_largest_unit(std::chrono::nanoseconds(static_cast<std::int64_t>(value)));
  }
  std::string operator()(double value) const {
    return arg.row != nullptr && arg.row->type == ArgType::rate ? fmt::format("{}/s", value)
                                                                : fmt::format("{}", value);
  }
  std::string operator()(const std::string& value) const {
    if (arg.value.choice) return value;
    const bool program = pipelines::is_program(arg);
    return http::with_hidden_userinfo(program ? "(" + value + ")" : pipelines::json_text(value));
  }
  std::string operator()(const std::vector<std::string>& value) const {
    return fmt::format("{}", fmt::join(value, ","));
  }
  std::string operator()(const std::vector<pipelines::StatusRange>& value) const {
    std::vector<std::string> ranges;
    for (const auto& range : value) {
      const bool hundred = range.first % 100 == 0 && range.last == range.first + 99;
      ranges.push_back(hundred                     ? fmt::format("{}xx", range.first / 100)
                       : range.first == range.last ? std::to_string(range.first)
                                                   : fmt::format("{}-{}", range.first, range.last));
    }
    return fmt::format("{}", fmt::join(ranges, ","));
  }
  std::string operator()(const std::shared_ptr<const BoundPipeline>& block) const;
};

bool has_parts(const BoundArg& arg) noexcept { return arg.row != nullptr && arg.row->parts != nullptr; }

// Also a secret that somebody has written into the spec stays there.
auto shown_value(const pipelines::BoundArg& arg) {
  auto value = arg.value.value;
  auto* text = std::get_if<std::string>(&value);
  if (text != nullptr) *text = pipelines::shown_text(arg, *text);
  return value;
}

std::string arguments_text(const BoundStage& stage) {
  std::string text(stage.name);
  for (const auto& arg : stage.args) {
    text += ' ';
    if (!arg.key.empty()) text += arg.key + "=";
    text += arg.value.secret ? "(secret)" : std::visit(ValueText{arg}, shown_value(arg));
  }
  return text;
}

// The stages of a block are listed below their own stage.
std::string ValueText::operator()(const std::shared_ptr<const BoundPipeline>& block) const {
  if (!has_parts(arg)) return "{…}";
  std::string text = "{";
  for (const auto& part : block->stages) text += " " + arguments_text(part);
  return text + " }";
}

// What it takes and what it gives.
std::string_view type_of(const pipelines::Signature& signature) {
  switch (signature.kind) {
    case pipelines::StageKind::source:
      return "source of records";
    case pipelines::StageKind::record:
      return "a record at a time";
    case pipelines::StageKind::sink:
      return "end";
    default:
      return "stream of records";
  }
}

void list_stages(const BoundPipeline& bound, const std::string& indent, std::string& text) {
  const auto plan = pipelines::bind_plan(bound);
  for (std::size_t i = 0; i < bound.stages.size(); ++i) {
    const auto& stage = bound.stages[i];
    std::string notes(type_of(*stage.signature));
    const auto& args = plan.stages[i].args;
    pipelines::add_note(notes, args.row().notes(args));
    const bool fetches = args.row().fetch(args) != nullptr && !args.row().facts(args).gives_no_body;
    if (fetches && pipelines::reads_body(plan.stages, i + 1)) {
      pipelines::add_note(notes, "bodies are held in memory, up to body-limit each");
    }
    text += fmt::format("{}{}{}\n", indent, i == 0 ? "" : "| ", arguments_text(stage));
    if (!notes.empty()) text += fmt::format("{}    # {}\n", indent, notes);
    for (const auto& arg : stage.args) {
      const auto* block = std::get_if<std::shared_ptr<const BoundPipeline>>(&arg.value.value);
      if (block == nullptr || has_parts(arg)) continue;
      text += fmt::format("{}    {}{{\n", indent, arg.key.empty() ? "" : arg.key + "=");
      list_stages(**block, indent + "      ", text);
      text += indent + "    }\n";
    }
  }
}

// What the planner makes of it, so that what is said here is what will run.
std::string tasks_text(const BoundPipeline& bound) {
  async::EventLoop loop;
  pipelines::RunContext context(loop, STDOUT_FILENO);
  auto built = pipelines::build_pipeline(pipelines::bind_plan(bound), context);
  if (!built) return fmt::format("error: {}\n", built.error().message);
  std::string text =
      "\nTasks, the last first, 64 records between two; what + joins is one task, without a queue between:\n";
  for (const auto& launch : built.value().launches) text += fmt::format("  {}\n", launch.name);
  return text;
}

std::string row_text(const pipelines::ArgRow& row) {
  const std::string name = row.key.empty() ? std::string(row.name) : fmt::format("{}={}", row.key, row.name);
  std::string remarks = pipelines::count_limits(row);
  if (!row.standard.empty()) {
    if (!remarks.empty()) remarks += ", ";
    remarks += "default " + std::string(row.standard == "0" ? "none" : row.standard);
  }
  if (!remarks.empty()) remarks = " (" + remarks + ")";
  return fmt::format("  {:<24} {}{}{}{}\n", name, row.help, remarks, row.required ? "; required" : "",
                     row.repeatable ? "; repeatable" : "");
}

}  // namespace

std::string plan_text(const BoundPipeline& pipeline) {
  std::string text;
  list_stages(pipeline, "", text);
  return text + tasks_text(pipeline);
}

std::string stage_help(std::string_view name) {
  std::string text;
  for (const auto* row : pipelines::stage_table()) {
    const auto& signature = row->signature;
    if (signature.name != name) continue;
    if (!text.empty()) text += '\n';  // it is a source, and an end as well
    text += fmt::format("{}: {}.\n\nArguments:\n", signature.name, signature.help);
    for (const auto& arg : signature.args) text += row_text(arg);
    if (signature.any_key != ArgType::flag) {
      text += fmt::format("  {:<24} {}\n", "PLACE=(JQ)|TEMPLATE", "the place's new value");
    }
    for (const auto& arg : pipelines::common_args()) {
      const bool own = std::any_of(signature.args.begin(), signature.args.end(),
                                   [&](const auto& other) { return other.key == arg.key; });
      if (!own && pipelines::refusal(signature, arg).empty()) text += row_text(arg);
    }
    text += fmt::format("\nExample:\n  leat run '{}'\n", signature.example);
  }
  return text;
}

std::string stage_list() {
  constexpr std::size_t kWidest = 85;
  std::string text;
  for (const auto* row : pipelines::stage_table()) {
    std::string_view help = row->signature.help;
    if (help.size() > kWidest) help = help.substr(0, help.find(':'));
    text += fmt::format("  {:<10} {}\n", row->signature.name, help);
  }
  return text;
}

}  // namespace leat::cli
