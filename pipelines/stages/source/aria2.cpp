#include "pipelines/stages/source/aria2.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/text/utf8.hpp"
#include "pipelines/stages/source/aria2_entry.hpp"
#include "pipelines/stages/source/line_parser.hpp"
#include "pipelines/stages/source/line_splitter.hpp"
#include "pipelines/stages/source/source_row.hpp"
#include "pipelines/stages/source/text_source.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";

/// aria2: a record for each download of an input file of aria2 (its -i): see Aria2Entry. A line that begins
/// with a blank is an option of the download above it, so that one is whole when the next begins, or the
/// input ends. Blank lines and comments mean nothing, and are not kept.
class Aria2Source final : public TextSource {
 public:
  Aria2Source(Aria2Args args, RunContext& context) : TextSource(std::move(args.path), context) {}

 private:
  void feed(std::string_view chunk) override { splitter_.feed(chunk); }
  [[nodiscard]] std::size_t unread() const noexcept override { return splitter_.unread(); }
  Result<RecordPtr> next(bool at_end) override;
  [[nodiscard]] RecordPtr record_of(const Aria2Entry& entry) const;

  LineSplitter splitter_{kMaxLine};
  std::optional<Aria2Entry> entry_;  // that may have more options
  std::uint64_t number_ = 0;         // of the last line
};

}  // namespace

Result<RecordPtr> Aria2Source::next(bool at_end) {
  for (;;) {
    auto line = splitter_.next();
    if (!line && at_end) line = splitter_.finish();
    if (!line) {
      if (!at_end || !entry_) return RecordPtr();
      const auto last = std::exchange(entry_, std::nullopt);
      return record_of(*last);
    }
    auto text = line->text;
    if (++number_ == 1) text = text::without_byte_order_mark(text);
    const auto first = text.find_first_not_of(kBlanks);
    if (first == text.npos || text[first] == '#') continue;
    const bool is_option = first > 0;
    if (is_option && entry_) {
      entry_->add_option(text, number_);
      if (line->too_long) entry_->drop(number_);
      continue;
    }
    const auto done = std::exchange(entry_, Aria2Entry(text, number_));
    if (is_option) entry_->refuse(number_, "an option without a URI above it");
    if (line->too_long) entry_->drop(number_);
    if (done) return record_of(*done);
  }
}

RecordPtr Aria2Source::record_of(const Aria2Entry& entry) const {
  auto record = entry.make_record();
  keep_source(*record, entry.source());
  return record;
}

const StageRow& row_of(const Aria2Args& /*args*/) noexcept {
  static const StageType<Aria2Args> row({
      .signature = {.name = "aria2",
                    .kind = StageKind::source,
                    .help = "makes a record of each download in one of aria2's input files, with its options",
                    .example = "aria2 \"downloads.txt\" | fetch",
                    .refuses = kRefusedBySources},
      .args = {arg<&Aria2Args::path>(kFileRow)},
      .make = make_stage<Source, Aria2Source, Aria2Args>,
      .facts = facts_of_source<Aria2Args>,
      .notes = no_notes<Aria2Args>,
  });
  return row;
}

}  // namespace leat::pipelines
