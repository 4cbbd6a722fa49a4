#include "pipelines/result/outside.hpp"

#include <cstdlib>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

#include "engine/text/nearest.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/result/result_fields.hpp"

namespace leat::pipelines {

Result<std::string> look_up_outside(Template::Outside kind, const std::string& name) {
  if (const char* value = std::getenv(name.c_str())) return std::string(value);
  const char* what = kind == Template::Outside::secret ? "secret:" : "env:";
  return Error(Errc::bad_input,
               std::string(what) + name + " is not set: it is taken from the environment's variable " + name);
}

namespace {

// A field that no record has is more likely a slip than a wish.
std::optional<std::string> unknown_field(std::string_view field) {
  if (field.starts_with("env:") || field.starts_with("secret:")) return std::nullopt;
  const auto compiled = TemplateField::compile(field);
  const auto& root = std::get<TemplateField>(compiled).path().root();
  if (find_result_field(root) != nullptr) return std::nullopt;
  std::vector<std::string_view> names;
  for (const auto& known : result_fields()) names.push_back(known.name);
  const std::string message = "no field {" + root + "}; ";
  if (root.starts_with('$')) return message + "only a text that is written in a spec names variables";
  const auto near = text::nearest(root, names);
  if (!near.empty()) return message + "did you mean {" + std::string(near) + "}?";
  return message + "other values that a source or each gave are in meta, as {meta." + root + "}";
}

}  // namespace

std::optional<TextFault> check_text(const std::string& text) {
  if (auto fault = fault_of(Template::compile(text, look_up_outside))) return fault;
  const auto pieces = parse_template(text);
  for (const auto& piece : std::get<std::vector<TemplatePiece>>(pieces)) {
    if (!piece.is_field) continue;
    if (auto why = unknown_field(piece.text)) return TextFault{piece.offset, std::move(*why)};
  }
  return std::nullopt;
}

Template compile_template(const std::string& text) {
  auto compiled = Template::compile(text, look_up_outside);
  if (const auto fault = fault_of(compiled)) throw std::invalid_argument("template: " + fault->message);
  return std::get<Template>(std::move(compiled));
}

}  // namespace leat::pipelines
