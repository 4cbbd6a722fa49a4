#include "pipelines/stages/source/json.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "pipelines/result/item.hpp"
#include "pipelines/stages/source/json_splitter.hpp"
#include "pipelines/stages/source/line_object.hpp"
#include "pipelines/stages/source/source_row.hpp"
#include "pipelines/stages/source/text_source.hpp"

namespace leat::pipelines {

namespace {

RecordPtr read_text(const JsonSplitter::Text& text, bool request) {
  auto record = std::make_unique<Record>();
  record->line = text.line;
  JsonDoc doc;
  Status error;
  if (!text.fault.empty()) {
    error = Error(Errc::bad_input, "line " + std::to_string(text.line) + ": " + std::string(text.fault));
  } else if (text.too_long) {
    error = Error(Errc::bad_input, "the JSON value is longer than 64 MiB");
  } else if (auto fault = doc.parse(text.text)) {
    error = Error(Errc::bad_input, "not JSON at byte " + std::to_string(fault->offset + 1) +
                                       " of the value in line " + std::to_string(text.line) + ": " +
                                       fault->message);
  } else {
    error = request ? take_request(*record, doc.root(), "") : take_item(*record, doc.root(), "");
  }
  if (error) record->fail(std::move(*error), "json");
  return record;
}

/// json: a record for each JSON value of a file or of standard input, see `take_item`. Values stand one
/// after the other, or are the items of one array. One that can't be read is a failed record that names its
/// line.
class JsonSource final : public TextSource {
 public:
  JsonSource(JsonArgs args, RunContext& context)
      : TextSource(std::move(args.path), context), request_(args.request) {}

 private:
  void feed(std::string_view chunk) override { splitter_.feed(chunk); }
  [[nodiscard]] std::size_t unread() const noexcept override { return splitter_.unread(); }
  Result<RecordPtr> next(bool at_end) override;

  JsonSplitter splitter_;
  const bool request_;
};

}  // namespace

Result<RecordPtr> JsonSource::next(bool at_end) {
  auto text = splitter_.next();
  if (!text && at_end) text = splitter_.finish();
  if (!text) {
    if (auto what = at_end ? splitter_.cut() : std::string(); !what.empty()) fail_at_end(cut_error(what));
    return RecordPtr();
  }
  auto record = read_text(*text, request_);
  if (!text->too_long && text->fault.empty()) keep_source(*record, text->text);
  return record;
}

const StageRow& row_of(const JsonArgs& /*args*/) noexcept {
  static const StageType<JsonArgs> row({
      .signature = {.name = "json",
                    .kind = StageKind::source,
                    .help = "makes a record of each JSON value of a file or of standard input: a URL, or an "
                            "object with its url; its other members go into meta",
                    .example = "json \"items.json\" | write json fields=id,meta",
                    .refuses = kRefusedBySources},
      .args = {arg<&JsonArgs::path>(kFileRow), arg<&JsonArgs::request>(kRequestRow)},
      .make = make_stage<Source, JsonSource, JsonArgs>,
      .facts = facts_of_source<JsonArgs>,
      .notes = no_notes<JsonArgs>,
  });
  return row;
}

}  // namespace leat::pipelines
