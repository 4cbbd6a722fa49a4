#include "pipelines/options/csv_columns.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/text/ascii.hpp"
#include "engine/text/csv_reader.hpp"
#include "engine/text/nearest.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/result/assign.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kShown = 60;        // bytes of a column's name
constexpr std::size_t kMostNamed = 20;    // columns in a message
constexpr std::size_t kMostText = 65536;  // bytes of a list of columns
constexpr std::string_view kLineEnds = "\r\n";

std::string in_quotes(std::string_view name) { return "\"" + text::printable(name, kShown) + "\""; }

// How people call the column that holds the URLs; empty if none of the columns is called so.
std::string_view url_column(const std::vector<std::string>& header) {
  constexpr std::array<std::string_view, 12> kNames{"url", "link",    "href",    "uri",  "urls", "links",
                                                    "loc", "address", "website", "page", "src",  "location"};
  for (const auto wanted : kNames) {
    const auto found = std::find_if(header.begin(), header.end(), [wanted](const std::string& name) {
      return text::equal_ignoring_case(text::trimmed(name), wanted);
    });
    if (found != header.end()) return *found;
  }
  // "download_url", "Image URL", "page link"
  const auto found = std::find_if(header.begin(), header.end(), [](const std::string& name) {
    const std::string lower = text::to_lower(text::trimmed(name));
    return lower.ends_with("url") || lower.ends_with("link") || lower.ends_with("href") ||
           lower.starts_with("url");
  });
  return found == header.end() ? std::string_view() : *found;
}

// A list of columns is a row of CSV, in which a name with a comma or a quote would have to be quoted.
std::string how_to_say(std::string_view column) {
  std::string why = "; are the URLs in " + in_quotes(column) + "?";
  if (column.find_first_of(",\"") != column.npos || text::has_control(column)) return why;
  const bool is_word = column.find_first_of(" ;'$&|()<>*?") == column.npos;
  const std::string list = "url=" + std::string(column);
  return why + " Say " + (is_word ? "--columns " + list : "--columns '" + list + "'") +
         ", or in a spec columns=" + (is_word ? list : "\"" + list + "\"");
}

Error no_column(const ColumnOf& asked, const std::vector<std::string>& header) {
  std::string why =
      "no column " + in_quotes(asked.column) + ", which " + in_quotes(asked.place) + " is taken from";
  const auto urls = asked.place == "url" && asked.column == "url" ? url_column(header) : std::string_view();
  if (!urls.empty()) {
    why += how_to_say(urls);
  } else if (const auto near =
                 text::nearest(asked.column, std::vector<std::string_view>(header.begin(), header.end()));
             !near.empty()) {
    why += "; did you mean " + in_quotes(near) + "?";
  }
  why += "; the columns are";
  for (std::size_t i = 0; i < header.size() && i < kMostNamed; ++i)
    why += (i > 0 ? ", " : " ") + in_quotes(header[i]);
  if (header.size() > kMostNamed) why += " and " + std::to_string(header.size() - kMostNamed) + " more";
  const auto is_url = [](const std::string& name) { return name.find("://") != name.npos; };
  if (std::any_of(header.begin(), header.end(), is_url))
    why +=
        "; the first row of a table names its columns, but this one has a URL (--input-format lines, or "
        "lines in a spec, reads URL<TAB>NAME)";
  return Error(Errc::bad_input, std::move(why));
}

// What stands between blanks, or between line ends, as an array of texts.
std::string array_of(std::string_view field, std::string_view between) {
  std::string made = "[";
  for (std::size_t at = 0; (at = field.find_first_not_of(between, at)) != field.npos;) {
    const std::size_t end = std::min(field.find_first_of(between, at), field.size());
    if (made.size() > 1) made += ',';
    append_json_text(made, field.substr(at, end - at));
    at = end;
  }
  return made + "]";
}

bool is_json(std::string_view field) {
  const auto first = field.find_first_not_of(text::kBlanksAndLineEnds);
  return first != field.npos && (field[first] == '{' || field[first] == '[');
}

}  // namespace

Result<std::vector<ColumnOf>> parse_columns(const std::string& text) {
  text::CsvReader reader(kMostText);
  reader.feed(text);
  auto row = reader.next();
  if (!row) row = reader.finish();
  if (!row || !row->fault.empty() || reader.unread() > 0) {
    return Error(Errc::bad_input, "takes PLACE=COLUMN with commas between, such as url=link,output=name" +
                                      (row && !row->fault.empty() ? ": " + row->fault : std::string()));
  }
  std::vector<ColumnOf> columns;
  for (const auto field : row->fields) {
    const auto equals = field.find('=');
    if (equals == field.npos || equals + 1 == field.size()) {
      return Error(Errc::bad_input, in_quotes(field) + ": takes PLACE=COLUMN, such as url=link");
    }
    ColumnOf made{std::string(field.substr(0, equals)), std::string(field.substr(equals + 1))};
    if (auto why = check_place(made.place)) return Error(Errc::bad_input, std::move(*why));
    if (names_place(columns, made.place))
      return Error(Errc::bad_input, in_quotes(made.place) + " is given twice");
    columns.push_back(std::move(made));
  }
  return columns;
}

std::optional<TextFault> check_columns(const std::string& text) {
  auto parsed = parse_columns(text);
  if (parsed) return std::nullopt;
  return TextFault{0, std::move(parsed.error().message)};
}

bool names_place(const std::vector<ColumnOf>& columns, std::string_view place) noexcept {
  return std::any_of(columns.begin(), columns.end(),
                     [place](const ColumnOf& column) { return column.place == place; });
}

Result<CsvColumns> CsvColumns::make(const std::vector<std::string>& header,
                                    const std::vector<ColumnOf>& asked) {
  CsvColumns made;
  std::vector<bool> taken(header.size());
  for (const auto& one : asked) {
    const auto at = std::find(header.begin(), header.end(), one.column);
    if (at == header.end()) return no_column(one, header);
    const auto column = static_cast<std::size_t>(at - header.begin());
    made.targets_.push_back({column, one.place});
    taken[column] = true;
  }
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (taken[i]) continue;
    if (!check_place(header[i]) && !names_place(asked, header[i]) && header[i].find('.') == header[i].npos) {
      made.targets_.push_back({i, header[i]});
    } else {
      made.rest_.push_back({i, json_text(header[i])});
    }
  }
  // A record that fails is shown by its URL. What goes deep into meta comes last.
  const auto rank = [](const Target& target) {
    return target.place == "url" ? 0 : target.place.starts_with("meta.") ? 2 : 1;
  };
  std::stable_sort(made.targets_.begin(), made.targets_.end(),
                   [&](const Target& a, const Target& b) { return rank(a) < rank(b); });
  return made;
}

Status CsvColumns::fill(Record& record, std::span<const std::string_view> fields) {
  put_rest(record, fields);
  for (const auto& target : targets_) {
    if (auto error = put(record, target.place, fields[target.column])) return error;
  }
  return std::nullopt;
}

void CsvColumns::put_rest(Record& record, std::span<const std::string_view> fields) const {
  if (rest_.empty()) return;
  std::string& meta = record.meta;
  meta = "{";
  for (const auto& member : rest_) {
    if (meta.size() > 1) meta += ',';
    meta += member.key;
    meta += ':';
    append_json_text(meta, fields[member.column]);
  }
  meta += '}';
}

// An object's members stand beside those of the other columns; anything else is a member of that name.
Status CsvColumns::merge_meta(Record& record, const std::string& json) {
  const bool is_object = text::trimmed(json, text::kBlanksAndLineEnds).starts_with('{');
  const std::string object = "{\"meta\":" + (is_object ? json : "{\"meta\":" + json + "}") + "}";
  doc_.parse(object);
  return pipelines::fill(record, doc_.root(), "");
}

Status CsvColumns::put(Record& record, const std::string& place, std::string_view field) {
  const bool into_meta = place.starts_with("meta.");
  if (field.empty() && !into_meta && place != "url") return std::nullopt;
  std::string json;
  if (place == "url") {
    if (text::trimmed(field, text::kBlanksAndLineEnds).empty())
      return Error(Errc::bad_input, "the URL is missing");
    json = json_text(text::trimmed(field, text::kBlanksAndLineEnds));
  } else if (place == "headers" || place == "mirrors" || place == "meta") {
    if (!is_json(field)) {
      json = place == "meta" ? json_text(field)
                             : array_of(field, place == "headers" ? kLineEnds : text::kBlanksAndLineEnds);
    } else if (const auto fault = doc_.parse(field)) {
      return Error(Errc::bad_input, in_quotes(place) + ": not JSON at byte " +
                                        std::to_string(fault->offset + 1) + ": " + fault->message);
    } else {
      json = field;
    }
    if (place == "meta") return merge_meta(record, json);
  } else {
    json = json_text(field);
  }
  doc_.parse(json);
  return assign(record, place, doc_.root());
}

}  // namespace leat::pipelines
