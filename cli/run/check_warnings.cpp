#include "cli/run/check_warnings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "cli/run/absent_fields.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/nearest.hpp"
#include "pipelines/expr/jq_tokens.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/plan/bind_plan.hpp"
#include "pipelines/result/result_fields.hpp"
#include "pipelines/spec/diagnostics.hpp"
#include "pipelines/stages/stage_table.hpp"

namespace leat::cli {

namespace {

using pipelines::ArgType;
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
  RecordPaths(std::string_view program, const AbsentFields& absent) : program_(program), absent_(absent) {}

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
        auto why =
            pipelines::find_result_field(name) == nullptr ? no_such_field(name) : absent_.why_absent(name);
        if (!why.empty()) found.push_back({tokens[i].begin, std::move(why)});
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
  const AbsentFields& absent_;
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

// "status" and "meta.a.b" are paths; so is what stands before a "|", a "?" or a ":" of a template's field.
std::string why_absent(std::string_view path, const AbsentFields& absent) {
  const auto root = path.substr(0, path.find_first_of(".["));
  return root == "meta" ? absent.why_no_meta(path) : absent.why_absent(root);
}

// Of the fields that a record must have: `{x?}` and `{x:default}` name others.
std::vector<Warning> absent_in_template(const std::string& text, const AbsentFields& absent) {
  std::vector<Warning> found;
  const auto parsed = pipelines::parse_template(text);
  const auto* pieces = std::get_if<std::vector<pipelines::TemplatePiece>>(&parsed);
  if (pieces == nullptr) return found;
  for (const auto& piece : *pieces) {
    if (!piece.is_field || piece.text.find_first_of(":?") != std::string::npos) continue;
    auto why = why_absent(std::string_view(piece.text).substr(0, piece.text.find('|')), absent);
    if (!why.empty()) found.push_back({piece.offset, std::move(why)});
  }
  return found;
}

bool is_template(const BoundArg& arg) {
  const auto type = arg.row == nullptr ? ArgType::expr : arg.row->type;
  return (type == ArgType::temp || type == ArgType::expr) && !arg.value.program && !arg.value.choice;
}

// What a shell would have put in the place of "$NAME" or "${NAME}"; empty if there is nothing like it.
std::string_view shell_variable(std::string_view text) {
  for (auto at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    if (at > 0 && (text[at - 1] == '{' || text[at - 1] == '$')) continue;
    const bool braced = text.substr(at + 1).starts_with('{');
    const auto name = text.substr(at + (braced ? 2 : 1));
    const auto is_other = [](char c) { return !text::is_upper(c) && !text::is_digit(c) && c != '_'; };
    const auto size =
        static_cast<std::size_t>(std::find_if(name.begin(), name.end(), is_other) - name.begin());
    const bool ends = size == name.size() || !text::is_letter(name[size]);
    if (size > 1 && ends && !text::is_digit(name.front())) return name.substr(0, size);
  }
  return {};
}

/// Writes the warnings of a pipeline, in the order of its text.
class Writer {
 public:
  explicit Writer(const pipelines::SourceTexts& sources) : sources_(sources) {}

  /// `absent` is what holds of the records that go into it.
  void look_at(const BoundPipeline& pipeline, AbsentFields absent) {
    for (const auto& stage : pipeline.stages) {
      look_at(stage, absent);
      absent.pass(stage);
    }
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void look_at(const BoundStage& stage, const AbsentFields& absent) {
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
        if (*block != nullptr) look_at(**block, absent.within(stage, arg.key));
        continue;
      }
      look_at(arg, name, absent.within(stage, arg.key));
    }
  }
  void look_at(const BoundArg& arg, std::string_view stage, const AbsentFields& absent) {
    if (const auto* list = std::get_if<std::vector<std::string>>(&arg.value.value); list != nullptr) {
      if (arg.key == "fields") look_at_fields(arg, *list, absent);
      return;
    }
    const auto* text = std::get_if<std::string>(&arg.value.value);
    if (text == nullptr || arg.value.choice || arg.value.secret) return;
    const auto type = arg.row == nullptr ? ArgType::expr : arg.row->type;
    if (pipelines::is_program(arg)) {
      for (const auto& warning : RecordPaths(*text, absent).look()) add(arg, *text, warning);
      const auto assigned = stage == "where" ? assignment_in(*text) : std::nullopt;
      if (assigned) add(arg, *text, *assigned);
    } else if (type != ArgType::regex && type != ArgType::xpath && type != ArgType::css) {
      if (is_template(arg)) {
        for (const auto& warning : absent_in_template(*text, absent)) add(arg, *text, warning);
      }
      if (stage != "exec") look_for_shell(arg);  // which may well run one
    }
  }
  void look_at_fields(const BoundArg& arg, const std::vector<std::string>& fields,
                      const AbsentFields& absent) {
    for (const auto& field : fields) {
      const auto path = std::string_view(field).substr(field.find('=') + 1);
      const bool is_spread = path.find('*') != std::string_view::npos;
      if (auto why = is_spread ? std::string() : why_absent(path, absent); !why.empty()) add(arg.span, why);
    }
  }
  void look_for_shell(const BoundArg& arg) {
    pipelines::Span at = arg.span;
    const auto written = sources_.text(at.source).substr(at.begin, at.end - at.begin);
    const auto name = shell_variable(written);
    if (name.empty() || written.starts_with('$')) return;
    at.begin += static_cast<std::uint32_t>(name.data() - written.data() - 1);
    const std::string variable(name);
    add(at, "a text is no shell's, and " + pipelines::in_quotes("$" + variable) +
                " stays as it is; the environment's is " +
                (is_template(arg) ? "{env:" + variable + "}, or {secret:" + variable + "} out of sight"
                                  : "env:" + variable + ", as a whole argument"));
  }

  // A text that is not written here as it is (it is a variable's, or has some in it) is shown whole.
  void add(const BoundArg& arg, std::string_view text, const Warning& warning) {
    pipelines::Span at = arg.span;
    const auto written = sources_.text(at.source).substr(at.begin, at.end - at.begin);
    if (written.size() == text.size() + 2 && written.substr(1, text.size()) == text) {
      at.begin += static_cast<std::uint32_t>(1 + warning.offset);
    }
    add(at, warning.message);
  }
  void add(pipelines::Span at, std::string message) {
    const auto said = pipelines::diagnose(sources_, at, std::move(message), pipelines::stage_signatures());
    text_ += fmt::format("{}:{}:{}: warning: {}\n{}\n{}\n", said.file, said.line, said.column, said.message,
                         said.excerpt, said.caret);
  }

  const pipelines::SourceTexts& sources_;
  std::string text_;
};

}  // namespace

std::string check_warnings(const pipelines::BoundPipeline& pipeline, const pipelines::SourceTexts& sources) {
  Writer writer(sources);
  writer.look_at(pipeline, AbsentFields());
  return writer.take();
}

}  // namespace leat::cli
