#include "pipelines/flow/program.hpp"

#include <algorithm>
#include <utility>

#include "pipelines/expr/check_jq.hpp"
#include "pipelines/expr/jq_wire.hpp"
#include "pipelines/extract/extractor.hpp"
#include "pipelines/result/record_text.hpp"
#include "pipelines/result/record_view.hpp"

namespace leat::pipelines {

Program::Program(std::string text)
    : program_(std::move(text)), native_(NativeProgram::compile(program_.text)) {
  if (!native_) needs_ = JqNeeds::of(program_.text);
}

Program::Program(const Extractor::What& what) : program_(page_program(what)) {}

bool Program::reads_body() const {
  if (program_.kind == WorkerProgram::Kind::page) return true;
  if (!native_) return needs_.whole() || needs_.has("body") || needs_.has("json");
  if (!native_->names()) return true;
  const auto& names = *native_->names();
  return std::any_of(names.begin(), names.end(),
                     [](const std::string& name) { return name == "body" || name == "json"; });
}

std::string Program::question(const Record& record, RecordView& view) const {
  if (program_.kind == WorkerProgram::Kind::page) return page_question(page_of(record));
  if (needs_.whole()) return kJqDifference + record_difference(record);
  std::string json;
  needs_.append_to(json, view);
  return json;
}

Status Program::outputs(const Record& record, RecordView& view, JsonTexts& out) const {
  out.clear();
  if (native_) {
    return native_->run(view, scratch_, [&](JsonValue value) { out.add(value); });
  }
  for (const auto& answer : record.answers) {
    if (answer.program != this) continue;
    if (!answer.outputs) return answer.outputs.error();
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
