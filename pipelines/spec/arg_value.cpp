#include "pipelines/spec/arg_value.hpp"

#include <algorithm>
#include <utility>

#include "engine/text/nearest.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/spec/arg_type.hpp"
#include "pipelines/spec/diagnostics.hpp"
#include "pipelines/spec/quoted_text.hpp"

namespace leat::pipelines {

namespace {

bool is_embedded(ArgType type) {
  return type == ArgType::jq || type == ArgType::regex || type == ArgType::xpath || type == ArgType::css;
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

bool is_choice(const ArgRow& row, const PlainValue& value) {
  return value.kind == ast::ValueKind::word &&
         std::find(row.choices.begin(), row.choices.end(), value.text) != row.choices.end();
}

}  // namespace

std::size_t PlainValue::written_offset(std::size_t offset) const noexcept {
  std::size_t shorter = before;  // by how much what was written up to there is
  std::size_t longer = 0;
  for (const auto& one : inserted) {
    if (offset < one.at) break;
    if (offset < one.at + one.size) offset = one.at;
    if (offset == one.at) break;
    shorter += one.size;
    longer += one.written;
  }
  return offset + longer - std::min(offset + longer, shorter);
}

Span place_within(const SourceTexts& sources, const ast::Value& written, std::size_t offset) {
  Span at = written.span;
  if (at.end <= at.begin) return at;
  const auto text = sources.text(at.source).substr(at.begin, at.end - at.begin);
  std::size_t raw = offset;
  if (written.kind == ast::ValueKind::jq) raw += 1;
  if (written.kind == ast::ValueKind::quoted) raw = 1 + raw_offset(text.substr(1, text.size() - 2), raw);
  at.begin += static_cast<std::uint32_t>(std::min(raw, text.size() - 1));
  return at;
}

std::string describe(const PlainValue& value) {
  if (value.secret) return "the value of " + value.origin;
  if (value.kind == ast::ValueKind::jq) return is_blank(value.text) ? "an empty one" : "a jq program";
  if (value.kind == ast::ValueKind::block) return "a block";
  return in_quotes(value.text) + (value.origin.empty() ? "" : " from " + value.origin);
}

ValueFault not_taken(const ArgRow& row, const PlainValue& value, std::string_view label) {
  constexpr std::size_t kLongestWord = 64;  // longer words are not compared with the choices
  const bool is_text = value.kind == ast::ValueKind::word || value.kind == ast::ValueKind::quoted;
  const bool is_shown = is_text && !value.secret;
  const auto taken = is_shown ? takes_in_place_of(row, value.text) : takes(row);
  ValueFault fault;
  fault.message = std::string(label) + " takes " + taken + ", not " + describe(value);
  const bool takes_text = row.type == ArgType::temp || row.type == ArgType::expr || row.name == "TEMPLATE";
  if (takes_text && value.kind == ast::ValueKind::block) {
    fault.message +=
        "; a text with {fields} stands in double quotes: a shell takes them away, unless the "
        "spec stands in single quotes";
  }
  if (is_shown && value.text.size() <= kLongestWord) {
    if (const auto near = text::nearest(value.text, row.choices); !near.empty()) {
      fault.message += "; did you mean " + in_quotes(near) + "?";
    }
  }
  return fault;
}

// An `expr` takes a program or a template; this reads the one that is given.
static std::variant<BoundValue, ValueFault> read_expr(const ArgRow& row, const PlainValue& value,
                                                      std::string_view label) {
  if (value.kind == ast::ValueKind::block) return not_taken(row, value, label);
  const bool is_program = value.kind == ast::ValueKind::jq;
  ArgRow as = row;
  as.type = is_program ? ArgType::jq : ArgType::temp;
  if (is_program) as.check = row.program_check;
  auto read = read_value(as, value, label);
  if (auto* bound = std::get_if<BoundValue>(&read)) bound->program = is_program;
  return read;
}

std::variant<BoundValue, ValueFault> read_value(const ArgRow& row, const PlainValue& value,
                                                std::string_view label) {
  if (row.type == ArgType::expr) return read_expr(row, value, label);
  BoundValue bound;
  bound.quoted = value.kind == ast::ValueKind::quoted;
  bound.secret = value.secret;
  if (is_choice(row, value)) {
    bound.value = value.text;
    bound.choice = true;
    return bound;
  }
  if (value.secret && is_embedded(row.type)) {
    return ValueFault{std::string(label) + " takes no secret: its faults would be shown", std::nullopt};
  }
  if (value.kind == ast::ValueKind::block ||
      (value.kind == ast::ValueKind::jq) != (row.type == ArgType::jq)) {
    return not_taken(row, value, label);
  }
  // If a word is none of the choices, it is more likely a misspelt choice than a template without fields.
  const bool is_template = bound.quoted || value.secret || value.text.find('{') != std::string::npos;
  if (row.type == ArgType::temp && !row.choices.empty() && !is_template) return not_taken(row, value, label);
  // An empty URL that somebody typed is a record that fails, as for `leat get`; an empty variable is a
  // mistake.
  if (row.type == ArgType::url && value.text.empty() && !value.origin.empty())
    return not_taken(row, value, label);
  auto read = read_type(row, value.text);
  if (!read) return not_taken(row, value, label);
  bound.value = std::move(read->value);
  if (value.secret && row.type == ArgType::temp) {
    bound.value = literal_template(value.text);
  } else if (row.check != nullptr && (value.written == nullptr || !value.written->checked)) {
    if (auto fault = row.check(value.text)) {
      if (value.secret) return not_taken(row, value, label);
      return ValueFault{std::move(fault->message), fault->offset};
    }
  }
  // What the environment or a --set gives to such an argument is as secret as what secret:NAME gives.
  if (row.shown != nullptr && value.given && row.shown(value.text) != value.text) bound.secret = true;
  return bound;
}

}  // namespace leat::pipelines
