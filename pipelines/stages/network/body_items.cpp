#include "pipelines/stages/network/body_items.hpp"

#include <algorithm>
#include <utility>

#include "engine/http/message/url.hpp"
#include "engine/text/ascii.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/result/assign.hpp"
#include "pipelines/result/item.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kUtf8Text = "text/plain; charset=utf-8";

// No scheme but these two makes a line of text a URL.
bool is_url(std::string_view line) {
  const bool has_scheme =
      text::starts_with_ignoring_case(line, "http://") || text::starts_with_ignoring_case(line, "https://");
  return has_scheme && !http::check_url(line);
}

void add_text(std::string& object, std::string_view name, std::string_view value) {
  object.append(object.empty() ? "{\"" : ",\"").append(name).append("\":");
  append_json_text(object, value);
}

}  // namespace

BodyItems::Splitter BodyItems::splitter_for(Streamed how, std::size_t limit) {
  if (how == Streamed::sse) return EventSplitter(limit);
  if (how == Streamed::json) return JsonSplitter(limit);
  return LineSplitter(limit);
}

BodyItems::BodyItems(Streamed how, std::size_t limit, const char* stage)
    : how_(how), limit_(limit), stage_(stage), splitter_(splitter_for(how, limit)), text_({}) {}

// Of an event stream the last id stays.
void BodyItems::start(std::string_view content_type, std::string base) {
  text_ = Utf8Stream(content_type);
  base_ = std::move(base);
  number_ = 0;
  if (auto* events = std::get_if<EventSplitter>(&splitter_)) return events->restart();
  splitter_ = splitter_for(how_, limit_);
}

void BodyItems::feed(std::string chunk, bool at_end) {
  chunk_ = std::move(chunk);
  if (how_ != Streamed::sse) text_.convert(chunk_, at_end);
  std::visit([this](auto& splitter) { splitter.feed(chunk_); }, splitter_);
}

RecordPtr BodyItems::next(const Record& parent, std::uint32_t index, bool at_end) {
  if (auto* lines = std::get_if<LineSplitter>(&splitter_)) return next_line(*lines, parent, index, at_end);
  if (auto* events = std::get_if<EventSplitter>(&splitter_)) return next_event(*events, parent, index);
  return next_value(std::get<JsonSplitter>(splitter_), parent, index, at_end);
}

std::string BodyItems::cut() const {
  const auto* values = std::get_if<JsonSplitter>(&splitter_);
  return values == nullptr ? std::string() : values->cut();
}

Error BodyItems::too_long(const char* what, std::uint64_t number) const {
  return Error(Errc::bad_input, std::string(what) + " " + std::to_string(number) +
                                    " of the answer is longer than body-limit, " + std::to_string(limit_) +
                                    " bytes");
}

RecordPtr BodyItems::next_line(LineSplitter& lines, const Record& parent, std::uint32_t index, bool at_end) {
  for (;;) {
    auto line = lines.next();
    if (!line && at_end) line = lines.finish();
    if (!line) return nullptr;
    ++number_;
    const Utf8Body text(line->text, text_.is_known() ? kUtf8Text : std::string_view(), Markup::xml);
    if (text::trimmed(text.text()).empty()) continue;
    auto record = descend(parent, index);
    if (line->too_long) {
      record->fail(too_long("line", number_), stage_);
      return record;
    }
    auto error = assign_meta(*record, "line", json_text(text.text()));
    if (!error && is_url(text.text())) record->request.url = text.text();
    if (error) record->fail(std::move(*error), stage_);
    return record;
  }
}

RecordPtr BodyItems::next_event(EventSplitter& events, const Record& parent, std::uint32_t index) {
  const auto event = events.next();
  if (!event) return nullptr;
  ++number_;
  auto record = descend(parent, index);
  if (event->too_long) {
    record->fail(too_long("event", number_), stage_);
    return record;
  }
  std::string fields;
  add_text(fields, "event", event->type);
  add_text(fields, "data", event->data);
  add_text(fields, "id", event->id);
  if (auto error = take_json_item(*record, fields + "}", doc_, base_))
    record->fail(std::move(*error), stage_);
  return record;
}

RecordPtr BodyItems::next_value(JsonSplitter& values, const Record& parent, std::uint32_t index,
                                bool at_end) {
  auto value = values.next();
  if (!value && at_end) value = values.finish();
  if (!value) return nullptr;
  const auto in_line = [line = value->line] { return "line " + std::to_string(line) + " of the answer: "; };
  auto record = descend(parent, index);
  Status error;
  if (!value->fault.empty()) {
    error = Error(Errc::bad_input, in_line() + std::string(value->fault));
  } else if (value->too_long) {
    error = too_long("the value that begins in line", value->line);
  } else {
    error = take_json_item(*record, value->text, doc_, base_);
    if (error && error->code == Errc::bad_input) error->message = in_line() + error->message;
  }
  if (error) record->fail(std::move(*error), stage_);
  return record;
}

}  // namespace leat::pipelines
