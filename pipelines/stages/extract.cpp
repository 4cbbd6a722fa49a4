#include "pipelines/stages/extract.hpp"

#include <utility>

#include "pipelines/stages/assign.hpp"
#include "pipelines/stages/each.hpp"

namespace leat::pipelines {

Extract::Extract(const ExtractArgs& args) : args_(args) {
  if (args.kind == ExtractArgs::Kind::jq) {
    program_.emplace(args.text);
    return;
  }
  Extractor::What what;
  what.language = args.kind == ExtractArgs::Kind::css     ? Extractor::Language::css
                  : args.kind == ExtractArgs::Kind::xpath ? Extractor::Language::xpath
                                                          : Extractor::Language::regex;
  what.text = args.text;
  what.attr = args.attribute;
  what.markup = args.html;
  extractor_ = std::get<Extractor>(Extractor::compile(what));
}

std::vector<const Program*> Extract::programs() const {
  if (!program_) return {};
  return {&*program_};
}

RecordOp::Verdict Extract::apply(Record& record, RecordView& view) {
  auto found = find(record, view);
  Status error;
  if (!found) {
    error = std::move(found.error());
  } else {
    JsonDoc doc;
    doc.parse(*found);
    error = assign(record, args_.as, doc.root());
    view.forget();
  }
  if (error) record.fail(std::move(*error), "extract");
  return Verdict::pass;
}

Result<std::string> Extract::find(const Record& record, RecordView& view) {
  if (!program_) {
    const auto type = record.response ? record.response->head.headers.find("content-type") : std::nullopt;
    return extractor_->extract(record.body ? *record.body : "", type.value_or(""), base_url(record));
  }
  if (auto error = program_->outputs(record, view, outputs_)) return std::move(*error);
  std::string array = "[";
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (i > 0) array += ',';
    array += outputs_[i];
  }
  return array + "]";
}

}  // namespace leat::pipelines
