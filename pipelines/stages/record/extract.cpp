#include "pipelines/stages/record/extract.hpp"

#include <utility>

#include "engine/async/to_thread.hpp"
#include "pipelines/extract/page.hpp"
#include "pipelines/result/assign.hpp"

namespace leat::pipelines {

namespace {

// A page this long takes gumbo about a millisecond, a hundred times what it costs to have a thread do it and
// to wake up again (engine_bench: to_thread_one); below, the loop is held up less than by a slow write.
constexpr std::size_t kLong = 32 * 1024;

Extractor::What what_of(const ExtractArgs& args) {
  Extractor::What what;
  what.language = args.kind == ExtractArgs::Kind::css     ? Extractor::Language::css
                  : args.kind == ExtractArgs::Kind::xpath ? Extractor::Language::xpath
                                                          : Extractor::Language::regex;
  what.text = args.text;
  what.attr = args.attribute;
  what.markup = args.html;
  return what;
}

}  // namespace

Extract::Extract(const ExtractArgs& args) : args_(args) {
  if (args.kind == ExtractArgs::Kind::jq) {
    program_.emplace(args.text);
  } else if (args.kind == ExtractArgs::Kind::xpath) {
    run_elsewhere();
  } else {
    extractor_ = std::make_shared<const Extractor>(std::get<Extractor>(Extractor::compile(what_of(args))));
  }
}

void Extract::run_elsewhere() {
  extractor_.reset();
  program_.emplace(what_of(args_));
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

bool Extract::is_long(const Record& record) const noexcept {
  return extractor_ != nullptr && record.body && record.body->size() >= kLong;
}

async::Task<void> Extract::prepare(Record& record, RecordView& view) {
  // The thread owns all that it uses, should the wait be cancelled. A string this long doesn't move its bytes
  // when it is moved, and the page refers to them.
  auto body = std::make_shared<std::string>();
  const auto work = [page = view.page(), body, extractor = extractor_] { return extractor->extract(*page); };
  body->swap(*record.body);
  auto working = async::to_thread(work);
  auto found = co_await std::move(working);
  record.body->swap(*body);
  prepared_.emplace(std::move(found));
}

Result<std::string> Extract::find(const Record& record, RecordView& view) {
  if (prepared_) {
    auto found = std::move(*prepared_);
    prepared_.reset();
    return found;
  }
  if (!program_) return extractor_->extract(*view.page());
  if (auto error = program_->outputs(record, view, outputs_)) return std::move(*error);
  if (args_.kind != ExtractArgs::Kind::jq) return std::string(outputs_[0]);
  std::string array = "[";
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (i > 0) array += ',';
    array += outputs_[i];
  }
  return array + "]";
}

bool is_beside_xpath(const std::vector<PlannedStage>& stages, std::size_t at) {
  const auto extract = [&](std::size_t i) {
    return i < stages.size() ? std::get_if<ExtractArgs>(&stages[i].args) : nullptr;
  };
  if (extract(at) == nullptr || extract(at)->kind != ExtractArgs::Kind::css) return false;
  std::size_t first = at;
  while (first > 0 && extract(first - 1) != nullptr) --first;
  for (; extract(first) != nullptr; ++first) {
    if (extract(first)->kind == ExtractArgs::Kind::xpath) return true;
  }
  return false;
}

}  // namespace leat::pipelines
