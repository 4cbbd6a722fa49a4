#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "pipelines/expr/json.hpp"
#include "pipelines/extract/charset.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/stages/source/event_splitter.hpp"
#include "pipelines/stages/source/json_splitter.hpp"
#include "pipelines/stages/source/line_splitter.hpp"

namespace leat::pipelines {

/// Makes records of the lines, the events or the JSON values of a body that comes in chunks.
///
/// A line that is not blank is text, in `.meta.line`; if it is an http or https URL, it is the record's URL
/// as well. An event is `.meta.event .meta.data .meta.id`, all of them text. A JSON value is an item, see
/// take_item. A line, an event or a value that is longer than the limit, or is not JSON, is a failed record
/// (bad_input) that says which it is.
class BodyItems {
 public:
  /// `stage` is the stage that makes the records. `how` is not `none`.
  BodyItems(Streamed how, std::size_t limit, const char* stage);

  /// An answer begins, whose bytes are of that type. Relative URLs are resolved against `base`.
  void start(std::string_view content_type, std::string base);
  /// The next chunk of the answer, or all that is left of it at its end. Lines and JSON values are read by
  /// the answer's charset, events always as UTF-8.
  void feed(std::string chunk, bool at_end);
  /// The record of the next item of the chunk, or, at the end, of what is left; null if there is none. It
  /// comes of `parent` as its `index`-th (from 0).
  [[nodiscard]] RecordPtr next(const Record& parent, std::uint32_t index, bool at_end);
  /// After `next` has given nothing at the end: what the end has cut short; empty if nothing.
  [[nodiscard]] std::string cut() const;

  /// Where the items are events; otherwise null.
  [[nodiscard]] const EventSplitter* events() const noexcept {
    return std::get_if<EventSplitter>(&splitter_);
  }

 private:
  using Splitter = std::variant<LineSplitter, EventSplitter, JsonSplitter>;
  static Splitter splitter_for(Streamed how, std::size_t limit);
  RecordPtr next_line(LineSplitter& lines, const Record& parent, std::uint32_t index, bool at_end);
  RecordPtr next_event(EventSplitter& events, const Record& parent, std::uint32_t index);
  RecordPtr next_value(JsonSplitter& values, const Record& parent, std::uint32_t index, bool at_end);
  [[nodiscard]] Error too_long(const char* what, std::uint64_t number) const;

  const Streamed how_;
  const std::size_t limit_;
  const char* stage_;
  Splitter splitter_;
  Utf8Stream text_;
  std::string chunk_;  // what the splitter looks at
  std::string base_;
  std::uint64_t number_ = 0;  // of the last line or event of the answer
  JsonDoc doc_;
};

}  // namespace leat::pipelines
