#include "pipelines/result/job_text.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "engine/http/message/url.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/json_writer.hpp"
#include "engine/text/number.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/result/record_text.hpp"

namespace leat::pipelines {

namespace {

// A text is "ID LINE URL", or of a page "+ID LINE PARENT DEPTH WALK WALK_DEPTH HOME URL", or an object, or an
// array with an error and, behind a line end, the object. Before it stands "@STAGE " where a stage wrote it.

std::string short_text(const Record& record) {
  if (record.walk_depth > 0) {
    return fmt::format("+{} {} {} {} {} {} {} {}", record.id, record.line, record.parent, record.depth,
                       record.walk, record.walk_depth, record.home, record.request.url.text());
  }
  return std::to_string(record.id) + " " + std::to_string(record.line) + " " + record.request.url.text();
}

RecordPtr record_of_page_text(std::string_view text) {
  text.remove_prefix(1);
  auto record = std::make_unique<Record>();
  for (std::uint64_t* const number : {&record->id, &record->line, &record->parent}) {
    const auto read = text::parse_number<std::uint64_t>(text::take_before(text, ' '));
    if (!read) return nullptr;
    *number = *read;
  }
  const auto depth = text::parse_number<std::uint32_t>(text::take_before(text, ' '));
  const auto walk = text::parse_number<std::uint64_t>(text::take_before(text, ' '));
  const auto walk_depth = text::parse_number<std::uint32_t>(text::take_before(text, ' '));
  record->home = text::take_before(text, ' ');
  if (!depth || !walk || !walk_depth || text.empty()) return nullptr;
  record->depth = *depth;
  record->walk = *walk;
  record->walk_depth = *walk_depth;
  record->request.own_origin = http::origin_of(record->home);
  record->request.url = std::string(text);
  return record;
}

RecordPtr record_of_short_text(std::string_view text) {
  if (text.starts_with('+')) return record_of_page_text(text);
  auto record = std::make_unique<Record>();
  const auto id = text::parse_number<std::uint64_t>(text::take_before(text, ' '));
  const auto line = text::parse_number<std::uint64_t>(text::take_before(text, ' '));
  if (!id || !line || text.empty()) return nullptr;
  record->id = *id;
  record->line = *line;
  record->request.url = std::string(text);
  return record;
}

std::string error_text(const Error& error) {
  text::JsonWriter json;
  json.put('[');
  json.string(to_string(error.code));
  json.put(',');
  json.string(error.stage);
  json.put(',');
  json.string(error.message);
  json.put(']');
  return std::string(json.text());
}

std::optional<Error> error_of_text(std::string_view text) {
  JsonDoc doc;
  if (doc.parse(text) || !doc.root().is(JsonKind::array)) return std::nullopt;
  std::vector<std::string> words;
  for (const JsonValue word : doc.root().items()) words.push_back(word.text());
  if (words.size() != 3) return std::nullopt;
  Error error(errc_named(words[0]).value_or(Errc::internal), std::move(words[2]));
  error.stage = std::move(words[1]);
  return error;
}

Error unreadable() {
  return Error(Errc::bad_response,
               "a record that Redis gives is none: something else has written to the job");
}

}  // namespace

std::string to_job_text(const Record& record, int stage) {
  const std::string entry = stage > 0 ? fmt::format("@{} ", stage) : std::string();
  const std::string whole = to_text(record);
  if (record.error) return entry + error_text(*record.error) + "\n" + whole;
  const std::string brief = short_text(record);
  const auto same = record_of_short_text(brief);
  return entry + (same != nullptr && to_text(*same) == whole ? brief : whole);
}

Result<JobItem> item_of_job_text(std::string_view text) {
  int stage = 0;
  if (text.starts_with('@')) {
    text.remove_prefix(1);
    const auto number = text::parse_number<int>(text::take_before(text, ' '));
    if (!number || *number <= 0) return unreadable();
    stage = *number;
  }
  std::optional<Error> error;
  if (text.starts_with('[')) {
    error = error_of_text(text::take_before(text, '\n'));
    if (!error) return unreadable();
  }
  RecordPtr record;
  if (text.starts_with('{')) {
    auto read = record_of_text(text);
    if (!read.ok()) return unreadable();
    record = std::move(*read);
  } else {
    record = record_of_short_text(text);
  }
  if (record == nullptr) return unreadable();
  if (error) {
    const std::string name = error->stage;
    record->fail(std::move(*error), name.c_str());
  }
  return JobItem(std::move(record), stage);
}

}  // namespace leat::pipelines
