#include "pipelines/flow/program.hpp"

#include <algorithm>
#include <utility>

#include "pipelines/expr/check_jq.hpp"
#include "pipelines/expr/jq_tokens.hpp"
#include "pipelines/expr/jq_wire.hpp"
#include "pipelines/extract/extractor.hpp"
#include "pipelines/result/body_json.hpp"
#include "pipelines/result/record_text.hpp"
#include "pipelines/result/record_view.hpp"

namespace leat::pipelines {

namespace {

// Says whether a program has the name anywhere: as a field, a key, or a text.
bool names(std::string_view program, std::string_view name) {
  const auto tokens = jq_tokens(program);
  return std::any_of(tokens.begin(), tokens.end(), [&](const JqToken& token) {
    auto text = program.substr(token.begin, token.end - token.begin);
    if (token.kind == JqTokenKind::symbol) return false;
    if (token.kind == JqTokenKind::field) text.remove_prefix(1);
    if (token.kind == JqTokenKind::text && text.size() >= 2) text = text.substr(1, text.size() - 2);
    return text == name;
  });
}

}  // namespace

Program::Program(std::string text)
    : program_(std::move(text)), native_(NativeProgram::compile(program_.text)) {
  if (!native_) needs_ = JqNeeds::of(program_.text);
  whole_ = native_ ? !native_->names() : needs_.whole();
  for (auto& value : body_values_) {
    value.named = whole_ ? names(program_.text, value.name) : looks_at(value.name);
  }
}

Program::Program(const Extractor::What& what) : program_(page_program(what)) {}

bool Program::reads_body() const {
  return program_.kind == WorkerProgram::Kind::page || whole_ || looks_at("body") || looks_at("json") ||
         looks_at("lines");
}

bool Program::reads_answer() const {
  const auto fields = result_fields();
  return whole_ || std::any_of(fields.begin(), fields.end(), [this](const ResultField& field) {
           return is_of_answer(field.name) && looks_at(field.name);
         });
}

// For one that doesn't take the whole record.
bool Program::looks_at(std::string_view name) const {
  if (!native_) return needs_.has(name);
  return std::find(native_->names()->begin(), native_->names()->end(), name) != native_->names()->end();
}

// A program that takes the whole record can't be stopped where it looks at the body's JSON. So if it names
// `.json` or `.lines` at all, that is read before.
Status Program::read_whole(RecordView& view) const {
  for (const auto& value : body_values_) {
    if (!value.named) continue;
    view.field(value.name);
    if (const auto* fault = view.fault(value.name)) return *fault;
  }
  view.show_lines(body_values_[1].named);
  return std::nullopt;
}

Result<std::string> Program::question(const Record& record, RecordView& view) const {
  if (program_.kind == WorkerProgram::Kind::page) return page_question(page_of(record));
  if (auto error = read_whole(view)) return std::move(*error);
  if (whole_) return kJqDifference + record_difference(view, body_values_[1].named);
  std::string json;
  needs_.append_to(json, view);
  return json;
}

// An error about null is easier to understand with the reason why `.json` is null.
void Program::explain(Error& error, const Record& record) const {
  if (!body_values_[0].named || error.message.find("null") == std::string::npos) return;
  if (!record.body) {
    error.message += "; .json is null, since there is no body";
  } else if (is_blank_body(*record.body)) {
    error.message += "; .json is null, since the body is empty";
  }
}

Status Program::outputs(const Record& record, RecordView& view, JsonTexts& out) const {
  out.clear();
  if (native_) {
    auto error = whole_ ? read_whole(view) : std::nullopt;
    if (!error) error = native_->run(view, scratch_, [&](JsonValue value) { out.add(value); });
    if (error) explain(*error, record);
    return error;
  }
  for (const auto& answer : record.answers) {
    if (answer.program != this) continue;
    if (!answer.outputs) {
      Error error = answer.outputs.error();
      explain(error, record);
      return error;
    }
    for (const auto& text : answer.outputs.value()) out.add(text);
    return std::nullopt;
  }
  return Error(Errc::internal, "a program was not asked");
}

std::vector<const Program*> foreign_programs(const AnyStage& stage) {
  auto programs = std::visit(
      [](const auto& one) -> std::vector<const Program*> {
        if constexpr (std::is_base_of_v<UsesPrograms, std::remove_cvref_t<decltype(*one)>>) {
          return one->programs();
        } else {
          return {};
        }
      },
      stage);
  std::erase_if(programs, [](const Program* program) { return program->is_native(); });
  return programs;
}

std::optional<TextFault> check_program(const std::string& text) {
  if (NativeProgram::compile(text)) return std::nullopt;
  return check_jq(text);
}

}  // namespace leat::pipelines
