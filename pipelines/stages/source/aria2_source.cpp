#include "pipelines/stages/source/aria2_source.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";
constexpr std::string_view kBom = "\xEF\xBB\xBF";

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
    if (++number_ == 1 && text.starts_with(kBom)) text.remove_prefix(kBom.size());
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

}  // namespace leat::pipelines
