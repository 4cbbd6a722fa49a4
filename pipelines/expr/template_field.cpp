#include "pipelines/expr/template_field.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "engine/text/ascii.hpp"
#include "engine/text/base64.hpp"
#include "engine/text/delimited.hpp"
#include "engine/text/nearest.hpp"
#include "engine/text/percent.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/shell_word.hpp"
#include "pipelines/expr/json_text.hpp"

namespace leat::pipelines {

namespace {

constexpr std::array<std::string_view, 6> kFilters{"uri", "json",   "csv",
                                                   "sh",  "base64", "slug"};  // in the order of TextFilter

// Letters of other scripts stay as they are.
std::string slug_of(std::string_view text) {
  std::string slug;
  for (const char c : text) {
    if (text::is_alphanumeric(c) || static_cast<unsigned char>(c) >= 0x80) {
      slug += text::to_lower(c);
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  if (slug.ends_with('-')) slug.pop_back();
  return slug;
}

std::string filtered(std::string_view text, TextFilter filter) {
  switch (filter) {
    case TextFilter::uri:
      return text::percent_encoded(text);
    case TextFilter::json:
      return json_text(text);
    case TextFilter::csv: {
      std::string field;
      text::RowText(text::Delimited::csv, field).field(text);
      return field;
    }
    case TextFilter::sh:
      return text::shell_word(text);
    case TextFilter::base64:
      return text::encode_base64(text);
    case TextFilter::slug:
      return slug_of(text);
  }
  return {};
}

// Names in brackets may hold any of these signs: {meta["dc:title"]}.
std::size_t find_outside_quotes(std::string_view text, std::string_view signs) noexcept {
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (!quoted && signs.find(text[at]) != signs.npos) return at;
  }
  return text.size();
}

}  // namespace

std::string filtered(std::string text, std::span<const TextFilter> filters) {
  for (const auto filter : filters) text = filtered(text, filter);
  return text;
}

std::size_t end_of_value(std::string_view field) noexcept { return find_outside_quotes(field, "|"); }

Compiled<std::vector<TextFilter>> filters_behind(std::string_view field, std::size_t bar) {
  std::vector<TextFilter> filters;
  for (std::size_t at = bar + 1; at <= field.size();) {
    const auto name = field.substr(at, std::min(field.find('|', at), field.size()) - at);
    const auto found = std::find(kFilters.begin(), kFilters.end(), name);
    if (found == kFilters.end()) {
      const auto near = name.empty() ? std::string_view() : text::nearest(name, kFilters);
      return TextFault{at, "no filter \"" + text::printable(name, 60) + "\"; " +
                               (near.empty() ? "there are uri json csv sh base64 slug"
                                             : "did you mean \"" + std::string(near) + "\"?")};
    }
    filters.push_back(static_cast<TextFilter>(found - kFilters.begin()));
    at += name.size() + 1;
  }
  return filters;
}

Compiled<TemplateField> TemplateField::compile(std::string_view text) {
  const auto bar = end_of_value(text);
  const auto value = text.substr(0, bar);
  const auto mark = find_outside_quotes(value, "?:");
  if (mark < value.size() && value[mark] == '?' && mark + 1 < value.size())
    return TextFault{mark + 1,
                     "behind the '?' of a field only '|' and a filter may stand, as in {meta.k?|uri}"};
  auto path = FieldPath::compile(value.substr(0, mark));
  if (auto fault = fault_of(path)) return std::move(*fault);
  TemplateField made(std::get<0>(std::move(path)));
  if (mark < value.size()) made.otherwise_ = value.substr(mark + 1);
  auto filters = filters_behind(text, bar);
  if (auto fault = fault_of(filters)) return std::move(*fault);
  made.filters_ = std::get<0>(std::move(filters));
  return made;
}

Status TemplateField::append_to(std::string& out, Input& input, bool may_be_empty) const {
  const JsonValue value = path_.find(input);
  if (const auto* fault = value.exists() || may_be_empty ? nullptr : input.fault(path_.root())) return *fault;
  const bool stands_in = otherwise_ || may_be_empty;
  if (!value.exists() && !stands_in)
    return Error(Errc::filter_error, "no field {" + text::printable(path_.text(), 120) + "} in this record");
  const bool is_missing = stands_in && value.is(JsonKind::null);
  std::span<const TextFilter> filters(filters_);
  if (!is_missing && !value.is(JsonKind::string) && filters.empty()) {
    value.append_to(out);
    return std::nullopt;
  }
  std::string scratch;
  std::string_view text = otherwise_ ? std::string_view(*otherwise_) : std::string_view();
  if (!is_missing)
    text = value.is(JsonKind::string) ? value.text(scratch) : std::string_view(scratch = value.compact());
  // What is no text is JSON already, and null stands where nothing does.
  const bool is_json = is_missing ? text.empty() : !value.is(JsonKind::string);
  if (is_json && !filters.empty() && filters.front() == TextFilter::json) {
    filters = filters.subspan(1);
    if (is_missing) text = "null";
  }
  if (filters.empty())
    out += text;
  else
    out += filtered(std::string(text), filters);
  return std::nullopt;
}

}  // namespace leat::pipelines
