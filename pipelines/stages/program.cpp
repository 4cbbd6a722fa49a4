#include "pipelines/stages/program.hpp"

#include <algorithm>
#include <utility>

#include "pipelines/expr/check_jq.hpp"

namespace leat::pipelines {

Program::Program(std::string text) : text_(std::move(text)), native_(NativeProgram::compile(text_)) {
  if (!native_) needs_ = JqNeeds::of(text_);
}

bool Program::reads_body() const {
  if (!native_) return needs_.whole() || needs_.has("body") || needs_.has("json");
  if (!native_->names()) return true;
  const auto& names = *native_->names();
  return std::any_of(names.begin(), names.end(),
                     [](const std::string& name) { return name == "body" || name == "json"; });
}

std::string Program::question(RecordView& view) const {
  if (needs_.whole()) return std::string(view.text());
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

std::optional<TextFault> check_program(const std::string& text) {
  if (NativeProgram::compile(text)) return std::nullopt;
  return check_jq(text);
}

}  // namespace leat::pipelines
