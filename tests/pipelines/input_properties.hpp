#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/text/csv_reader.hpp"
#include "engine/text/plain_text.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/expr/csv_header.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/extract/charset.hpp"
#include "pipelines/options/checksum_file.hpp"
#include "pipelines/options/csv_columns.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/result/item.hpp"
#include "pipelines/result/record_view.hpp"
#include "pipelines/spec/text_variables.hpp"
#include "pipelines/stages/source/aria2_entry.hpp"
#include "pipelines/stages/source/event_splitter.hpp"
#include "pipelines/stages/source/json_splitter.hpp"
#include "pipelines/stages/source/line_parser.hpp"
#include "pipelines/stages/source/line_splitter.hpp"
#include "pipelines/state/exchange.hpp"
#include "tests/pipelines/extract/html_properties.hpp"

/// What holds of whatever stands in the files and answers that leat reads: lists, sums, templates,
/// recordings, pages. tests/fuzz/input_fuzz.cpp looks for bytes of which it doesn't.
namespace leat::pipelines::input_test {

inline constexpr std::size_t kLimit = 1100;  // of a line, a row, a value or an event
static_assert(kLimit > LineSplitter::kShownStart);

using Said = std::vector<std::string>;
/// Reads a text that comes in chunks of that size.
using Reads = std::function<Said(std::string_view text, std::size_t chunk)>;

inline std::string said_of(const Record& record) {
  std::string said = std::to_string(record.line) + "|" + record.request.url.text() + "|" + record.input +
                     "|" + record.request.method + "|" + record.output + "|" + record.meta;
  for (const auto& field : record.request.headers) said += "|" + field;
  for (const auto& mirror : record.mirrors) said += "|" + mirror;
  return said + "|" + (record.error ? record.error->message : "");
}

template <class Splitter, class Take>
void split(Splitter& splitter, std::string_view text, std::size_t chunk, Take take) {
  for (std::size_t at = 0; at < text.size(); at += chunk) {
    splitter.feed(text.substr(at, chunk));
    while (auto next = splitter.next()) take(*next);
  }
  if constexpr (requires { splitter.finish(); }) {
    while (auto last = splitter.finish()) take(*last);
  }
}

inline std::string in_utf8(std::string_view text, std::size_t chunk) {
  leat::text::PlainText plain;
  std::string all;
  for (std::size_t at = 0; at < text.size(); at += chunk) {
    std::string piece(text.substr(at, chunk));
    plain.convert(piece);
    all += piece;
  }
  return all + plain.finish();
}

inline Said read_lines(std::string_view text, std::size_t chunk) {
  Said said;
  JsonDoc doc;
  std::uint64_t number = 0;
  LineSplitter splitter(kLimit);
  const std::string plain = in_utf8(text, chunk);
  split(splitter, plain, chunk, [&](const LineSplitter::Line& line) {
    ++number;
    const auto record = line.too_long ? too_long_line(line.text, number) : parse_line(line.text, number, doc);
    said.push_back(record == nullptr ? "nothing" : said_of(*record));
  });
  return said;
}

inline Said read_aria2(std::string_view text, std::size_t chunk) {
  Said said;
  std::optional<Aria2Entry> entry;
  std::uint64_t number = 0;
  LineSplitter splitter(kLimit);
  const std::string plain = in_utf8(text, chunk);
  split(splitter, plain, chunk, [&](const LineSplitter::Line& line) {
    ++number;
    if (line.text.starts_with(' ') && entry) {
      entry->add_option(line.text, number);
    } else {
      if (entry) said.push_back(said_of(*entry->make_record()) + "|" + entry->source());
      entry.emplace(line.text, number);
    }
    if (line.too_long) entry->drop(number);
  });
  if (entry) said.push_back(said_of(*entry->make_record()));
  return said;
}

inline Said read_values(std::string_view text, std::size_t chunk) {
  Said said;
  JsonSplitter splitter(kLimit);
  split(splitter, text, chunk, [&](const JsonSplitter::Text& value) {
    Record record;
    JsonDoc doc;
    const auto error = value.fault.empty() && !value.too_long
                           ? take_json_item(record, value.text, doc, "http://h/")
                           : Status(Error(Errc::bad_input, std::string(value.fault)));
    JsonDoc meta;
    const bool is_json = record.meta.empty() || !meta.parse(record.meta);
    said.push_back(std::to_string(value.line) + said_of(record) + (error ? error->message : "") +
                   (is_json ? "" : " BROKEN: meta is no JSON"));
  });
  said.push_back(splitter.cut());
  return said;
}

inline Said read_events(std::string_view text, std::size_t chunk) {
  Said said;
  EventSplitter splitter(kLimit);
  split(splitter, text, chunk, [&](const EventSplitter::Event& event) {
    std::string one = event.too_long ? "too long" : std::string(event.data);
    if (one.size() > kLimit) one += " BROKEN: it is longer than the limit";
    said.push_back(one.append("|").append(event.type).append("|").append(event.id));
  });
  said.emplace_back(splitter.resume_id());
  return said;
}

/// What a row's text gives, read once more alone.
inline Said fields_of(std::string_view source, char comma) {
  leat::text::CsvReader rows(kLimit, comma);
  rows.feed(source);
  auto row = rows.next();
  if (!row) row = rows.finish();
  return row ? Said(row->fields.begin(), row->fields.end()) : Said();
}

inline Said read_rows(std::string_view text, std::size_t chunk) {
  Said said;
  leat::text::CsvReader rows(kLimit, leat::text::CsvReader::kFromFirstRow);
  std::optional<CsvHeader> head;
  std::optional<CsvColumns> columns;
  bool has_table = true;  // the first row is a heading; without one, nothing else is looked at
  split(rows, text, chunk, [&](const leat::text::CsvReader::Row& row) {
    if (!has_table) return;
    std::string one = std::to_string(row.line) + row.fault;
    for (const auto field : row.fields) one.append("|").append(field);
    if (!head) {
      auto made = CsvHeader::make(row);
      if (made) head = std::move(*made);
      has_table = head.has_value();
      auto targets = head ? CsvColumns::make(head->names(), {}) : Result<CsvColumns>(Error());
      if (targets) columns = std::move(*targets);
    } else if (!head->check(row) && columns) {
      Record record;
      const auto error = columns->fill(record, row.fields);
      one += said_of(record) + (error ? error->message : "");
    }
    said.push_back(std::move(one));
  });
  return said;
}

// The first line of a list may say what stands between its fields.
inline std::string broken_rows(std::string_view text) {
  std::string broken;
  leat::text::CsvReader rows(kLimit, ',');
  rows.keep_source();
  split(rows, text, std::max<std::size_t>(text.size(), 1), [&](const leat::text::CsvReader::Row& row) {
    if (!row.fault.empty() || row.source.empty() || row.source.starts_with("sep=")) return;
    if (row.source.starts_with("\xEF\xBB\xBF")) return;  // a field's own, behind the text's
    const Said fields(row.fields.begin(), row.fields.end());
    if (fields_of(row.source, ',') != fields)
      broken = "a row's text gives another row: " + std::string(row.source);
  });
  return broken;
}

inline std::string broken_sums(std::string_view text) {
  auto sums = ChecksumFile::parse(text);
  if (!sums.ok()) return sums.error().message.empty() ? "an error without a message" : "";
  if (sums->size() == 0) return "a list of no sums";
  static_cast<void>(sums->find("/pub/a%20b/x.iso", "x.iso"));
  return {};
}

inline std::string broken_template(const std::string& text) {
  const auto lookup = [](Template::Outside, const std::string& name) { return Result<std::string>(name); };
  for (const auto& fault : {fault_of(Template::compile(text, lookup)), fault_of(NameTemplate::parse(text)),
                            fault_of(parse_template(text))}) {
    if (fault && fault->offset > text.size()) return "a fault beyond the text";
  }
  for (const bool is_template : {true, false}) {
    for (const auto& variable : text_variables(text, is_template)) {
      if (text.substr(variable.offset, variable.size) != "{$" + std::string(variable.name) + "}")
        return "a variable that isn't there";
    }
  }
  if (!leat::text::is_utf8(text) || text.find('\0') != std::string::npos) return {};
  auto literal = Template::compile(literal_template(text), lookup);
  if (const auto fault = fault_of(literal)) return "a literal has a fault: " + fault->message;
  Record record;
  RecordView view;
  view.look_at(record);
  std::string out;
  if (std::get<Template>(literal).expand(view, out)) return "a literal can't be expanded";
  return out == text ? "" : "a literal gives another text: " + out;
}

inline std::string broken_recording(const std::string& text) {
  auto exchange = exchange_from_json(text);
  if (!exchange.ok()) return exchange.error().message.empty() ? "an error without a message" : "";
  const std::string written = to_json(*exchange);
  auto again = exchange_from_json(written);
  if (!again.ok()) return "what was written can't be read: " + again.error().message;
  return to_json(*again) == written ? "" : "what was read again is another exchange";
}

// What comes out does not depend on how the text is cut.
inline std::string broken_reading(std::string_view text, const Reads& read) {
  const Said whole = read(text, std::max<std::size_t>(text.size(), 1));
  for (const auto& one : whole) {
    if (one.find("BROKEN") != std::string::npos && text.find("BROKEN") == text.npos) return one;
  }
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
    if (read(text, chunk) != whole)
      return "in chunks of " + std::to_string(chunk) + " it says something else";
  }
  return {};
}

/// The promise that this text of that kind breaks; empty if none.
inline std::string broken_promise(std::string_view kind, const std::string& text) {
  if (kind == "lines") return broken_reading(text, read_lines);
  if (kind == "json") return broken_reading(text, read_values);
  if (kind == "aria2") return broken_reading(text, read_aria2);
  if (kind == "events") return broken_reading(text, read_events);
  if (kind == "sums") return broken_sums(text);
  if (kind == "templates") return broken_template(text);
  if (kind == "recordings") return broken_recording(text);
  if (kind == "html")
    return html_test::hold(Utf8Body(text, "text/html;charset=utf-8", Markup::html).text()).broken;
  if (kind != "tables") return "nobody knows such texts";
  auto broken = broken_reading(text, read_rows);
  return broken.empty() ? broken_rows(text) : broken;
}

inline constexpr const char* kKinds[]{"lines", "json",      "tables",     "aria2", "events",
                                      "sums",  "templates", "recordings", "html"};

}  // namespace leat::pipelines::input_test
