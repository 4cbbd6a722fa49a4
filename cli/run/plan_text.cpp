#include "cli/run/plan_text.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/expr/native_program.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/result/outside.hpp"
#include "pipelines/run/body_use.hpp"
#include "pipelines/run/planner.hpp"
#include "pipelines/stages/bind_plan.hpp"
#include "pipelines/stages/record/run_command.hpp"
#include "pipelines/stages/stage_table.hpp"

namespace leat::cli {

namespace {

using pipelines::ArgType;
using pipelines::BoundArg;
using pipelines::BoundPipeline;
using pipelines::BoundStage;

std::string time_text(std::uint64_t nanoseconds) {
  constexpr std::array<std::pair<std::uint64_t, const char*>, 6> kUnits{{{3'600'000'000'000, "h"},
                                                                         {60'000'000'000, "min"},
                                                                         {1'000'000'000, "s"},
                                                                         {1'000'000, "ms"},
                                                                         {1'000, "us"},
                                                                         {1, "ns"}}};
  for (const auto& [unit, name] : kUnits) {
    if (nanoseconds >= unit && nanoseconds % unit == 0) return fmt::format("{}{}", nanoseconds / unit, name);
  }
  return "0";
}

/// An argument's value as a spec would have it.
struct ValueText {
  const BoundArg& arg;

  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::uint64_t value) const {
    const bool is_time = arg.row != nullptr && arg.row->type == ArgType::duration;
    return is_time ? time_text(value) : std::to_string(value);
  }
  std::string operator()(double value) const {
    return arg.row != nullptr && arg.row->type == ArgType::rate ? fmt::format("{}/s", value)
                                                                : fmt::format("{}", value);
  }
  std::string operator()(const std::string& value) const {
    const bool program = arg.value.program || (arg.row != nullptr && arg.row->type == ArgType::jq);
    if (arg.value.choice) return value;
    return program ? "(" + value + ")" : pipelines::json_text(value);
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
  std::string operator()(const std::shared_ptr<const BoundPipeline>&) const { return "{…}"; }
};

std::string arguments_text(const BoundStage& stage) {
  std::string text(stage.signature->name);
  for (const auto& arg : stage.args) {
    text += ' ';
    if (!arg.key.empty()) text += arg.key + "=";
    text += arg.value.secret ? "(secret)" : std::visit(ValueText{arg}, arg.value.value);
  }
  return text;
}

void add(std::string& notes, const std::string& note) {
  if (note.empty()) return;
  if (!notes.empty()) notes += "; ";
  notes += note;
}

// What the stage looks at of a record.
std::string needs(const std::vector<std::string>& fields) {
  if (fields.empty()) return "";
  return fmt::format("needs {}", fmt::join(fields, " "));
}

std::string program_note(const std::string& text) {
  if (text.empty()) return "";
  const auto native = pipelines::NativeProgram::compile(text);
  if (!native) return "needs all of the record: its program runs in libjq, in a process of its own";
  return native->names() ? needs({native->names()->begin(), native->names()->end()})
                         : "needs all of the record";
}

std::string template_note(const std::string& text) {
  return text.empty() ? "" : needs(pipelines::compile_template(text).fields());
}

/// What one stage does with memory and time, and what it looks at.
struct Notes {
  std::string operator()(const pipelines::FetchArgs& args) const {
    std::string notes = fmt::format("{} at once", args.n);
    if (args.per_host > 0) add(notes, fmt::format("{} to one host", args.per_host));
    if (args.rate > 0) add(notes, fmt::format("{} starts/s", args.rate));
    if (args.per_host_rate > 0) add(notes, fmt::format("{} starts/s to one host", args.per_host_rate));
    add(notes, fmt::format("up to {} records wait for their host", args.window));
    if (args.race > 1) add(notes, fmt::format("{} of a record's mirrors at once", args.race));
    if (args.segments > 1) {
      add(notes,
          fmt::format("one body over {} connections, from {} bytes on", args.segments, 2 * args.min_segment));
    }
    add(notes, (*this)(args.shape));
    return notes;
  }
  std::string operator()(const pipelines::PaginateArgs& args) const {
    std::string notes = (*this)(args.fetch);
    add(notes, fmt::format("up to {} pages each", args.max));
    add(notes, program_note(args.next));
    return notes;
  }
  std::string operator()(const pipelines::CrawlArgs& args) const {
    std::string notes = (*this)(args.fetch);
    add(notes, fmt::format("the frontier is unbounded, {} of it in memory; each URL is fetched once",
                           args.frontier));
    return notes;
  }
  std::string operator()(const pipelines::SaveArgs& args) const {
    if (args.file_template.empty()) return "needs output";
    const auto compiled = pipelines::NameTemplate::compile(args.file_template);
    return compiled ? needs(compiled.value().fields()) : "";
  }
  std::string operator()(const pipelines::OrderedArgs& args) const {
    return fmt::format("holds up to {} records", args.window);
  }
  std::string operator()(const pipelines::BatchArgs& args) const {
    return args.n > 0 ? fmt::format("holds up to {} records", args.n) : "holds what comes within its time";
  }
  std::string operator()(const pipelines::DelayArgs&) const { return "holds up to 10000 records"; }
  std::string operator()(const pipelines::RateArgs& args) const {
    std::string notes = args.key.empty() ? "holds 1 record" : "holds up to 10000 records";
    add(notes, program_note(args.key));
    return notes;
  }
  std::string operator()(const pipelines::DedupeArgs& args) const {
    std::string notes =
        fmt::format("keeps 8 to 16 bytes for each key, up to {} keys; the rest is on disk", args.memory);
    add(notes, program_note(args.by));
    return notes;
  }
  std::string operator()(const pipelines::WhereArgs& args) const { return program_note(args.program); }
  std::string operator()(const pipelines::EachArgs& args) const { return program_note(args.program); }
  std::string operator()(const pipelines::CountArgs& args) const { return program_note(args.by); }
  std::string operator()(const pipelines::ExtractArgs& args) const {
    using Kind = pipelines::ExtractArgs::Kind;
    if (args.kind == Kind::jq) return program_note(args.text);
    return args.kind == Kind::xpath ? "needs body; XPath runs in a process of its own"
                                    : "needs body; large ones are worked on by the threads of the pool";
  }
  std::string operator()(const pipelines::HashArgs&) const {
    return "needs body; large ones are worked on by the threads of the pool";
  }
  std::string operator()(const pipelines::SetArgs& args) const {
    std::string notes;
    for (const auto& [place, value] : args.changes) {
      const auto* program = std::get_if<pipelines::ProgramText>(&value);
      const auto note = program != nullptr ? program_note(program->text)
                                           : template_note(std::get<pipelines::TemplateText>(value).text);
      if (!note.empty()) add(notes, place + " " + note);
    }
    return notes;
  }
  std::string operator()(const pipelines::ExecArgs& args) const {
    const auto n = args.n > 0 ? args.n : pipelines::default_commands_at_once();
    std::string notes = fmt::format("{} at once", n);
    for (const auto& word : args.argv) add(notes, template_note(word));
    if (args.input) add(notes, program_note(args.input->text));
    return notes;
  }
  std::string operator()(const pipelines::WriteArgs& args) const {
    if (!args.text.empty()) return template_note(args.text);
    return args.fields.empty() ? "" : needs(args.fields);
  }
  template <class Args>
  std::string operator()(const Args&) const {
    return "";
  }
};

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

bool is_fetch(const pipelines::StageArgs& args) {
  return std::holds_alternative<pipelines::FetchArgs>(args) ||
         std::holds_alternative<pipelines::PaginateArgs>(args) ||
         std::holds_alternative<pipelines::CrawlArgs>(args);
}

void list_stages(const BoundPipeline& bound, const std::string& indent, std::string& text) {
  const auto plan = pipelines::bind_plan(bound);
  for (std::size_t i = 0; i < bound.stages.size(); ++i) {
    const auto& stage = bound.stages[i];
    std::string notes(type_of(*stage.signature));
    add(notes, std::visit(Notes(), plan.stages[i].args));
    if (is_fetch(plan.stages[i].args) && pipelines::reads_body(plan.stages, i + 1)) {
      add(notes, "bodies are held in memory, up to body-limit each");
    }
    text += fmt::format("{}{}{}\n", indent, i == 0 ? "" : "| ", arguments_text(stage));
    if (!notes.empty()) text += fmt::format("{}    # {}\n", indent, notes);
    for (const auto& arg : stage.args) {
      const auto* block = std::get_if<std::shared_ptr<const BoundPipeline>>(&arg.value.value);
      if (block == nullptr) continue;
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
  const std::string standard = row.standard.empty()  ? ""
                               : row.standard == "0" ? " (default none)"
                                                     : fmt::format(" (default {})", row.standard);
  return fmt::format("  {:<24} {}{}{}{}\n", name, row.help, standard, row.required ? "; required" : "",
                     row.repeatable ? "; repeatable" : "");
}

}  // namespace

std::string stage_notes(const pipelines::StageArgs& args) { return std::visit(Notes(), args); }

std::string plan_text(const BoundPipeline& pipeline) {
  std::string text;
  list_stages(pipeline, "", text);
  return text + tasks_text(pipeline);
}

std::string stage_help(std::string_view name) {
  std::string text;
  for (const auto& row : pipelines::stage_table()) {
    const auto& signature = row.signature;
    if (signature.name != name) continue;
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
  for (const auto& row : pipelines::stage_table()) {
    std::string_view help = row.signature.help;
    if (help.size() > kWidest) help = help.substr(0, help.find(':'));
    text += fmt::format("  {:<10} {}\n", row.signature.name, help);
  }
  return text;
}

}  // namespace leat::cli
