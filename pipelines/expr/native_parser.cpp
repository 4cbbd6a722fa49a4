#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "pipelines/expr/jq_text.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/expr/native_node.hpp"
#include "pipelines/expr/regex_subset.hpp"
#include "pipelines/text/utf8.hpp"

namespace leat::pipelines {

namespace {

using Made = std::optional<std::uint32_t>;  // a node, or nothing: outside the subset

bool is_name_start(char c) noexcept {
  const char lower = static_cast<char>(c | 0x20);
  return (lower >= 'a' && lower <= 'z') || c == '_';
}
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_name(char c) noexcept { return is_name_start(c) || is_digit(c); }
bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

struct Comparison {
  std::string_view sign;
  NativeOp op;
};
// The longer signs first.
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

/// jq's grammar, as far as the subset goes; where jq reads on in a way that is not followed here, it gives
/// up.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::optional<NativeTree> parse() {
    if (!is_utf8(text_)) return std::nullopt;
    const Made root = pipe();
    blanks();
    if (!root || at_ != text_.size() || tree_.nodes.size() > kMostNodes) return std::nullopt;
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

  [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void blanks() noexcept {
    for (;;) {
      while (is_blank(peek())) ++at_;
      if (peek() != '#') return;
      at_ = std::min(text_.find('\n', at_), text_.size());
    }
  }
  bool take(std::string_view sign) noexcept {
    blanks();
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }
  // A word is taken only whole: `and`, not the start of `android`.
  bool take_word(std::string_view word) noexcept {
    blanks();
    if (!text_.substr(at_).starts_with(word) || is_name(peek(word.size())) || peek(word.size()) == ':') {
      return false;
    }
    at_ += word.size();
    return true;
  }
  std::string_view name() noexcept {
    const std::size_t start = at_;
    if (is_name_start(peek())) {
      while (is_name(peek())) ++at_;
    }
    return text_.substr(start, at_ - start);
  }

  [[nodiscard]] const NativeNode& node(std::uint32_t index) const { return tree_.nodes[index]; }
  std::uint32_t add(NativeNode made) {
    made.single = is_single(made);
    tree_.nodes.push_back(std::move(made));
    return static_cast<std::uint32_t>(tree_.nodes.size() - 1);
  }
  std::uint32_t add(NativeOp op, std::uint32_t a = 0, std::uint32_t b = 0) {
    NativeNode made;
    made.op = op;
    made.a = a;
    made.b = b;
    return add(std::move(made));
  }
  [[nodiscard]] bool is_single(const NativeNode& made) const {
    switch (made.op) {
      case NativeOp::identity:
      case NativeOp::constant:
      case NativeOp::negation:
      case NativeOp::test:
      case NativeOp::starts_with:
      case NativeOp::ends_with:
      case NativeOp::has:
      case NativeOp::length:
        return true;
      case NativeOp::field:
      case NativeOp::index:
        return !made.optional && node(made.a).single;
      case NativeOp::equal:
      case NativeOp::not_equal:
      case NativeOp::less:
      case NativeOp::less_equal:
      case NativeOp::greater:
      case NativeOp::greater_eq:
      case NativeOp::both:
      case NativeOp::either:
      case NativeOp::pipe:
        return node(made.a).single && node(made.b).single;
      case NativeOp::iterate:
      case NativeOp::alternative:
      case NativeOp::comma:
      case NativeOp::attempt:
      case NativeOp::select:
      case NativeOp::empty:
      case NativeOp::array:
      case NativeOp::object:
        return false;
    }
    return false;
  }

  Made constant(std::string json) {
    auto made = std::make_unique<NativeConstant>();
    made->text = std::move(json);
    if (made->doc.parse(made->text)) return std::nullopt;
    NativeNode value;
    value.op = NativeOp::constant;
    value.constant = made->doc.root();
    tree_.constants.push_back(std::move(made));
    return add(std::move(value));
  }

  // pipe: comma | pipe
  Made pipe() {
    const Deeper deeper(depth_);
    if (deeper.too_deep()) return std::nullopt;
    const Made left = comma();
    if (!left || !take("|")) return left;
    const Made right = pipe();
    return right ? Made(add(NativeOp::pipe, *left, *right)) : std::nullopt;
  }

  Made comma() {
    Made left = alternative();
    while (left && take(",")) {
      const Made right = alternative();
      left = right ? Made(add(NativeOp::comma, *left, *right)) : std::nullopt;
    }
    return left;
  }

  // Right-associative.
  Made alternative() {
    const Deeper deeper(depth_);
    if (deeper.too_deep()) return std::nullopt;
    const Made left = either();
    if (!left || !take("//")) return left;
    const Made right = alternative();
    return right ? Made(add(NativeOp::alternative, *left, *right)) : std::nullopt;
  }

  Made either() {
    Made left = both();
    while (left && take_word("or")) {
      const Made right = both();
      left = right ? Made(add(NativeOp::either, *left, *right)) : std::nullopt;
    }
    return left;
  }

  Made both() {
    Made left = comparison();
    while (left && take_word("and")) {
      const Made right = comparison();
      left = right ? Made(add(NativeOp::both, *left, *right)) : std::nullopt;
    }
    return left;
  }

  // Not associative: `1 == 1 == 1` is an error, which is jq's to report.
  Made comparison() {
    const Made left = postfix();
    if (!left) return left;
    for (const auto& [sign, op] : kComparisons) {
      if (!take(sign)) continue;
      const Made right = postfix();
      return right ? Made(add(op, *left, *right)) : std::nullopt;
    }
    return left;
  }

  // A term with any number of '?' behind it.
  Made postfix() {
    blanks();
    Made made = peek() == '-' ? negative() : term();
    while (made && question_mark()) made = add(NativeOp::attempt, *made);
    return made;
  }

  Made negative() {
    ++at_;
    blanks();
    if (!is_digit(peek())) return std::nullopt;
    return number(true);
  }

  Made term() {
    blanks();
    Made made = head();
    for (blanks(); made && step_follows(); blanks()) made = step(*made);
    return made;
  }
  [[nodiscard]] bool step_follows() const noexcept {
    return peek() == '[' || (peek() == '.' && (is_name_start(peek(1)) || peek(1) == '"'));
  }

  Made head() {
    const char c = peek();
    if (c == '.') return dot();
    if (c == '"') return text_constant();
    if (is_digit(c)) return number(false);
    if (c == '(') {
      ++at_;
      const Made inner = pipe();
      return inner && take(")") ? inner : std::nullopt;
    }
    if (c == '[') return array();
    if (c == '{') return object();
    if (is_name_start(c)) return word();
    return std::nullopt;
  }

  // ".", ".name" and "."text""; what follows is a step.
  Made dot() {
    const char next = peek(1);
    if (next == '.' || is_digit(next) || is_blank(next)) {
      const bool alone = is_blank(next) && identity_ends();
      if (!alone) return std::nullopt;
    }
    const std::uint32_t identity = add(NativeOp::identity);
    if (is_name_start(next) || next == '"') return step(identity);
    ++at_;
    return identity;
  }
  // ". name" and `. "name"` are read as paths, or refused, by jq.
  [[nodiscard]] bool identity_ends() const noexcept {
    const auto next = text_.find_first_not_of(" \t\r\n", at_ + 1);
    if (next == text_.npos) return true;
    return std::string_view("|,)]}=!<>/").find(text_[next]) != text_.npos || word_at(next, "and") ||
           word_at(next, "or");
  }
  [[nodiscard]] bool word_at(std::size_t at, std::string_view word) const noexcept {
    const auto rest = text_.substr(at);
    return rest.starts_with(word) && (rest.size() == word.size() || !is_name(rest[word.size()]));
  }

  // One of ".name", "."text"", "["text"]", "[0]", "[]", with a '?' or without.
  Made step(std::uint32_t target) {
    NativeNode made;
    made.a = target;
    const bool bracketed = peek() == '[';
    ++at_;
    if (bracketed) {
      if (!bracket(made)) return std::nullopt;
    } else if (peek() == '"') {
      if (!key(made)) return std::nullopt;
    } else {
      made.op = NativeOp::field;
      made.text = name();
    }
    made.optional = question_mark();
    return add(std::move(made));
  }
  // "?//" is a sign of its own in jq.
  bool question_mark() noexcept {
    blanks();
    return !text_.substr(at_).starts_with("?//") && take("?");
  }

  bool key(NativeNode& made) {
    const auto json = quoted();
    if (!json) return false;
    const Made value = constant(std::string(*json));
    if (!value) return false;
    made.op = NativeOp::field;
    made.text = node(*value).constant.text();
    return made.text.find('\0') == std::string::npos;  // jq's messages end there
  }

  bool bracket(NativeNode& made) {
    blanks();
    if (take("]")) {
      made.op = NativeOp::iterate;
      return true;
    }
    if (peek() == '"') return key(made) && take("]");
    const bool negative = take("-");
    blanks();
    const auto digits =
        text_.substr(at_, std::min(text_.find_first_not_of("0123456789", at_), text_.size()) - at_);
    if (digits.empty() || digits.size() > 9) return false;
    at_ += digits.size();
    made.op = NativeOp::index;
    made.number = std::stoll(std::string(digits)) * (negative ? -1 : 1);
    return take("]");
  }

  // A string literal without interpolation, in its quotes.
  std::optional<std::string_view> quoted() {
    const std::size_t start = at_;
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') return text_.substr(start, ++at_ - start);
      if (static_cast<unsigned char>(c) < ' ') return std::nullopt;
      if (c == '\\' && peek(1) == '(') return std::nullopt;
      if (c == '\\') ++at_;
    }
    return std::nullopt;
  }

  Made text_constant() {
    const auto json = quoted();
    return json ? constant(std::string(*json)) : std::nullopt;
  }

  Made number(bool negative) {
    const std::size_t start = at_;
    const auto digits = [&] {
      const std::size_t from = at_;
      while (is_digit(peek())) ++at_;
      return at_ != from;
    };
    bool good = digits();
    if (peek() == '.') good = good && (++at_, digits());
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      good = good && digits();
    }
    if (!good || is_name(peek()) || peek() == '.') return std::nullopt;
    const double value = std::strtod(std::string(text_.substr(start, at_ - start)).c_str(), nullptr);
    if (!std::isfinite(value)) return std::nullopt;
    std::string json;
    append_jq_number(json, negative ? -value : value);
    return constant(std::move(json));
  }

  Made word() {
    const auto found = name();
    if (peek() == ':') return std::nullopt;
    if (found == "true" || found == "false" || found == "null") return constant(std::string(found));
    for (const auto& [name, op] : kPlainWords) {
      if (name == found) return take("(") ? std::nullopt : Made(add(op));
    }
    for (const auto& [name, op] : kTextWords) {
      if (name == found) return text_word(op);
    }
    if (found == "select") return select();
    return found == "test" ? test() : std::nullopt;
  }

  Made text_word(NativeOp op) {
    const auto text = argument();
    if (!text || !take(")")) return std::nullopt;
    NativeNode made;
    made.op = op;
    made.text = *text;
    return add(std::move(made));
  }
  // What the string after an opening parenthesis says.
  std::optional<std::string> argument() {
    if (!take("(")) return std::nullopt;
    return text_argument();
  }
  std::optional<std::string> text_argument() {
    blanks();
    if (peek() != '"') return std::nullopt;
    const Made value = text_constant();
    if (!value) return std::nullopt;
    auto text = node(*value).constant.text();
    return text.find('\0') == text.npos ? std::optional(std::move(text)) : std::nullopt;
  }

  Made select() {
    if (!take("(")) return std::nullopt;
    const Made condition = pipe();
    return condition && take(")") ? Made(add(NativeOp::select, *condition)) : std::nullopt;
  }

  Made test() {
    const auto pattern = argument();
    if (!pattern) return std::nullopt;
    bool ignore_case = false;
    if (take(";")) {
      const auto flags = text_argument();
      if (!flags || flags != "i") return std::nullopt;
      ignore_case = true;
    }
    const auto same = same_in_re2(*pattern, ignore_case);
    if (!same || !take(")")) return std::nullopt;
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_case_sensitive(!ignore_case);
    NativeNode made;
    made.op = NativeOp::test;
    made.regex = std::make_shared<const re2::RE2>(*same, options);
    return made.regex->ok() ? Made(add(std::move(made))) : std::nullopt;
  }

  Made array() {
    ++at_;
    if (take("]")) return constant("[]");
    const Made inner = pipe();
    return inner && take("]") ? Made(add(NativeOp::array, *inner)) : std::nullopt;
  }

  Made object() {
    ++at_;
    if (take("}")) return constant("{}");
    NativeNode made;
    made.op = NativeOp::object;
    do {
      if (!member(made)) return std::nullopt;
    } while (take(","));
    return take("}") ? Made(add(std::move(made))) : std::nullopt;
  }

  // `name: value`, `"text": value`, or the key alone for the field of that name.
  bool member(NativeNode& object) {
    blanks();
    NativeNode field;
    if (peek() == '"') {
      if (!key(field)) return false;
    } else {
      field.op = NativeOp::field;
      field.text = name();
      if (field.text.empty() || field.text.starts_with("__")) return false;
    }
    const bool keyword = std::find(kKeywords.begin(), kKeywords.end(), field.text) != kKeywords.end();
    std::string json;
    append_json_text(json, field.text);
    const Made name = constant(std::move(json));
    const JsonValue key = node(*name).constant;
    for (const auto& before : object.members) {
      if (before.key == key) return false;  // which jq counts once, though it evaluates both
    }
    Made value;
    if (take(":")) {
      value = member_value();
    } else if (!keyword) {
      field.a = add(NativeOp::identity);
      value = add(std::move(field));
    }
    if (!value) return false;
    object.members.push_back({key, *value});
    return true;
  }

  // Terms, joined by '|'; anything else needs parentheses.
  Made member_value() {
    const Deeper deeper(depth_);
    if (deeper.too_deep()) return std::nullopt;
    blanks();
    const Made left = peek() == '-' ? negative() : term();
    if (!left || !take("|")) return left;
    const Made right = member_value();
    return right ? Made(add(NativeOp::pipe, *left, *right)) : std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned depth_ = 0;
  NativeTree tree_;
};

}  // namespace

std::optional<NativeTree> parse_native(std::string_view text) { return Parser(text).parse(); }

}  // namespace leat::pipelines
