#include "pipelines/stages/source/lines.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "pipelines/expr/json.hpp"
#include "pipelines/stages/source/line_parser.hpp"
#include "pipelines/stages/source/line_splitter.hpp"
#include "pipelines/stages/source/source_row.hpp"
#include "pipelines/stages/source/text_source.hpp"

namespace leat::pipelines {

namespace {

/// lines: a record for each line of a file or of standard input. A line becomes a record only when the next
/// stage has room; one longer than kMaxLine is not held in memory.
class Lines final : public TextSource {
 public:
  Lines(LinesArgs args, RunContext& context) : TextSource(std::move(args.path), context) {}

 private:
  void feed(std::string_view chunk) override { splitter_.feed(chunk); }
  [[nodiscard]] std::size_t unread() const noexcept override { return splitter_.unread(); }
  Result<RecordPtr> next(bool at_end) override;

  LineSplitter splitter_{kMaxLine};
  JsonDoc doc_;
  std::uint64_t number_ = 0;  // of the last line
};

}  // namespace

// Of the next line that is one: not blank, no comment.
Result<RecordPtr> Lines::next(bool at_end) {
  for (;;) {
    auto line = splitter_.next();
    const bool is_last = !line && at_end;
    if (is_last) line = splitter_.finish();
    if (!line) return RecordPtr();
    ++number_;
    if (is_last && !line->too_long && is_cut_object(line->text)) {
      fail_at_end(cut_error("the object in line " + std::to_string(number_) + " is not whole"));
      return RecordPtr();
    }
    auto record = line->too_long ? too_long_line(line->text, number_) : parse_line(line->text, number_, doc_);
    if (!record) continue;
    if (!line->too_long) keep_source(*record, line->text);
    return record;
  }
}

const StageRow& row_of(const LinesArgs& /*args*/) noexcept {
  static const StageType<LinesArgs> row({
      .signature = {.name = "lines",
                    .kind = StageKind::source,
                    .help =
                        "makes a record of each line of a file or of standard input: a URL or a JSON object",
                    .example = "lines \"urls.txt\" | fetch n=8",
                    .refuses = kRefusedBySources},
      .args = {arg<&LinesArgs::path>(kFileRow)},
      .make = make_stage<Source, Lines, LinesArgs>,
      .facts = facts_of_source<LinesArgs>,
      .notes = no_notes<LinesArgs>,
  });
  return row;
}

}  // namespace leat::pipelines
