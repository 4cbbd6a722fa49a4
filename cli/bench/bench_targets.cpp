#include "cli/bench/bench_targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "cli/options/hints/nearest.hpp"
#include "engine/http/message/url_parts.hpp"
#include "engine/text/csv_reader.hpp"
#include "engine/text/number.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/expr/json.hpp"

namespace leat::cli {

namespace {

using load::Target;
using load::TextPiece;
using load::TextPieces;

constexpr std::size_t kMostRow = 1024 * 1024;  // bytes of a row of data

constexpr std::array<std::string_view, 5> kFields{"url", "method", "headers", "body", "weight"};

Error bad(std::string message) { return Error(Errc::bad_input, std::move(message)); }

void add_text(TextPieces& pieces, std::string_view text) {
  if (text.empty()) return;
  if (pieces.empty() || pieces.back().kind != TextPiece::Kind::text) pieces.emplace_back();
  pieces.back().text += text;
}

using Kind = TextPiece::Kind;
constexpr std::pair<std::string_view, Kind> kNames[] = {
    {"seq", Kind::seq}, {"random", Kind::random}, {"uuid", Kind::uuid}, {"now", Kind::now}};

constexpr std::string_view kRandomStart = "random:";

// `random:1..100`
std::optional<TextPiece> random_number(std::string_view name) {
  if (!name.starts_with(kRandomStart)) return std::nullopt;
  name.remove_prefix(kRandomStart.size());
  const auto dots = name.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const auto lowest = text::parse_number<std::uint64_t>(name.substr(0, dots));
  const auto highest = text::parse_number<std::uint64_t>(name.substr(dots + 2));
  if (!lowest || !highest || *lowest > *highest) return std::nullopt;
  TextPiece piece;
  piece.kind = Kind::number;
  piece.lowest = *lowest;
  piece.highest = *highest;
  return piece;
}

// The field that a name between braces stands for, if it is one.
std::optional<TextPiece> field_named(std::string_view name, const std::vector<std::string>& columns) {
  TextPiece piece;
  const auto column = std::find(columns.begin(), columns.end(), name);
  if (column != columns.end()) {
    piece.kind = TextPiece::Kind::column;
    piece.column = static_cast<std::size_t>(column - columns.begin());
    return piece;
  }
  for (const auto& [known, kind] : kNames) {
    if (known != name) continue;
    piece.kind = kind;
    return piece;
  }
  return random_number(name);
}

bool is_fixed(const TextPieces& pieces) {
  return std::all_of(pieces.begin(), pieces.end(),
                     [](const TextPiece& piece) { return piece.kind == TextPiece::Kind::text; });
}

// Braces are not part of a URL, so a name between them is meant as a field.
Status unknown_field(const TextPieces& pieces, const std::vector<std::string>& columns) {
  for (const TextPiece& piece : pieces) {
    if (piece.kind != TextPiece::Kind::text) continue;
    const auto open = piece.text.find('{');
    if (open == std::string::npos) continue;
    const auto close = piece.text.find('}', open);
    if (close == std::string::npos) {
      return bad(
          "a { without its }: between them stands the name of a field, and in a URL a { itself is %7B");
    }
    const std::string name = piece.text.substr(open + 1, close - open - 1);
    if (name.starts_with(kRandomStart)) {
      return bad(
          fmt::format("{{{}}}: takes two whole numbers, the smaller one first, as in {{random:1..100}}",
                      text::escaped(name)));
    }
    std::vector<std::string_view> names(columns.begin(), columns.end());
    for (const auto& known : kNames) names.push_back(known.first);
    return bad(
        fmt::format("there is no field {{{}}}; there are {{seq}}, {{random}}, {{random:1..100}}, {{uuid}}, "
                    "{{now}} and the columns of --data-csv{}",
                    text::escaped(name), did_you_mean(name, names)));
  }
  return std::nullopt;
}

// A value with a line end would make a header field of its own.
Status check_columns(const TextPieces& field, const TargetDefaults& defaults) {
  for (const TextPiece& piece : field) {
    if (piece.kind != TextPiece::Kind::column || defaults.rows == nullptr) continue;
    for (const auto& row : *defaults.rows) {
      if (piece.column >= row.size() ||
          row[piece.column].find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos) {
        continue;
      }
      return bad(fmt::format("a header takes {{{}}}, which has a line end in a row of --data-csv",
                             defaults.columns[piece.column]));
    }
  }
  return std::nullopt;
}

Status add_header(const std::string& text, const TargetDefaults& defaults, Target& target) {
  if (auto error = http::check_header(text)) return error;
  TextPieces field = to_pieces(text, defaults.columns);
  if (auto error = check_columns(field, defaults)) return error;
  target.headers.push_back(std::move(field));
  return std::nullopt;
}

Status set_url(std::string_view text, const TargetDefaults& defaults, Target& target) {
  std::string url(text.substr(0, text.find('#')));
  if (url.find("://") == std::string::npos) url.insert(0, "http://");
  if (auto error = http::check_url(url)) return error;
  const std::size_t path_at = http::Url::split(url).path;
  TextPieces path = to_pieces(std::string_view(url).substr(path_at), defaults.columns);
  if (auto error = unknown_field(path, defaults.columns)) return error;
  if (url.find('{') < path_at)
    return bad("a field may stand in the path and the query only, not in the host");
  target.url = url;
  if (is_fixed(path)) {
    const auto parsed = http::parse_url(url);
    return parsed ? std::nullopt : Status(parsed.error());
  }
  if (url[path_at] != '/') {
    path.insert(path.begin(), TextPiece());
    path.front().text = "/";
  }
  for (TextPiece& piece : path) piece.in_url = true;
  target.path = std::move(path);
  return std::nullopt;
}

// The parts that the line itself does not give.
Status set_defaults(const TargetDefaults& defaults, Target& target) {
  if (!target.has_body && defaults.body) {
    target.body = to_pieces(*defaults.body, defaults.columns);
    target.has_body = true;
  }
  if (target.method.empty()) target.method = defaults.method;
  if (target.method.empty()) target.method = target.has_body ? "POST" : "GET";
  std::vector<TextPieces> own = std::move(target.headers);
  target.headers.clear();
  for (const auto& header : defaults.headers) {
    if (auto error = add_header(header, defaults, target)) return error;
  }
  for (auto& header : own) target.headers.push_back(std::move(header));
  return std::nullopt;
}

Error takes(std::string_view field, std::string_view what) {
  return bad(fmt::format("\"{}\" takes {}", field, what));
}

Status set_headers(pipelines::JsonValue value, const TargetDefaults& defaults, Target& target) {
  constexpr std::string_view kTakes = "an object of names and texts, or an array of \"Name: value\"";
  if (value.is(pipelines::JsonKind::object)) {
    for (const auto& header : value.members()) {
      if (!header.value.is(pipelines::JsonKind::string)) return takes("headers", kTakes);
      if (auto error = add_header(header.key.text() + ": " + header.value.text(), defaults, target))
        return error;
    }
    return std::nullopt;
  }
  if (!value.is(pipelines::JsonKind::array)) return takes("headers", kTakes);
  for (const auto item : value.items()) {
    if (!item.is(pipelines::JsonKind::string)) return takes("headers", kTakes);
    if (auto error = add_header(item.text(), defaults, target)) return error;
  }
  return std::nullopt;
}

Status set_field(std::string_view name, pipelines::JsonValue value, const TargetDefaults& defaults,
                 Target& target) {
  if (name == "headers") return set_headers(value, defaults, target);
  if (name == "weight") {
    const double weight = value.is(pipelines::JsonKind::number) ? value.number() : 0;
    if (!(weight > 0) || !std::isfinite(weight)) return takes("weight", "a number above 0");
    target.weight = weight;
    return std::nullopt;
  }
  if (!value.is(pipelines::JsonKind::string)) return takes(name, "text");
  const std::string text = value.text();
  if (name == "url") return set_url(text, defaults, target);
  if (name == "method") {
    if (http::check_method(text)) return takes("method", "a word such as GET");
    target.method = text;
    return std::nullopt;
  }
  target.body = to_pieces(text, defaults.columns);
  target.has_body = true;
  return std::nullopt;
}

Result<Target> target_of_object(std::string_view text, const TargetDefaults& defaults) {
  pipelines::JsonDoc doc;
  if (const auto fault = doc.parse(text)) {
    return bad(fmt::format("not JSON at byte {}: {}", fault->offset + 1, fault->message));
  }
  Target target;
  target.method.clear();
  for (const auto& member : doc.root().members()) {
    const std::string name = member.key.text();
    if (std::find(kFields.begin(), kFields.end(), name) == kFields.end()) {
      return bad(fmt::format("no field {}{}; there are {}", text::in_quotes(name),
                             did_you_mean(name, kFields), fmt::join(kFields, " ")));
    }
    if (auto error = set_field(name, member.value, defaults, target)) return std::move(*error);
  }
  if (target.url.empty()) return bad("\"url\" is missing");
  if (auto error = set_defaults(defaults, target)) return std::move(*error);
  return target;
}

}  // namespace

TextPieces to_pieces(std::string_view text, const std::vector<std::string>& columns) {
  TextPieces pieces;
  std::size_t literal = 0;
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) break;
    const auto field = field_named(text.substr(open + 1, close - open - 1), columns);
    if (!field) continue;
    add_text(pieces, text.substr(literal, open - literal));
    pieces.push_back(*field);
    literal = close + 1;
  }
  add_text(pieces, text.substr(literal));
  return pieces;
}

Result<Target> target_of_url(std::string_view url, const TargetDefaults& defaults) {
  Target target;
  target.method.clear();
  if (auto error = set_url(url, defaults, target)) return std::move(*error);
  if (auto error = set_defaults(defaults, target)) return std::move(*error);
  return target;
}

Result<std::vector<Target>> read_targets(std::string_view text, const TargetDefaults& defaults) {
  std::vector<Target> targets;
  text = text::without_byte_order_mark(text);
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.empty() || line.front() == '#') continue;
    auto target = line.front() == '{' ? target_of_object(line, defaults) : target_of_url(line, defaults);
    if (!target) return bad(fmt::format("line {}: {}", number, text::escaped(target.error().message)));
    targets.push_back(std::move(*target));
  }
  if (targets.empty()) return bad("there is no target in it");
  return targets;
}

Status read_data(std::string_view text, std::vector<std::string>& columns, load::DataRows& rows) {
  text::CsvReader reader(kMostRow);
  reader.feed(text);
  for (;;) {
    auto row = reader.next();
    if (!row) row = reader.finish();
    if (!row) break;
    if (!row->fault.empty()) return bad(fmt::format("line {}: {}", row->line, row->fault));
    if (columns.empty()) {
      columns.assign(row->fields.begin(), row->fields.end());
      for (auto one = columns.begin(); one != columns.end(); ++one) {
        if (std::find(columns.begin(), one, *one) == one || one->empty()) continue;
        return bad(fmt::format("line {}: two columns are called {}", row->line, text::in_quotes(*one)));
      }
      continue;
    }
    if (row->fields.size() != columns.size()) {
      return bad(fmt::format("line {}: {} fields, but there are {} columns", row->line, row->fields.size(),
                             columns.size()));
    }
    rows.emplace_back(row->fields.begin(), row->fields.end());
  }
  if (rows.empty()) return bad("it has no row below the first one, which names the columns");
  return std::nullopt;
}

}  // namespace leat::cli
