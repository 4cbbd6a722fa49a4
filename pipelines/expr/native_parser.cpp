#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <map>

#include "engine/text/utf8.hpp"
#include "pipelines/expr/jq_text.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/expr/native_node.hpp"
#include "pipelines/expr/native_scanner.hpp"
#include "pipelines/expr/regex_subset.hpp"

namespace leat::pipelines {

namespace {

using Made = std::optional<std::uint32_t>;  // a node; nothing if it is outside the subset

struct Comparison {
  std::string_view sign;
  NativeOp op;
};
// Longer signs come first.
constexpr std::array<Comparison, 6> kComparisons{{{"==", NativeOp::equal},
                                                  {"!=", NativeOp::not_equal},
                                                  {"<=", NativeOp::less_equal},
                                                  {">=", NativeOp::greater_eq},
                                                  {"<", NativeOp::less},
                                                  {">", NativeOp::greater}}};

struct Word {
  std::string_view name;
  NativeOp op;
};
constexpr std::array<Word, 3> kPlainWords{
    {{"not", NativeOp::negation}, {"length", NativeOp::length}, {"empty", NativeOp::empty}}};
constexpr std::array<Word, 3> kTextWords{
    {{"startswith", NativeOp::starts_with}, {"endswith", NativeOp::ends_with}, {"has", NativeOp::has}}};

constexpr std::array<std::string_view, 17> kKeywords{
    "as",  "def",    "module",  "import", "include", "if",    "then", "else", "elif",
    "end", "reduce", "foreach", "try",    "catch",   "label", "or",   "and"};

/// jq's grammar as far as the subset goes. Where jq reads on in a way that is not followed here, the parser
/// gives up.
class Parser {
 public:
  explicit Parser(std::string_view text) noexcept : scan_(text) {}

  std::optional<NativeTree> parse() {
    while (binding()) {
    }
    const Made root = pipe();
    if (!root || !scan_.at_end() || tree_.nodes.size() > kMostNodes) return std::nullopt;
    return std::move(tree_);
  }

 private:
  // Evaluation goes as deep as the tree is.
  static constexpr unsigned kMaxDepth = 60;
  static constexpr std::size_t kMostNodes = 300;

  class Deeper {
   public:
    explicit Deeper(unsigned& depth) noexcept : depth_(++depth) {}
    ~Deeper() { --depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    [[nodiscard]] bool too_deep() const noexcept { return depth_ > kMaxDepth; }

   private:
    unsigned& depth_;
  };

  [[nodiscard]] const NativeNode& node(std::uint32_t index) const { return tree_.nodes[index]; }

  // Reads `literal as $name |`, which is how a spec's variables come into a program.
  bool binding() {
    const NativeScanner before = scan_;
    scan_.blanks();
    const Made value = scan_.peek() == '"' ? text_constant() : scan_.at_digit() ? number(false) : Made();
    if (value && scan_.take_word("as") && scan_.take("$")) {
      const auto name = scan_.name();
      if (!name.empty() && scan_.take("|")) {
        variables_.insert_or_assign(std::string(name), std::string(node(*value).constant.raw()));
        return true;
      }
    }
    scan_ = before;
    return false;
  }
  Made variable() {
    scan_.skip();
    const auto found = variables_.find(std::string(scan_.name()));
    return found == variables_.end() ? std::nullopt : tree_.add_constant(found->second);
  }

  // pipe: comma | pipe
  Made pipe() {
    const Deeper deeper(depth_);
    if (deeper.too_deep()) return std::nullopt;
    const Made left = comma();
    if (!left || !scan_.take("|")) return left;
    const Made right = pipe();
    return right ? Made(tree_.add(NativeOp::pipe, *left, *right)) : std::nullopt;
  }

  Made comma() {
    Made left = alternative();
    while (left && scan_.take(",")) {
      const Made right = alternative();
      left = right ? Made(tree_.add(NativeOp::comma, *left, *right)) : std::nullopt;
    }
    return left;
  }

  // The operator is right-associative.
  Made alternative() {
    const Deeper deeper(depth_);
    if (deeper.too_deep()) return std::nullopt;
    const Made left = either();
    if (!left || !scan_.take("//")) return left;
    const Made right = alternative();
    return right ? Made(tree_.add(NativeOp::alternative, *left, *right)) : std::nullopt;
  }

  Made either() {
    Made left = both();
    while (left && scan_.take_word("or")) {
      const Made right = both();
      left = right ? Made(tree_.add(NativeOp::either, *left, *right)) : std::nullopt;
    }
    return left;
  }

  Made both() {
    Made left = comparison();
    while (left && scan_.take_word("and")) {
      const Made right = comparison();
      left = right ? Made(tree_.add(NativeOp::both, *left, *right)) : std::nullopt;
    }
    return left;
  }

  // Comparisons are not associative: `1 == 1 == 1` is an error, which jq is left to report.
  Made comparison() {
    const Made left = postfix();
    if (!left) return left;
    for (const auto& [sign, op] : kComparisons) {
      if (!scan_.take(sign)) continue;
      const Made right = postfix();
      return right ? Made(tree_.add(op, *left, *right)) : std::nullopt;
    }
    return left;
  }

  // Reads a term with any number of '?' behind it.
  Made postfix() {
    scan_.blanks();
    Made made = scan_.peek() == '-' ? negative() : term();
    while (made && scan_.take_question_mark()) made = tree_.add(NativeOp::attempt, *made);
    return made;
  }

  Made negative() {
    scan_.skip();
    scan_.blanks();
    if (!scan_.at_digit()) return std::nullopt;
    return number(true);
  }

  Made term() {
    scan_.blanks();
    Made made = head();
    for (scan_.blanks(); made && scan_.at_step(); scan_.blanks()) made = step(*made);
    return made;
  }

  Made head() {
    const char c = scan_.peek();
    if (c == '.') return dot();
    if (c == '"') return text_constant();
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
  Made dot() {
    const std::uint32_t identity = tree_.add(NativeOp::identity);
    if (scan_.at_step()) return step(identity);
    if (!scan_.dot_stands_alone()) return std::nullopt;
    scan_.skip();
    return identity;
  }

  // Reads one of ".name", "."text"", "["text"]", "[0]" and "[]", with a '?' or without.
  Made step(std::uint32_t target) {
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

  bool key(NativeNode& made) {
    const auto json = scan_.quoted();
    if (!json) return false;
    const Made value = tree_.add_constant(std::string(*json));
    if (!value) return false;
    made.op = NativeOp::field;
    made.text = node(*value).constant.text();
    return made.text.find('\0') == std::string::npos;  // jq's messages end at a NUL
  }

  bool bracket(NativeNode& made) {
    scan_.blanks();
    if (scan_.take("]")) {
      made.op = NativeOp::iterate;
      return true;
    }
    if (scan_.peek() == '"') return key(made) && scan_.take("]");
    const bool negative = scan_.take("-");
    const auto place = scan_.integer();
    if (!place) return false;
    made.op = NativeOp::index;
    made.number = negative ? -*place : *place;
    return scan_.take("]");
  }

  Made text_constant() {
    const auto json = scan_.quoted();
    return json ? tree_.add_constant(std::string(*json)) : std::nullopt;
  }

  Made number(bool negative) {
    const auto value = scan_.number();
    if (!value) return std::nullopt;
    std::string json;
    append_jq_number(json, negative ? -*value : *value);
    return tree_.add_constant(std::move(json));
  }

  Made word() {
    const auto found = scan_.name();
    if (scan_.peek() == ':') return std::nullopt;
    if (found == "true" || found == "false" || found == "null") return tree_.add_constant(std::string(found));
    for (const auto& [name, op] : kPlainWords) {
      if (name == found) return scan_.take("(") ? std::nullopt : Made(tree_.add(op));
    }
    for (const auto& [name, op] : kTextWords) {
      if (name == found) return text_word(op);
    }
    if (found == "select") return select();
    return found == "test" ? test() : std::nullopt;
  }

  Made text_word(NativeOp op) {
    const auto text = argument();
    if (!text || !scan_.take(")")) return std::nullopt;
    NativeNode made;
    made.op = op;
    made.text = *text;
    return tree_.add(std::move(made));
  }
  // Gives what the string after an opening parenthesis stands for.
  std::optional<std::string> argument() {
    if (!scan_.take("(")) return std::nullopt;
    return text_argument();
  }
  std::optional<std::string> text_argument() {
    scan_.blanks();
    const Made value = scan_.peek() == '"' ? text_constant() : scan_.peek() == '$' ? variable() : Made();
    if (!value || !node(*value).constant.is(JsonKind::string)) return std::nullopt;
    auto text = node(*value).constant.text();
    return text.find('\0') == text.npos ? std::optional(std::move(text)) : std::nullopt;
  }

  Made select() {
    if (!scan_.take("(")) return std::nullopt;
    const Made condition = pipe();
    return condition && scan_.take(")") ? Made(tree_.add(NativeOp::select, *condition)) : std::nullopt;
  }

  Made test() {
    const auto pattern = argument();
    if (!pattern) return std::nullopt;
    bool ignore_case = false;
    if (scan_.take(";")) {
      const auto flags = text_argument();
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
    made.op = NativeOp::test;
    made.regex = std::make_shared<const re2::RE2>(*same, options);
    return made.regex->ok() ? Made(tree_.add(std::move(made))) : std::nullopt;
  }

  Made array() {
    scan_.skip();
    if (scan_.take("]")) return tree_.add_constant("[]");
    const Made inner = pipe();
    return inner && scan_.take("]") ? Made(tree_.add(NativeOp::array, *inner)) : std::nullopt;
  }

  Made object() {
    scan_.skip();
    if (scan_.take("}")) return tree_.add_constant("{}");
    NativeNode made;
    made.op = NativeOp::object;
    do {
      if (!member(made)) return std::nullopt;
    } while (scan_.take(","));
    return scan_.take("}") ? Made(tree_.add(std::move(made))) : std::nullopt;
  }

  // Reads `name: value`, `"text": value`, or a key alone, which means the field of that name.
  bool member(NativeNode& object) {
    scan_.blanks();
    NativeNode field;
    if (scan_.peek() == '"') {
      if (!key(field)) return false;
    } else {
      field.op = NativeOp::field;
      field.text = scan_.name();
      if (field.text.empty() || field.text.starts_with("__")) return false;
    }
    const bool keyword = std::find(kKeywords.begin(), kKeywords.end(), field.text) != kKeywords.end();
    std::string json;
    append_json_text(json, field.text);
    const Made name = tree_.add_constant(std::move(json));
    const JsonValue key = node(*name).constant;
    for (const auto& before : object.members) {
      if (before.key == key) return false;  // jq counts it once, though it evaluates both
    }
    Made value;
    if (scan_.take(":")) {
      value = member_value();
    } else if (!keyword) {
      field.a = tree_.add(NativeOp::identity);
      value = tree_.add(std::move(field));
    }
    if (!value) return false;
    object.members.push_back({key, *value});
    return true;
  }

  // Reads terms joined by '|'; anything else needs parentheses.
  Made member_value() {
    const Deeper deeper(depth_);
    if (deeper.too_deep()) return std::nullopt;
    scan_.blanks();
    const Made left = scan_.peek() == '-' ? negative() : term();
    if (!left || !scan_.take("|")) return left;
    const Made right = member_value();
    return right ? Made(tree_.add(NativeOp::pipe, *left, *right)) : std::nullopt;
  }

  NativeScanner scan_;
  unsigned depth_ = 0;
  std::map<std::string, std::string> variables_;  // as JSON
  NativeTree tree_;
};

}  // namespace

std::optional<NativeTree> parse_native(std::string_view text) {
  return text::is_utf8(text) ? Parser(text).parse() : std::nullopt;
}

}  // namespace leat::pipelines
