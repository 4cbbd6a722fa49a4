#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "engine/text/utf8.hpp"
#include "pipelines/spec/format.hpp"
#include "pipelines/spec/parser.hpp"
#include "tests/pipelines/spec/stages_fixture.hpp"

namespace leat::pipelines::spec_test {

/// What a tree means, without its spans.
inline std::string dump(const ast::Pipeline& tree);

inline std::string dump(const ast::Value& value) {
  if (value.kind == ast::ValueKind::block) return "{" + dump(*value.block) + "}";
  auto text = value.text;
  if (value.kind == ast::ValueKind::jq && text.find('#') == std::string::npos) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    text = begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
  }
  return std::to_string(static_cast<int>(value.kind)) + ":" + std::to_string(text.size()) + ":" + text;
}

inline std::string dump(const ast::Pipeline& tree) {
  std::string out;
  for (const auto& made : tree.statements) out += "let " + made.name + "=" + dump(made.value) + ";";
  for (const auto& made : tree.stages) {
    out += "|" + made.name;
    for (const auto& arg : made.args) out += " " + arg.key + "=" + dump(arg.value);
  }
  return out;
}

/// A parsed text and whether it has errors.
struct Tree {
  ast::Pipeline tree;
  bool ok = false;
  std::size_t steps = 0;
};

inline Tree parse(const std::string& text) {
  SourceTexts sources;
  const auto source = sources.add("spec", text);
  FaultList faults(sources);
  auto parsed = parse_spec(sources, source, faults);
  return Tree{std::move(parsed.tree), faults.empty(), parsed.steps};
}

/// True if a position is in the text: at a character, or just after the last one of a line.
inline bool is_inside(const std::string& text, const Diagnostic& fault) {
  std::size_t begin = 0;
  for (std::size_t line = 1; line < fault.line; ++line) {
    const auto end = text.find('\n', begin);
    if (end == std::string::npos) return false;
    begin = end + 1;
  }
  const auto line = std::string_view(text).substr(begin, text.find('\n', begin) - begin);
  return fault.column >= 1 && fault.column <= text::count_characters(line) + 1;
}

/// Says which of these promises a text breaks first, or gives nothing: it gives a result, or errors at places
/// in the text, in linear time; its canonical form means the same, and is its own canonical form.
inline std::string broken_promise(const std::string& text, const World& world = {}) {
  const auto loaded = world.load(text);
  if (loaded.ok() != loaded.faults.empty()) return "neither a result nor an error";
  if (loaded.faults.shown.size() > FaultList::kMost) return "too many errors";
  for (const auto& fault : loaded.faults.shown) {
    if (fault.message.empty()) return "an error without words";
    if (fault.file == "spec" && !is_inside(text, fault)) return "a position outside of the text";
  }
  const auto parsed = parse(text);
  if (parsed.steps > 4 * text.size() + 16) return "more steps than four for each byte";
  if (!parsed.ok) return loaded.ok() ? "a result in spite of a fault of grammar" : "";
  const auto canonical = format(parsed.tree);
  const auto again = parse(canonical);
  if (!again.ok) return "the canonical form has faults: " + canonical;
  if (dump(again.tree) != dump(parsed.tree)) return "the canonical form says something else: " + canonical;
  if (format(again.tree) != canonical) return "the canonical form is not canonical: " + canonical;
  if (loaded.ok() != world.load(canonical).ok()) return "the canonical form is not as good: " + canonical;
  return {};
}

/// The variables and files that kGoodSpecs need.
inline World good_world() {
  World made;
  made.environment = {{"N", "7"}, {"TOKEN", "hunter2"}};
  made.sets = {{"cap", "5"}};
  return made;
}

/// What fuzzed specs can use: a variable, a secret, and files that include others or themselves.
inline World fuzz_world() {
  World made;
  made.environment = {{"N", "7"}, {"T", "{hunter2"}};
  made.files = {{"x", "let a = 1; let b = { null }; fetch n=$a"}, {"y", "include \"x\"; include \"y\""}};
  return made;
}

}  // namespace leat::pipelines::spec_test
