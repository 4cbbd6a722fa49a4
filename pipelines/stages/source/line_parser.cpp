#include "pipelines/stages/source/line_parser.hpp"

#include <string>

#include "engine/http/message/shown_url.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/stages/source/json_splitter.hpp"
#include "pipelines/stages/source/line_object.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";

RecordPtr new_record(std::uint64_t number) {
  auto record = std::make_unique<Record>();
  record->line = number;
  return record;
}

// JSON, but no object: a text, or an array, unless it is the address in "[::1]:8080/x".
bool is_other_json(std::string_view text) noexcept {
  if (!text.starts_with('[')) return text.starts_with('"');
  const auto at = text.find_first_of(":],\"{ ", 1);
  return at == std::string_view::npos || text[at] != ':';
}

// JSON may hold secrets anywhere, so nothing of what can't be read is shown.
void fail_text(Record& record, std::string_view line, const std::string& why) {
  record.fail(Error(Errc::bad_input, why), "lines");
  if (line.starts_with('{') || is_other_json(line)) return;
  record.input = http::shown_url(line);
}

void read_url(Record& record, std::string_view text, const char* stage) {
  record.request.url = text;
  if (auto error = http::check_url(record.request.url)) {
    record.fail(std::move(*error), stage);
    record.input = http::shown_url(text);
  }
}

// What aria2 writes below a URI: "  out=name". No host has an equals sign in it.
bool is_aria2_option(std::string_view line, std::string_view text) noexcept {
  constexpr std::string_view kNames = "abcdefghijklmnopqrstuvwxyz0123456789-";
  const auto equals = text.find('=');
  const bool is_indented = !line.empty() && kBlanks.find(line.front()) != kBlanks.npos;
  return is_indented && equals != text.npos && equals > 0 && text.find_first_not_of(kNames) == equals;
}

// "URL<TAB>NAME", or URLs of the same file with tabs between them.
void read_columns(Record& record, std::string_view text) {
  auto tab = text.find('\t');
  read_url(record, text::trimmed(text.substr(0, tab), kBlanks), "lines");
  while (tab != text.npos && !record.failed()) {
    text.remove_prefix(tab + 1);
    tab = text.find('\t');
    const auto column = text::trimmed(text.substr(0, tab), kBlanks);
    if (column.empty()) continue;
    const bool is_url = column.find("://") != column.npos;
    Status error;
    if (is_url) {
      error = http::check_url(column);
      record.mirrors.emplace_back(column);
    } else if (!record.output.empty()) {
      error = Error(Errc::bad_input, "line " + std::to_string(record.line) +
                                         " has more than a URL and a name between its tabs; a table begins "
                                         "with the names of its columns, and is read by --input-format tsv, "
                                         "or in a spec by csv");
    } else {
      record.output = literal_template(column);
      auto name = NameTemplate::compile(record.output);
      if (!name) error = std::move(name.error());
    }
    if (error) record.fail(std::move(*error), "lines");
  }
}

// "url,name": the first row of a table, whose rows would be taken for URLs that no server knows.
bool is_heading(std::string_view text) {
  constexpr std::string_view kName = "url";
  if (text.size() <= kName.size() || !text::equal_ignoring_case(text.substr(0, kName.size()), kName))
    return false;
  return std::string_view(",;\t").find(text[kName.size()]) != std::string_view::npos;
}

// A text in quotes is the URL that it stands for, and so is one in the brackets of RFC 3986, appendix C.
bool read_quoted(Record& record, std::string_view text, JsonDoc& doc) {
  const bool is_bracketed =
      text.front() == '<' && text.back() == '>' && text.find_first_of(" \"", 1) == text.npos;
  if (text.size() > 2 && ((text.front() == '\'' && text.back() == '\'') || is_bracketed)) {
    read_url(record, text.substr(1, text.size() - 2), "lines");
    return true;
  }
  if (text.front() != '"' || doc.parse(text) || !doc.root().is(JsonKind::string)) return false;
  const std::string url = doc.root().text();
  read_url(record, text::trimmed(url, kBlanks), "lines");
  return true;
}

void read_object(Record& record, std::string_view text, JsonDoc& doc) {
  auto error = parse_line_object(text, doc, record);
  if (!error) error = check_request(record);
  if (!error) return;
  record.input = http::shown_url(record.request.url.text());
  record.fail(std::move(*error), "lines");
}

}  // namespace

RecordPtr parse_line(std::string_view line, std::uint64_t number, JsonDoc& doc) {
  if (number == 1) line = text::without_byte_order_mark(line);
  const auto text = text::trimmed(line, kBlanks);
  if (text.empty() || text.front() == '#') return nullptr;
  auto record = new_record(number);
  const auto at_line = [number] { return "line " + std::to_string(number); };
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    fail_text(*record, text, at_line() + " holds a NUL byte; is it UTF-16 without a byte order mark?");
  } else if (const auto good = text::valid_utf8_prefix(text); good != text.size()) {
    fail_text(*record, text, at_line() + " is not UTF-8 after its first " + std::to_string(good) + " bytes");
  } else if (text.front() == '{') {
    read_object(*record, text, doc);
  } else if (read_quoted(*record, text, doc)) {
    return record;
  } else if (text.front() == '[' && text.find("](") != text.npos) {
    fail_text(*record, text, at_line() + " is a link of Markdown; the URL has to stand alone");
  } else if (is_other_json(text)) {
    fail_text(
        *record, text,
        at_line() +
            " is neither a URL nor a JSON object; an array is read by --input-format json, or in a spec "
            "by json");
  } else if (is_aria2_option(line, text)) {
    fail_text(
        *record, text,
        at_line() +
            " is an option of aria2's; its lists are read by --input-format aria2, or in a spec by aria2");
  } else if (number == 1 && is_heading(text)) {
    fail_text(
        *record, text,
        "line 1 names the columns of a table; tables are read by --input-format csv, or in a spec by csv");
  } else if (text.find('\t') != text.npos) {
    read_columns(*record, text);
  } else {
    read_url(*record, text, "lines");
  }
  return record;
}

bool is_cut_object(std::string_view line) {
  const auto text = text::trimmed(line, kBlanks);
  if (!text.starts_with('{')) return false;
  JsonSplitter splitter;
  splitter.feed(text);
  while (splitter.next()) {
  }
  return !splitter.finish() && !splitter.cut().empty();
}

RecordPtr too_long_line(std::string_view start, std::uint64_t number) {
  auto record = new_record(number);
  fail_text(*record, text::trimmed(start, kBlanks),
            "line " + std::to_string(number) + " is longer than " + std::to_string(kMaxLine) + " bytes");
  return record;
}

RecordPtr parse_url_argument(std::string_view url) {
  auto record = new_record(0);
  const auto text = text::trimmed(url, kBlanks);
  if (!text::is_utf8(text)) {
    fail_text(*record, text, "the URL is not UTF-8");
    record->error->stage = "urls";
  } else {
    read_url(*record, text, "urls");
  }
  return record;
}

}  // namespace leat::pipelines
