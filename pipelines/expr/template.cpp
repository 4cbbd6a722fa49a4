#include "pipelines/expr/template.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "engine/text/nearest.hpp"
#include "engine/text/number.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/utf8.hpp"

namespace leat::pipelines {

namespace {

void add_text(std::vector<TemplatePiece>& pieces, std::string_view text, std::size_t offset) {
  if (pieces.empty() || pieces.back().is_field) pieces.push_back({"", offset, false});
  pieces.back().text += text;
}

}  // namespace

std::string literal_template(std::string_view text) {
  std::string doubled;
  for (const char c : text) doubled.append(c == '{' || c == '}' ? 2 : 1, c);
  return doubled;
}

Compiled<std::vector<TemplatePiece>> parse_template(std::string_view text) {
  if (const auto good = text::valid_utf8_prefix(text); good != text.size())
    return TextFault{good, "is not UTF-8"};
  if (const auto nul = text.find('\0'); nul != text.npos) return TextFault{nul, "holds a NUL byte"};
  std::vector<TemplatePiece> pieces;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t brace = std::min(text.find_first_of("{}", at), text.size());
    if (brace > at) add_text(pieces, text.substr(at, brace - at), at);
    if (brace == text.size()) break;
    if (brace + 1 < text.size() && text[brace + 1] == text[brace]) {
      add_text(pieces, text.substr(brace, 1), brace);
      at = brace + 2;
      continue;
    }
    if (text[brace] == '}') return TextFault{brace, "'}' without a '{'; a brace itself is written '}}'"};
    const std::size_t end = text.find_first_of("{}", brace + 1);
    if (end == std::string_view::npos || text[end] == '{') {
      return TextFault{brace, "'{' without a '}'; a brace itself is written '{{'"};
    }
    pieces.push_back({std::string(text.substr(brace + 1, end - brace - 1)), brace + 1, true});
    at = end + 1;
  }
  return pieces;
}

namespace {

struct OutsideName {
  Template::Outside kind;
  std::string name;
  std::size_t offset;  // of the name, within the field
  std::vector<TextFilter> filters;
};

// Reads "env:NAME" and "secret:NAME|uri"; gives nothing for a field of the record.
std::optional<Compiled<OutsideName>> outside_name(const std::string& field) {
  const bool is_env = field.starts_with("env:");
  if (!is_env && !field.starts_with("secret:")) return std::nullopt;
  OutsideName outside{
      is_env ? Template::Outside::env : Template::Outside::secret, "", field.find(':') + 1, {}};
  const auto bar = std::min(field.find('|'), field.size());
  outside.name = field.substr(outside.offset, bar - outside.offset);
  if (outside.name.empty())
    return TextFault{outside.offset,
                     "a name is missing here, as in {" + field.substr(0, outside.offset) + "NAME}"};
  auto filters = filters_behind(field, bar);
  if (auto fault = fault_of(filters)) return std::move(*fault);
  outside.filters = std::get<0>(std::move(filters));
  return outside;
}

}  // namespace

void Template::add_text(std::string_view text) {
  if (parts_.empty() || parts_.back().field) parts_.emplace_back();
  parts_.back().text += text;
}

Compiled<Template> Template::compile(std::string_view text, const Lookup& lookup) {
  auto parsed = parse_template(text);
  if (auto fault = fault_of(parsed)) return std::move(*fault);
  Template made;
  for (const auto& piece : std::get<0>(parsed)) {
    if (!piece.is_field) {
      made.add_text(piece.text);
      continue;
    }
    const auto at_piece = [&](TextFault fault) {
      fault.offset += piece.offset;
      return fault;
    };
    if (const auto outside = outside_name(piece.text)) {
      if (auto fault = fault_of(*outside)) return at_piece(std::move(*fault));
      const auto& [kind, name, offset, filters] = std::get<0>(*outside);
      auto value = lookup(kind, name);
      if (!value) return at_piece({offset, std::move(value.error().message)});
      const std::string written = filtered(*value, filters);
      made.add_text(written);
      if (kind == Outside::secret && !value->empty()) {
        made.secrets_.push_back(std::move(*value));
        if (!filters.empty()) made.secrets_.push_back(written);
      }
      continue;
    }
    auto field = TemplateField::compile(piece.text);
    if (auto fault = fault_of(field)) return at_piece(std::move(*fault));
    made.add_text("");
    made.parts_.back().field = std::get<0>(std::move(field));
  }
  return made;
}

namespace {

bool is_data(const std::string& root) {
  return root == "meta" || root == "json" || root == "lines" || root == "headers" || root == "body";
}

}  // namespace

Status Template::expand(Input& input, std::string& out, Missing missing) const {
  for (const auto& part : parts_) {
    out += part.text;
    if (!part.field) continue;
    const bool may_be_empty = missing == Missing::empty ||
                              (missing == Missing::empty_in_result && !is_data(part.field->path().root()));
    if (auto error = part.field->append_to(out, input, may_be_empty)) return error;
  }
  return std::nullopt;
}

std::vector<std::string> Template::fields() const {
  std::vector<std::string> names;
  for (const auto& part : parts_) {
    if (!part.field) continue;
    const std::string& name = part.field->path().text();
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::optional<TextFault> check_template(const std::string& text) {
  return fault_of(
      Template::compile(text, [](Template::Outside, const std::string&) { return std::string(); }));
}

namespace {

// These are in the order of NameField.
constexpr std::array<std::string_view, 13> kFields{"host",   "path",     "name",   "ext",   "stem",
                                                   "line",   "id",       "sha256", "query", "port",
                                                   "scheme", "path:dir", "process"};

// These are fields of the record that tell one file from another. Because they are listed, a misspelt name is
// found before anything runs; if any word could be a field, it would not be.
constexpr std::array<std::string_view, 15> kRecordFields{
    "url",    "url_effective", "method",     "status",    "http_version",  "content_type", "etag", "meta",
    "parent", "depth",         "started_at", "remote_ip", "last_modified", "headers",      "json"};

std::string unknown(std::string_view name) {
  std::string what = "no field {" + text::printable(name, 60) + "}";
  for (const std::span<const std::string_view> names :
       {std::span<const std::string_view>(kFields), std::span<const std::string_view>(kRecordFields)}) {
    if (const auto near = text::nearest(name, names); !near.empty()) {
      return what + "; did you mean {" + std::string(near) + "}?";
    }
  }
  what += "; there are";
  for (const auto field : kFields) what += " {" + std::string(field) + "}";
  return what + ", and fields of the record such as {meta.id}";
}

// Gives 1 to 64, or 0 for anything else.
std::size_t digits_of(std::string_view text) noexcept {
  constexpr std::size_t kMost = 64;
  const auto value = text::parse_number<std::size_t>(text);
  return value && *value <= kMost ? *value : 0;
}

Compiled<NameTemplate::Part> part_of(const TemplatePiece& piece) {
  NameTemplate::Part part;
  part.is_field = piece.is_field;
  if (!piece.is_field) {
    part.text = piece.text;
    return part;
  }
  const auto bar = end_of_value(piece.text);
  const auto found = std::find(kFields.begin(), kFields.end(), std::string_view(piece.text).substr(0, bar));
  if (found != kFields.end()) {
    part.field = static_cast<NameField>(found - kFields.begin());
    auto filters = filters_behind(piece.text, bar);
    if (const auto fault = fault_of(filters)) return TextFault{piece.offset + fault->offset, fault->message};
    part.filters = std::get<0>(std::move(filters));
    return part;
  }
  constexpr std::string_view kDigits = "sha256:";
  if (piece.text.starts_with(kDigits)) {
    part.field = NameField::sha256;
    part.digits = digits_of(std::string_view(piece.text).substr(kDigits.size()));
    if (part.digits > 0) return part;
    return TextFault{piece.offset + kDigits.size(), "{sha256:N} takes how many digits, 1 to 64"};
  }
  if (outside_name(piece.text)) return TextFault{piece.offset, unknown(piece.text)};
  auto field = TemplateField::compile(piece.text);
  if (auto fault = fault_of(field)) {
    if (piece.text.empty()) return TextFault{piece.offset, unknown("")};
    fault->offset += piece.offset;
    return std::move(*fault);
  }
  part.field = NameField::record;
  part.value = std::get<0>(std::move(field));
  const auto& root = part.value->path().root();
  if (std::find(kRecordFields.begin(), kRecordFields.end(), root) != kRecordFields.end()) return part;
  if (std::find(kFields.begin(), kFields.end(), root) != kFields.end())
    return TextFault{piece.offset + root.size(),
                     "only a field of the record, such as {meta.k}, may be left out or "
                     "have another text in its place"};
  return TextFault{piece.offset, unknown(root)};
}

std::string name_of(const NameTemplate::Part& part) {
  return part.value ? part.value->path().text() : std::string(kFields[static_cast<std::size_t>(part.field)]);
}

}  // namespace

Compiled<NameTemplate> NameTemplate::parse(std::string_view text) {
  auto parsed = parse_template(text);
  if (auto fault = fault_of(parsed)) return std::move(*fault);
  NameTemplate made;
  for (const auto& piece : std::get<0>(parsed)) {
    auto part = part_of(piece);
    if (auto fault = fault_of(part)) return std::move(*fault);
    made.parts_.push_back(std::get<0>(std::move(part)));
  }
  made.split_base();
  if (made.names_a_file()) return made;
  return TextFault{text.size(), "names no file; end it with a name, as in \"out/{name}\""};
}

Result<NameTemplate> NameTemplate::compile(std::string_view text) {
  auto parsed = parse(text);
  const auto fault = fault_of(parsed);
  if (!fault) return std::get<0>(std::move(parsed));
  const auto column = 1 + text::count_characters(text.substr(0, fault->offset));
  return Error(Errc::bad_input, "column " + std::to_string(column) + ": " + fault->message);
}

void NameTemplate::split_base() {
  if (parts_.empty() || parts_.front().is_field) return;
  std::string& text = parts_.front().text;
  const auto slash = text.rfind('/');
  if (slash == std::string::npos) return;
  base_ = slash == 0 ? "/" : text.substr(0, slash);
  text.erase(0, slash + 1);
  if (text.empty()) parts_.erase(parts_.begin());
}

bool NameTemplate::names_a_file() const {
  return !parts_.empty() && (parts_.back().is_field || !parts_.back().text.ends_with('/'));
}

bool NameTemplate::is_known_before_response() const noexcept {
  constexpr std::array<std::string_view, 5> kOfRequest{"url", "method", "meta", "parent", "depth"};
  return std::all_of(parts_.begin(), parts_.end(), [&](const Part& part) {
    if (!part.is_field) return true;
    if (!part.value) return part.field != NameField::sha256;
    return std::find(kOfRequest.begin(), kOfRequest.end(), part.value->path().root()) != kOfRequest.end();
  });
}

bool NameTemplate::reads_body() const noexcept {
  return std::any_of(parts_.begin(), parts_.end(),
                     [](const Part& part) { return part.value && part.value->path().root() == "json"; });
}

bool NameTemplate::names_content() const noexcept {
  return std::any_of(parts_.begin(), parts_.end(), [](const Part& part) {
    return part.is_field && part.field == NameField::sha256 && part.digits == 64;
  });
}

std::vector<std::string> NameTemplate::fields() const {
  std::vector<std::string> names;
  for (const auto& part : parts_) {
    if (!part.is_field) continue;
    auto name = name_of(part);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

std::optional<TextFault> check_name_template(const std::string& text) {
  return fault_of(NameTemplate::parse(text));
}

}  // namespace leat::pipelines
