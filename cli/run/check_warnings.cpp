#include "cli/run/check_warnings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/text/nearest.hpp"
#include "pipelines/expr/jq_tokens.hpp"
#include "pipelines/result/result_fields.hpp"
#include "pipelines/spec/diagnostics.hpp"

namespace leat::cli {

namespace {

using pipelines::BoundArg;
using pipelines::BoundPipeline;
using pipelines::BoundStage;
using pipelines::JqToken;
using pipelines::JqTokenKind;

struct Warning {
  std::size_t offset;  // in the program
  std::string message;
};

std::string no_such_field(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& field : pipelines::result_fields()) names.push_back(field.name);
  std::string message = "no record has a field " + pipelines::in_quotes("." + std::string(name));
  if (const auto near = text::nearest(name, names); !near.empty()) {
    return message + "; did you mean " + pipelines::in_quotes("." + std::string(near)) + "?";
  }
  return message + "; what comes from an item or from \"set\" is below .meta, the body's JSON below .json";
}

/// Looks through a program's tokens for paths that begin at the record itself. Where the input may be
/// something else (behind a "|", in a function's arguments) nothing is said.
class RecordPaths {
 public:
  explicit RecordPaths(std::string_view program) : program_(program) {}

  std::vector<Warning> look() {
    std::vector<Warning> found;
    const auto tokens = pipelines::jq_tokens(program_);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const auto text = text_of(tokens[i]);
      if (text == "def" || text == "reduce" || text == "foreach" || text == "label") return {};
      if (tokens[i].kind == JqTokenKind::symbol) {
        see_symbol(text, i > 0 && tokens[i - 1].kind == JqTokenKind::name ? text_of(tokens[i - 1]) : "");
      } else if (tokens[i].kind == JqTokenKind::field && at_record_.back() && !goes_on(tokens, i)) {
        const auto name = text.substr(1);
        if (pipelines::find_result_field(name) == nullptr)
          found.push_back({tokens[i].begin, no_such_field(name)});
      }
    }
    return found;
  }

 private:
  [[nodiscard]] std::string_view text_of(const JqToken& token) const noexcept {
    return program_.substr(token.begin, token.end - token.begin);
  }
  void see_symbol(std::string_view text, std::string_view name_before) {
    if (text == "(" || text == "[" || text == "{") {
      const bool is_call = text == "(" && !name_before.empty();
      at_record_.push_back(at_record_.back() && (!is_call || takes_record(name_before)));
    } else if (text == ")" || text == "]" || text == "}") {
      if (at_record_.size() > 1) at_record_.pop_back();
    } else if (text.starts_with('|')) {
      at_record_.back() = false;
    }
  }
  static bool takes_record(std::string_view name) noexcept {
    constexpr std::string_view kNames[] = {"select", "and", "or", "not", "if", "then", "elif", "else", "try"};
    return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
  }
  // The token goes on with the path that ends right before it.
  [[nodiscard]] bool goes_on(const std::vector<JqToken>& tokens, std::size_t at) const noexcept {
    if (at == 0 || tokens[at - 1].end != tokens[at].begin) return false;
    const JqToken& before = tokens[at - 1];
    if (before.kind == JqTokenKind::field || before.kind == JqTokenKind::text) return true;
    if (before.kind == JqTokenKind::name) return true;  // $variable.field
    const auto text = text_of(before);
    return text == "]" || text == ")" || text == "}" || text == "?" || text == ".";
  }

  std::string_view program_;
  std::vector<bool> at_record_{true};  // for each open bracket
};

std::optional<Warning> assignment_in(std::string_view program) {
  for (const auto& token : pipelines::jq_tokens(program)) {
    const auto text = program.substr(token.begin, token.end - token.begin);
    if (token.kind != JqTokenKind::symbol || text != "=") continue;
    return Warning{token.begin,
                   "\"=\" sets a field, and what comes of that is always true here; \"==\" compares"};
  }
  return std::nullopt;
}

/// Writes the warnings of a pipeline, in the order of its text.
class Writer {
 public:
  explicit Writer(const pipelines::SourceTexts& sources) : sources_(sources) {}

  void look_at(const BoundPipeline& pipeline) {
    for (const auto& stage : pipeline.stages) look_at(stage);
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void look_at(const BoundStage& stage) {
    const auto name = stage.signature->name;
    const bool has_name = std::any_of(stage.args.begin(), stage.args.end(),
                                      [](const BoundArg& arg) { return arg.key.empty(); });
    if (name == "save" && !has_name) {
      add(stage.span,
          "\"save\" without a name keeps only the bodies of records that bring one, as \"output\"; "
          "as in: save \"out/{host}/{name}\"");
    }
    for (const auto& arg : stage.args) {
      if (const auto* block = std::get_if<std::shared_ptr<const BoundPipeline>>(&arg.value.value)) {
        if (*block != nullptr) look_at(**block);
        continue;
      }
      const bool is_program =
          arg.value.program || (arg.row != nullptr && arg.row->type == pipelines::ArgType::jq);
      const auto* program = std::get_if<std::string>(&arg.value.value);
      if (!is_program || arg.value.choice || program == nullptr) continue;
      for (const auto& warning : RecordPaths(*program).look()) add(arg, *program, warning);
      const auto assigned = name == "where" ? assignment_in(*program) : std::nullopt;
      if (assigned) add(arg, *program, *assigned);
    }
  }

  // A program that is not written here as it is (it is a variable's, or has some before it) is shown whole.
  void add(const BoundArg& arg, std::string_view program, const Warning& warning) {
    pipelines::Span at = arg.span;
    const auto written = sources_.text(at.source).substr(at.begin, at.end - at.begin);
    if (written.size() == program.size() + 2 && written.substr(1, program.size()) == program) {
      at.begin += static_cast<std::uint32_t>(1 + warning.offset);
    }
    add(at, warning.message);
  }
  void add(pipelines::Span at, std::string message) {
    const auto said = pipelines::diagnose(sources_, at, std::move(message));
    text_ += fmt::format("{}:{}:{}: warning: {}\n{}\n{}\n", said.file, said.line, said.column, said.message,
                         said.excerpt, said.caret);
  }

  const pipelines::SourceTexts& sources_;
  std::string text_;
};

}  // namespace

std::string check_warnings(const pipelines::BoundPipeline& pipeline, const pipelines::SourceTexts& sources) {
  Writer writer(sources);
  writer.look_at(pipeline);
  return writer.take();
}

}  // namespace leat::cli
