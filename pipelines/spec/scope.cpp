#include "pipelines/spec/scope.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "engine/text/ascii.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/expr/jq_variables.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/spec/lexer.hpp"
#include "pipelines/spec/text_variables.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kEnv = "env:";
constexpr std::string_view kSecret = "secret:";
constexpr std::string_view kFile = "file:";

bool is_reference(const ast::Value& value) {
  return value.kind == ast::ValueKind::word && value.text.starts_with('$');
}

// As most variables of an environment are named.
bool is_environment_name(std::string_view name) noexcept {
  const auto is_other = [](char c) { return !text::is_upper(c) && !text::is_digit(c) && c != '_'; };
  return name.size() > 1 && std::none_of(name.begin(), name.end(), is_other);
}

// The text of a --set is a jq program if it is one pair of parentheses.
ast::Value value_of_set(const SourceTexts& sources, std::uint32_t source, std::size_t begin) {
  const auto text = sources.text(source).substr(begin);
  ast::Value made;
  made.text = text;
  if (text.starts_with('(')) {
    FaultList ignored(sources);
    Lexer lexer(text, source, ignored);
    auto jq = lexer.value();
    if (!jq.damaged && lexer.at_end()) made = std::move(jq);
  }
  made.span =
      Span{source, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + text.size())};
  return made;
}

}  // namespace

const Scope::Variable* Scope::find_here(std::string_view name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? nullptr : &found->second;
}

const Scope::Variable* Scope::find(std::string_view name) const {
  for (const Scope* scope = this; scope != nullptr; scope = scope->around_) {
    if (const auto* variable = scope->find_here(name)) return variable;
  }
  return nullptr;
}

Variables::Variables(SourceTexts& sources, FaultList& faults, const Sets& sets, const Getenv& getenv,
                     const ReadFile& read_file, std::size_t most)
    : faults_(faults), getenv_(getenv), read_file_(read_file), most_(most) {
  for (const auto& [name, text] : sets) {
    const auto source = sources.add("--set", name + "=" + text);
    sets_.push_back(Set{name, value_of_set(sources, source, name.size() + 1), false});
    if (!text::is_utf8(text)) {
      faults_.add(sets_.back().value.span, "this is not UTF-8");
      sets_.back().value.damaged = true;
    }
  }
}

Variables::Set* Variables::find_set(std::string_view name) {
  Set* last = nullptr;
  for (Set& set : sets_) {
    if (set.name != name) continue;
    set.used = true;
    last = &set;
  }
  return last;
}

void Variables::define(Scope& scope, const ast::Statement& let) {
  names_.push_back(let.name);
  const auto* before = scope.find_here(let.name);
  if (before != nullptr && before->defined.source == let.span.source) {
    faults_.add(let.span, "let " + in_quotes(let.name) + " is given twice");
    return;
  }
  if (const Set* set = find_set(let.name)) {
    scope.set(let.name, Scope::Variable{&set->value, nullptr, let.span});
    return;
  }
  Scope::Variable variable{&let.value, &scope, let.span};
  if (is_reference(let.value) && !let.value.damaged) {
    auto referred = look_up(let.value, scope);
    if (referred) variable = *referred;
    variable.defined = let.span;
  }
  scope.set(let.name, variable);
}

std::optional<Scope::Variable> Variables::look_up(const ast::Value& reference, const Scope& scope) {
  const auto name = std::string_view(reference.text).substr(1);
  if (!is_let_name(name)) {
    faults_.add(reference.span,
                in_quotes(reference.text) +
                    " is no variable; one is $name, and text that begins with \"$\" stands in "
                    "double quotes");
    return std::nullopt;
  }
  if (const auto* variable = scope.find(name)) return *variable;
  if (const Set* set = find_set(name)) return Scope::Variable{&set->value, nullptr, reference.span};
  auto hint = faults_.suggest(name, names_);
  if (hint.empty() && getenv_ && getenv_(std::string(name))) {
    hint = "; the environment's is env:" + std::string(name) + ", or secret:" + std::string(name) +
           " to keep it out of sight";
  }
  if (hint.empty())
    hint = "; give it by let " + std::string(name) + " = …; or --set " + std::string(name) + "=…";
  if (is_environment_name(name)) hint += ", or use env:" + std::string(name) + " for the environment's";
  faults_.add(reference.span, "no variable " + in_quotes(name) + hint);
  return std::nullopt;
}

std::optional<PlainValue> Variables::resolve(const ast::Value& value, const Scope& scope) {
  if (value.damaged) return std::nullopt;
  const ast::Value* written = &value;
  PlainValue plain;
  plain.scope = &scope;
  if (is_reference(value)) {
    const auto variable = look_up(value, scope);
    if (!variable || variable->value->damaged) return std::nullopt;
    written = variable->value;
    plain.scope = variable->scope;
    // This happens only for a let whose own reference was a fault, and that has been reported.
    if (is_reference(*written) && variable->scope != nullptr) return std::nullopt;
  }
  plain.kind = written->kind;
  plain.written = written;
  plain.text = written->text;
  plain.given = written != &value && plain.scope == nullptr;
  if (plain.kind == ast::ValueKind::word && !fill_from_outside(plain, *written)) return std::nullopt;
  const bool stands_for_other_text = written != &value || !plain.origin.empty();
  if (stands_for_other_text && is_too_much(plain, value)) return std::nullopt;
  return plain;
}

bool Variables::bind_program(PlainValue& program, const Scope& scope) {
  const Scope& names = program.scope != nullptr ? *program.scope : scope;
  std::set<std::string_view> done;
  std::string before;
  for (const auto& variable : jq_variables(program.text)) {
    // Variables that jq itself defines are refused when the program is checked.
    const bool own = variable.name == "ENV" || variable.name == "__loc__";
    const bool given = names.find(variable.name) != nullptr || find_set(variable.name) != nullptr;
    if (own || (variable.bound_within && !given) || !done.insert(variable.name).second) continue;
    ast::Value use;
    use.text = "$" + std::string(variable.name);
    use.span = program.written->span;
    use.span.begin += static_cast<std::uint32_t>(1 + variable.offset);
    use.span.end = use.span.begin + static_cast<std::uint32_t>(use.text.size());
    const auto value = resolve(use, names);
    const auto text = value ? literal(*value, use) : std::nullopt;
    if (!text) return false;
    before += *text + " as " + use.text + " | ";
  }
  program.before = before.size();
  program.text.insert(0, before);
  return true;
}

bool Variables::is_text(const PlainValue& value, Span use) {
  if (value.origin.empty() || text::is_utf8(value.text)) return true;
  faults_.add(use, value.origin + ": it is not UTF-8");
  return false;
}

// Writes a value as a literal of a jq program.
std::optional<std::string> Variables::literal(const PlainValue& value, const ast::Value& use) {
  if (value.secret) {
    faults_.add(use.span,
                in_quotes(use.text) +
                    " is a secret, which no jq program is given: what it makes of it could be shown");
    return std::nullopt;
  }
  if (value.kind == ast::ValueKind::jq || value.kind == ast::ValueKind::block) {
    faults_.add(use.span, in_quotes(use.text) + " is " + describe(value) +
                              "; within a jq program a variable is text or a number");
    return std::nullopt;
  }
  if (!is_text(value, use.span)) return std::nullopt;
  JsonDoc doc;
  const bool number = value.kind == ast::ValueKind::word && value.origin.empty() && !doc.parse(value.text) &&
                      doc.root().is(JsonKind::number);
  if (!number) return json_text(value.text);
  return value.text.starts_with('-') ? "(" + value.text + ")" : value.text;
}

// What stands in a text for a variable; of a template, the part of a template that says just that.
std::optional<std::string> Variables::text_of_variable(const ast::Value& use, const Scope& names,
                                                       bool is_template, PlainValue& text) {
  auto value = resolve(use, names);
  if (!value) return std::nullopt;
  std::string wrong;
  if (value->kind == ast::ValueKind::jq || value->kind == ast::ValueKind::block) {
    wrong = " is " + describe(*value) + "; within a text a variable is text or a number";
  } else if (std::find(open_texts_.begin(), open_texts_.end(), value->written) != open_texts_.end()) {
    wrong = " stands within itself";
  } else if (value->secret) {
    wrong = " is a secret, which stands as a whole argument";
    if (is_template) wrong += ", or here as {" + value->origin + "}";
  }
  if (!wrong.empty()) {
    faults_.add(use.span, in_quotes(use.text) + wrong);
    return std::nullopt;
  }
  if (!is_text(*value, use.span) || !bind_text(*value, names, false)) return std::nullopt;
  text.given = text.given || value->given;
  return is_template ? literal_template(value->text) : value->text;
}

bool Variables::bind_text(PlainValue& text, const Scope& scope, bool is_template) {
  const bool is_text = text.kind == ast::ValueKind::word || text.kind == ast::ValueKind::quoted;
  if (!is_text || texts_as_they_are_ || text.given || !text.origin.empty()) return true;
  const std::string written = text.text;
  const auto found = text_variables(written, is_template);
  if (found.empty()) return true;
  const Scope& names = text.scope != nullptr ? *text.scope : scope;
  std::string made;
  std::size_t from = 0;
  bool good = true;
  open_texts_.push_back(text.written);
  for (const auto& variable : found) {
    ast::Value use;
    use.text = "$" + std::string(variable.name);
    use.span = place_within(faults_.sources(), *text.written, variable.offset + 1);
    use.span.end = use.span.begin + static_cast<std::uint32_t>(use.text.size());
    const auto value = text_of_variable(use, names, is_template, text);
    good = good && value;
    if (!value) continue;
    made.append(written, from, variable.offset - from);
    text.inserted.push_back({made.size(), value->size(), variable.size});
    made += *value;
    from = variable.offset + variable.size;
  }
  open_texts_.pop_back();
  text.text = made.append(written, from);
  return good;
}

bool Variables::fill_from_file(PlainValue& plain, const ast::Value& word) {
  const std::string path = word.text.substr(kFile.size());
  auto text = read_file_ ? read_file_(path)
                         : Result<std::string>(Error(Errc::file_error, "no file can be read here"));
  if (!text) {
    faults_.add(word.span, word.text + ": " + text.error().message);
    return false;
  }
  std::string_view content = *text;
  if (content.ends_with('\n')) content.remove_suffix(content.ends_with("\r\n") ? 2 : 1);
  plain.text = std::string(content);
  plain.origin = word.text;
  plain.given = true;
  return true;
}

bool Variables::fill_from_outside(PlainValue& plain, const ast::Value& word) {
  const std::string_view path = std::string_view(word.text).substr(std::min(word.text.size(), kFile.size()));
  if (word.text.starts_with(kFile) && !path.empty() && !path.starts_with("//"))
    return fill_from_file(plain, word);
  const bool secret = word.text.starts_with(kSecret);
  if (!secret && !word.text.starts_with(kEnv)) return true;
  const auto prefix = secret ? kSecret : kEnv;
  const auto name = word.text.substr(prefix.size());
  if (!is_let_name(name) || name.find('-') != std::string::npos) {
    faults_.add(word.span, in_quotes(word.text) +
                               " names no variable of the environment; text that begins with " +
                               in_quotes(prefix) + " stands in double quotes");
    return false;
  }
  auto found = getenv_ ? getenv_(name) : std::nullopt;
  if (!found) {
    faults_.add(word.span, word.text + ": the environment has no variable " + in_quotes(name));
    return false;
  }
  plain.text = *std::move(found);
  plain.origin = word.text;
  plain.secret = secret;
  plain.given = true;
  return true;
}

bool Variables::is_too_much(const PlainValue& plain, const ast::Value& use) {
  substituted_ += plain.text.size();
  if (substituted_ <= most_) return false;
  faults_.add(use.span, "variables stand for more than 16 MiB of text in all");
  return true;
}

void Variables::report_unused_sets() {
  for (const Set& set : sets_) {
    if (set.used) continue;
    auto at = set.value.span;
    at.begin = 0;
    auto hint = faults_.suggest(set.name, names_);
    if (hint.empty()) hint = "; one is made by let " + set.name + " = …;";
    faults_.add(at, "the spec has no let " + in_quotes(set.name) + hint);
  }
}

}  // namespace leat::pipelines
