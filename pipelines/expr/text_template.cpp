#include "pipelines/expr/text_template.hpp"

#include <algorithm>
#include <utility>

#include "pipelines/expr/template_parser.hpp"
#include "pipelines/text/utf8.hpp"

namespace leat::pipelines {

namespace {

struct OutsideName {
  Template::Outside kind;
  std::string name;
  std::size_t offset;  // within the field
};

// Of "env:NAME" and "secret:NAME"; nothing for what has no colon in its first name.
std::optional<Compiled<OutsideName>> outside_name(const std::string& field) {
  const auto colon = field.find_first_of(":.[");
  if (colon == std::string::npos || field[colon] != ':') return std::nullopt;
  const auto kind = field.substr(0, colon);
  if (kind != "env" && kind != "secret") {
    return TextFault{
        0, "no values from \"" + printable(kind, 60) + ":\"; there are {env:NAME} and {secret:NAME}"};
  }
  if (colon + 1 == field.size())
    return TextFault{colon + 1, "a name is missing here, as in {" + kind + ":NAME}"};
  return OutsideName{kind == "env" ? Template::Outside::env : Template::Outside::secret,
                     field.substr(colon + 1), colon + 1};
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
      const auto& [kind, name, offset] = std::get<0>(*outside);
      auto value = lookup(kind, name);
      if (!value) return at_piece({offset, std::move(value.error().message)});
      made.add_text(*value);
      made.secret_ = made.secret_ || kind == Outside::secret;
      continue;
    }
    auto path = FieldPath::compile(piece.text);
    if (auto fault = fault_of(path)) return at_piece(std::move(*fault));
    made.add_text("");
    made.parts_.back().field = std::get<0>(std::move(path));
  }
  return made;
}

Status Template::expand(Input& input, std::string& out) const {
  for (const auto& part : parts_) {
    out += part.text;
    if (!part.field) continue;
    if (auto error = part.field->append_to(out, input)) return error;
  }
  return std::nullopt;
}

std::vector<std::string> Template::fields() const {
  std::vector<std::string> names;
  for (const auto& part : parts_) {
    if (!part.field || std::find(names.begin(), names.end(), part.field->text()) != names.end()) continue;
    names.push_back(part.field->text());
  }
  return names;
}

std::optional<TextFault> check_template(const std::string& text) {
  return fault_of(
      Template::compile(text, [](Template::Outside, const std::string&) { return std::string(); }));
}

}  // namespace leat::pipelines
