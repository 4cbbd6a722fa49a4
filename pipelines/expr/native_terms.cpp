#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "pipelines/expr/jq_text.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/expr/native_parser.hpp"
#include "pipelines/expr/regex_subset.hpp"

namespace leat::pipelines {

namespace {

struct Function {
  std::string_view name;
  NativeFunction function;
};
using F = NativeFunction;
constexpr std::array<Function, 18> kFunctions{{{"not", F::negation},
                                               {"length", F::length},
                                               {"type", F::type},
                                               {"keys", F::keys},
                                               {"keys_unsorted", F::keys_unsorted},
                                               {"to_entries", F::to_entries},
                                               {"add", F::add},
                                               {"tostring", F::tostring},
                                               {"tojson", F::tojson},
                                               {"tonumber", F::tonumber},
                                               {"ascii_downcase", F::ascii_downcase},
                                               {"ascii_upcase", F::ascii_upcase},
                                               {"has", F::has},
                                               {"split", F::split},
                                               {"join", F::join},
                                               {"startswith", F::startswith},
                                               {"endswith", F::endswith},
                                               {"ltrimstr", F::ltrimstr}}};
constexpr std::array<Function, 5> kFormats{
    {{"text", F::tostring}, {"json", F::tojson}, {"csv", F::csv}, {"tsv", F::tsv}, {"uri", F::uri}}};

constexpr std::array<std::string_view, 17> kKeywords{
    "as",  "def",    "module",  "import", "include", "if",    "then", "else", "elif",
    "end", "reduce", "foreach", "try",    "catch",   "label", "or",   "and"};

bool is_keyword(std::string_view name) {
  return std::find(kKeywords.begin(), kKeywords.end(), name) != kKeywords.end();
}

}  // namespace

NativeParser::Made NativeParser::negative() {
  scan_.skip();
  scan_.blanks();
  if (!scan_.at_digit()) return std::nullopt;
  return number(true);
}

NativeParser::Made NativeParser::term() {
  scan_.blanks();
  Made made = head();
  for (scan_.blanks(); made && scan_.at_step(); scan_.blanks()) made = step(*made);
  return made;
}

NativeParser::Made NativeParser::head() {
  const char c = scan_.peek();
  if (c == '.') return dot();
  if (c == '"') return string(NativeFunction::tostring);
  if (c == '@') return format();
  if (c == '$') return variable();
  if (scan_.at_digit()) return number(false);
  if (c == '(') {
    scan_.skip();
    const Made inner = pipe();
    return inner && scan_.take(")") ? inner : std::nullopt;
  }
  if (c == '[') return array();
  if (c == '{') return object();
  if (scan_.at_name()) return word();
  return std::nullopt;
}

// Reads ".", ".name" or "."text""; what follows is a step.
NativeParser::Made NativeParser::dot() {
  const std::uint32_t identity = tree_.add(NativeOp::identity);
  if (scan_.at_step()) return step(identity);
  if (!scan_.dot_stands_alone()) return std::nullopt;
  scan_.skip();
  return identity;
}

// Reads one of ".name", "."text"", "["text"]", "[$name]", "[0]" and "[]", with a '?' or without.
NativeParser::Made NativeParser::step(std::uint32_t target) {
  NativeNode made;
  made.a = target;
  const bool bracketed = scan_.peek() == '[';
  scan_.skip();
  if (bracketed) {
    if (!bracket(made)) return std::nullopt;
  } else if (scan_.peek() == '"') {
    if (!key(made)) return std::nullopt;
  } else {
    made.op = NativeOp::field;
    made.text = scan_.name();
  }
  made.optional = scan_.take_question_mark();
  return tree_.add(std::move(made));
}

bool NativeParser::key(NativeNode& made) {
  auto text = constant_text();
  if (!text) return false;
  made.op = NativeOp::field;
  made.text = std::move(*text);
  return true;
}

bool NativeParser::bracket(NativeNode& made) {
  scan_.blanks();
  if (scan_.take("]")) {
    made.op = NativeOp::iterate;
    return true;
  }
  if (scan_.peek() == '"' || scan_.peek() == '$') return key(made) && scan_.take("]");
  const bool negative = scan_.take("-");
  const auto place = scan_.integer();
  if (!place) return false;
  made.op = NativeOp::index;
  made.number = negative ? -*place : *place;
  return scan_.take("]");
}

// Reads a string, the quote of which is here. What is interpolated is written by that function.
NativeParser::Made NativeParser::string(NativeFunction function) {
  scan_.skip();
  NativeNode made;
  made.op = NativeOp::text;
  made.function = function;
  for (bool more = true; more;) {
    const auto stretch = scan_.stretch(more);
    if (!stretch) return std::nullopt;
    const Made literal = tree_.add_constant("\"" + std::string(*stretch) + "\"");
    if (!literal) return std::nullopt;
    if (!more && made.members.empty()) return literal;
    auto& part = made.members.emplace_back();
    part.key = node(*literal).constant;
    if (!more) break;
    part.value = pipe();
    if (!part.value || !scan_.take(")")) return std::nullopt;
  }
  return tree_.add(std::move(made));
}

// Reads `@name`, alone or before a string.
NativeParser::Made NativeParser::format() {
  scan_.skip();
  const auto name = scan_.name();
  for (const auto& [format, function] : kFormats) {
    if (format != name) continue;
    scan_.blanks();
    return scan_.peek() == '"' ? string(function) : call(function);
  }
  return std::nullopt;
}

NativeParser::Made NativeParser::number(bool negative) {
  const auto digits = scan_.number();
  if (!digits) return std::nullopt;
  auto json = std::string(negative ? "-" : "").append(*digits);
  if (auto made = tree_.add_constant(json)) return made;
  auto number = number_of_text(json);  // it has zeros before it
  const auto* text = std::get_if<std::string>(&number);
  return text != nullptr ? tree_.add_constant(*text) : std::nullopt;
}

NativeParser::Made NativeParser::variable() {
  scan_.skip();
  const auto name = scan_.name();
  const auto bound =
      std::find_if(scopes_.rbegin(), scopes_.rend(), [&](const auto& scope) { return scope.first == name; });
  if (bound == scopes_.rend()) {
    const auto found = constants_.find(std::string(name));
    return found == constants_.end() ? std::nullopt : tree_.add_constant(found->second);
  }
  NativeNode made;
  made.op = NativeOp::variable;
  made.number = static_cast<std::int64_t>(bound->second);
  return tree_.add(std::move(made));
}

NativeParser::Made NativeParser::array() {
  scan_.skip();
  if (scan_.take("]")) return tree_.add_constant("[]");
  const Made inner = pipe();
  return inner && scan_.take("]") ? Made(tree_.add(NativeOp::array, *inner)) : std::nullopt;
}

NativeParser::Made NativeParser::object() {
  scan_.skip();
  if (scan_.take("}")) return tree_.add_constant("{}");
  NativeNode made;
  made.op = NativeOp::object;
  do {
    if (!member(made)) return std::nullopt;
  } while (scan_.take(","));
  return scan_.take("}") ? Made(tree_.add(std::move(made))) : std::nullopt;
}

// Reads `key: value`, or a key alone, which means the field or the variable of that name.
bool NativeParser::member(NativeNode& object) {
  scan_.blanks();
  NativeMember made;
  Made alone;  // the value if there is only a key
  if (!member_key(made, alone)) return false;
  for (const auto& before : object.members) {
    const bool same = !before.name && !made.name && before.key == made.key;
    if (same) return false;  // jq counts it once, though it evaluates both
  }
  made.value = scan_.take(":") ? member_value() : alone;
  if (!made.value) return false;
  object.members.push_back(made);
  return true;
}

bool NativeParser::member_key(NativeMember& made, Made& value) {
  if (scan_.peek() == '(') {
    scan_.skip();
    made.name = pipe();
    if (!made.name || !scan_.take(")")) return false;
    const NativeNode& name = node(*made.name);
    return name.op != NativeOp::constant || name.constant.is(JsonKind::string);
  }
  std::string name;
  if (scan_.peek() == '$') {
    NativeScanner behind = scan_;
    behind.skip();
    name = behind.name();
    value = variable();
    if (!value) return false;
  } else if (scan_.peek() == '"') {
    const Made text = string(NativeFunction::tostring);
    if (!text) return false;
    if (node(*text).op != NativeOp::constant) {
      made.name = *text;
      return true;
    }
    name = node(*text).constant.text();
    if (name.find('\0') != name.npos) return false;  // jq's messages end at a NUL
  } else {
    name = scan_.name();
    if (name.empty() || name.starts_with("__")) return false;
  }
  std::string json;
  append_json_text(json, name);
  const Made key = tree_.add_constant(std::move(json));
  made.key = node(*key).constant;
  if (value || is_keyword(name)) return true;
  NativeNode field;
  field.op = NativeOp::field;
  field.text = std::move(name);
  field.a = tree_.add(NativeOp::identity);
  value = tree_.add(std::move(field));
  return true;
}

// Reads terms joined by '|'; anything else needs parentheses.
NativeParser::Made NativeParser::member_value() {
  const Deeper deeper(depth_);
  if (deeper.too_deep()) return std::nullopt;
  scan_.blanks();
  const Made left = scan_.peek() == '-' ? negative() : term();
  if (!left || !scan_.take("|")) return left;
  const Made right = member_value();
  return right ? Made(tree_.add(NativeOp::pipe, *left, *right)) : std::nullopt;
}

NativeParser::Made NativeParser::word() {
  const auto found = scan_.name();
  if (scan_.peek() == ':') return std::nullopt;
  if (found == "true" || found == "false" || found == "null") return tree_.add_constant(std::string(found));
  for (const auto& [name, function] : kFunctions) {
    if (name == found) return call(function);
  }
  if (found == "rtrimstr") return call(NativeFunction::rtrimstr);
  if (found == "test") return test();
  if (found == "map") return map();
  if (found == "del") return del();
  if (found == "select") return with_argument(NativeOp::select);
  const bool last = found == "last";
  if (last || found == "first") {
    if (scan_.next_is('(')) return with_argument(last ? NativeOp::last : NativeOp::first);
    NativeNode made;
    made.op = NativeOp::index;
    made.number = last ? -1 : 0;
    made.a = tree_.add(NativeOp::identity);
    return tree_.add(std::move(made));
  }
  if (scan_.next_is('(')) return std::nullopt;
  if (found == "empty") return tree_.add(NativeOp::empty);
  return found == "values" ? values() : std::nullopt;
}

// Reads the argument of a function, if it takes one.
NativeParser::Made NativeParser::call(NativeFunction function) {
  NativeNode made;
  made.op = NativeOp::call;
  made.function = function;
  if (!tree_.takes_argument(made))
    return scan_.next_is('(') ? std::nullopt : Made(tree_.add(std::move(made)));
  if (!scan_.take("(")) return std::nullopt;
  const Made argument = pipe();
  if (!argument || !scan_.take(")")) return std::nullopt;
  made.a = *argument;
  return tree_.add(std::move(made));
}

NativeParser::Made NativeParser::with_argument(NativeOp op) {
  if (!scan_.take("(")) return std::nullopt;
  const Made argument = pipe();
  return argument && scan_.take(")") ? Made(tree_.add(op, *argument)) : std::nullopt;
}

// map(f) is [.[] | f].
NativeParser::Made NativeParser::map() {
  if (!scan_.take("(")) return std::nullopt;
  const auto items = tree_.add(NativeOp::iterate, tree_.add(NativeOp::identity));
  const Made each = pipe();
  if (!each || !scan_.take(")")) return std::nullopt;
  return tree_.add(NativeOp::array, tree_.add(NativeOp::pipe, items, *each));
}

// values is select(. != null).
NativeParser::Made NativeParser::values() {
  const auto itself = tree_.add(NativeOp::identity);
  const auto null = tree_.add_constant("null");
  return tree_.add(NativeOp::select, tree_.add(NativeOp::not_equal, itself, *null));
}

NativeParser::Made NativeParser::test() {
  const auto pattern = scan_.take("(") ? constant_text() : std::nullopt;
  if (!pattern) return std::nullopt;
  bool ignore_case = false;
  if (scan_.take(";")) {
    const auto flags = constant_text();
    if (!flags || flags != "i") return std::nullopt;
    ignore_case = true;
  }
  const auto same = same_in_re2(*pattern, ignore_case);
  if (!same || !scan_.take(")")) return std::nullopt;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  options.set_case_sensitive(!ignore_case);
  NativeNode made;
  made.op = NativeOp::call;
  made.function = NativeFunction::test;
  made.regex = std::make_shared<const re2::RE2>(*same, options);
  return made.regex->ok() ? Made(tree_.add(std::move(made))) : std::nullopt;
}

// Reads a string that stands for itself, or a variable of the spec that is a text.
std::optional<std::string> NativeParser::constant_text() {
  scan_.blanks();
  const Made value = scan_.peek() == '"'   ? string(NativeFunction::tostring)
                     : scan_.peek() == '$' ? variable()
                                           : Made();
  if (!value || !node(*value).constant.is(JsonKind::string)) return std::nullopt;
  auto text = node(*value).constant.text();
  return text.find('\0') == text.npos ? std::optional(std::move(text)) : std::nullopt;
}

NativeParser::Made NativeParser::del() {
  const Made made = with_argument(NativeOp::del);
  return made && is_path(node(*made).a) ? made : std::nullopt;
}

bool NativeParser::is_path(std::uint32_t index) const {
  const NativeNode& at = node(index);
  switch (at.op) {
    case NativeOp::identity:
    case NativeOp::empty:
    case NativeOp::select:
      return true;
    case NativeOp::field:
    case NativeOp::index:
    case NativeOp::iterate:
    case NativeOp::attempt:
      return is_path(at.a);
    case NativeOp::pipe:
    case NativeOp::comma:
      return is_path(at.a) && is_path(at.b);
    default:
      return false;
  }
}

}  // namespace leat::pipelines
