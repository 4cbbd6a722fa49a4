#include "pipelines/stages/record/set.hpp"

#include <utility>

#include "pipelines/expr/json_text.hpp"
#include "pipelines/result/assign.hpp"
#include "pipelines/result/outside.hpp"

namespace leat::pipelines {

Set::Set(const SetArgs& args) {
  for (const auto& [place, value] : args.changes) {
    Change change;
    change.place = place;
    if (const auto* program = std::get_if<ProgramText>(&value)) {
      change.program = std::make_unique<Program>(program->text);
    } else {
      change.text = compile_template(std::get<TemplateText>(value).text);
    }
    changes_.push_back(std::move(change));
  }
  values_.resize(changes_.size());
}

RecordOp::Verdict Set::apply(Record& record, RecordView& view) {
  Status error;
  for (std::size_t i = 0; i < changes_.size() && !error; ++i) {
    error = value(changes_[i], record, view, values_[i]);
  }
  for (std::size_t i = 0; i < changes_.size() && !error; ++i) {
    if (values_[i].empty()) continue;
    JsonDoc doc;
    doc.parse(values_[i]);
    error = assign(record, changes_[i].place, doc.root());
  }
  view.forget();
  if (error) record.fail(std::move(*error), "set");
  return Verdict::pass;
}

Status Set::value(const Change& change, const Record& record, RecordView& view, std::string& out) {
  out.clear();
  if (change.program) {
    auto error = change.program->outputs(record, view, outputs_);
    if (!error && !outputs_.empty()) out = outputs_[0];
    return error;
  }
  std::string text;
  auto error = change.text->expand(view, text);
  if (!error) append_json_text(out, text);
  return error;
}

std::vector<const Program*> Set::programs() const {
  std::vector<const Program*> programs;
  for (const auto& change : changes_) {
    if (change.program) programs.push_back(change.program.get());
  }
  return programs;
}

}  // namespace leat::pipelines
