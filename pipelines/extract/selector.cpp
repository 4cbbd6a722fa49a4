#include "pipelines/extract/selector.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "engine/text/ascii.hpp"
#include "engine/text/nearest.hpp"
#include "engine/text/number.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/extract/markup_text.hpp"

namespace leat::pipelines {

namespace {

using Kind = Selector::Kind;
using Op = Selector::Op;
using Simple = Selector::Simple;
using Combinator = Selector::Combinator;

struct PseudoRow {
  std::string_view name;
  Kind kind;
  bool takes_argument;
  bool from_end;
  bool of_type;
};

constexpr PseudoRow kPseudos[] = {
    {"first-child", Kind::position, false, false, false},
    {"last-child", Kind::position, false, true, false},
    {"only-child", Kind::only, false, false, false},
    {"nth-child", Kind::position, true, false, false},
    {"nth-last-child", Kind::position, true, true, false},
    {"first-of-type", Kind::position, false, false, true},
    {"last-of-type", Kind::position, false, true, true},
    {"only-of-type", Kind::only, false, false, true},
    {"nth-of-type", Kind::position, true, false, true},
    {"nth-last-of-type", Kind::position, true, true, true},
    {"empty", Kind::empty, false, false, false},
    {"root", Kind::root, false, false, false},
};

struct OpRow {
  std::string_view sign;
  Op op;
};

constexpr OpRow kOps[] = {{"=", Op::equals},  {"~=", Op::word},   {"|=", Op::dash},
                          {"^=", Op::prefix}, {"$=", Op::suffix}, {"*=", Op::substring}};

bool is_name_start(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_name(char c) noexcept { return is_name_start(c) || text::is_digit(c) || c == '-'; }

std::string unknown_pseudo(std::string_view name) {
  std::vector<std::string_view> names = {"not"};
  for (const auto& row : kPseudos) names.push_back(row.name);
  std::string message = "\":" + text::printable(name, 40) + "\" is not supported";
  if (const auto near = text::nearest(name, names); !near.empty()) {
    return message + "; did you mean \":" + std::string(near) + "\"?";
  }
  message += "; there are";
  for (const auto known : names) message += " :" + std::string(known);
  return message + ", and xpath= can do the rest";
}

/// A recursive-descent parser of one text. Its functions give false from the first fault on.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Compiled<Selector> run() {
    const std::size_t valid = text::valid_utf8_prefix(text_);
    if (valid != text_.size()) {
      at_ = valid;
      fail("is not UTF-8");
    } else {
      list();
    }
    if (fault_) return std::move(*fault_);
    return std::move(made_);
  }

 private:
  bool list() {
    for (;;) {
      if (!chain()) return false;
      if (at_end()) return true;
      ++at_;  // the comma, or chain() would not have ended
    }
  }

  // Compounds and combinators up to a comma or the end.
  bool chain() {
    Combinator before = Combinator::none;
    skip_blanks();
    for (;;) {
      if (made_.compounds.size() == Selector::kMaxCompounds) {
        return fail("more than 64 parts; split it into several extracts");
      }
      auto& compound = made_.compounds.emplace_back();
      compound.before = before;
      if (!this->compound(compound.all)) return false;
      const bool blank = skip_blanks();
      if (at_end() || peek() == ',') return true;
      const auto sign = std::string_view(">+~").find(peek());
      if (sign != std::string_view::npos) {
        constexpr std::array kBySign = {Combinator::child, Combinator::adjacent, Combinator::sibling};
        before = kBySign[sign];
        ++at_;
        skip_blanks();
      } else if (blank) {
        before = Combinator::descendant;
      } else {
        return unexpected();
      }
    }
  }

  bool compound(std::vector<Simple>& all) {
    bool any = false;
    if (!at_end() && peek() == '*') {
      ++at_;
      any = true;
    } else if (starts_name()) {
      if (!type(all.emplace_back())) return false;
      any = true;
    }
    if (!at_end() && peek() == '|')
      return fail("namespaces are not supported; a name matches in any of them");
    while (!at_end() && std::string_view("#.[:").find(peek()) != std::string_view::npos) {
      if (!condition(all, false)) return false;
      any = true;
    }
    return any || unexpected();
  }

  bool type(Simple& simple) {
    simple.kind = Kind::type;
    return name(simple.name);
  }

  // One of #id, .class, [attribute], :pseudo-class.
  bool condition(std::vector<Simple>& all, bool negated) {
    const char sign = text_[at_++];
    if (sign == ':') return pseudo(all, negated);
    Simple& simple = all.emplace_back();
    simple.negated = negated;
    simple.kind = Kind::attribute;
    if (sign == '[') return attribute(simple);
    simple.name = sign == '#' ? "id" : "class";
    simple.op = sign == '#' ? Op::equals : Op::word;
    // The name after '#' may start with a digit. In a style sheet it matches nothing then; here it does.
    return sign == '#' && !at_end() && text::is_digit(peek()) ? name_rest(simple.value) : name(simple.value);
  }

  bool attribute(Simple& simple) {
    skip_blanks();
    if (!name(simple.name)) return false;
    skip_blanks();
    if (!at_end() && peek() == ']') return ++at_, true;
    if (at_end()) return fail("']' is missing");
    const auto row = std::find_if(std::begin(kOps), std::end(kOps),
                                  [&](const OpRow& r) { return text_.substr(at_).starts_with(r.sign); });
    if (row == std::end(kOps)) {
      return fail(
          peek() == '|'
              ? "namespaces are not supported; a prefix is written with its colon escaped, [xlink\\:href]"
              : "one of = ~= |= ^= $= *= or ']' belongs here");
    }
    simple.op = row->op;
    at_ += row->sign.size();
    skip_blanks();
    if (!value(simple.value)) return false;
    skip_blanks();
    if (!at_end() && (peek() == 'i' || peek() == 'I' || peek() == 's' || peek() == 'S')) {
      simple.any_case = peek() == 'i' || peek() == 'I';
      ++at_;
      skip_blanks();
    }
    if (at_end()) return fail("']' is missing");
    if (peek() != ']') return fail("']' belongs here; a value with blanks or signs is written in quotes");
    return ++at_, true;
  }

  bool value(std::string& out) {
    if (at_end()) return fail("a value is missing");
    if (peek() == '"' || peek() == '\'') return quoted(out);
    if (!is_name(peek()) && peek() != '\\') return fail("a value with blanks or signs is written in quotes");
    return name_rest(out);
  }

  bool quoted(std::string& out) {
    const std::size_t start = at_;
    const char quote = text_[at_++];
    while (!at_end() && peek() != quote) {
      if (peek() != '\\') {
        out += text_[at_++];
      } else if (!escape(out, true)) {
        return false;
      }
    }
    if (at_end()) {
      at_ = start;
      return fail("the quote is not closed");
    }
    return ++at_, true;
  }

  bool pseudo(std::vector<Simple>& all, bool negated) {
    const std::size_t start = at_ - 1;
    if (!at_end() && peek() == ':')
      return fail("there are no pseudo-elements here; attr= gives an attribute");
    std::string written;
    if (!name(written)) return false;
    const std::string word = text::to_lower(written);
    const bool opens = !at_end() && peek() == '(';
    const auto row =
        std::find_if(std::begin(kPseudos), std::end(kPseudos), [&](const auto& r) { return r.name == word; });
    if (row == std::end(kPseudos) && word != "not") return fail_at(start, unknown_pseudo(word));
    const bool wants = word == "not" || row->takes_argument;
    if (wants != opens) {
      return wants ? fail("'(' belongs here, as in :" + word + (word == "not" ? "(.a)" : "(2n+1)"))
                   : fail(":" + word + " takes nothing in parentheses");
    }
    if (opens) ++at_;
    if (word == "not") return negation(all, negated, start);
    Simple& simple = all.emplace_back();
    simple.negated = negated;
    simple.kind = row->kind;
    simple.from_end = row->from_end;
    simple.of_type = row->of_type;
    return !wants || position(simple);
  }

  bool negation(std::vector<Simple>& all, bool negated, std::size_t start) {
    if (negated) return fail_at(start, ":not() in :not() is not supported");
    for (;;) {
      skip_blanks();
      if (starts_name()) {
        all.emplace_back().negated = true;
        if (!type(all.back())) return false;
      } else if (!at_end() && std::string_view("#.[:").find(peek()) != std::string_view::npos) {
        if (!condition(all, true)) return false;
      } else {
        return fail(":not() takes simple selectors: a name, .class, #id, [attribute] or a pseudo-class");
      }
      skip_blanks();
      if (at_end()) return fail("')' is missing");
      if (peek() == ')') return ++at_, true;
      if (peek() != ',') {
        return fail(
            ":not() takes single conditions, separated by commas; \"not both\" is xpath=\"…[not(a and b)]\"");
      }
      ++at_;
    }
  }

  // The argument of nth-child( ): odd, even, 3, 2n, 2n+1 or -n+3, and the ')' behind it.
  bool position(Simple& simple) {
    const std::size_t start = at_;
    const std::size_t end = text_.find(')', at_);
    if (end == std::string_view::npos) return fail_at(start, "')' is missing");
    std::string word;
    for (const char c : text::to_lower(text_.substr(at_, end - at_))) {
      if (kHtmlBlanks.find(c) == std::string_view::npos) word += c;
    }
    at_ = end + 1;
    if (word == "odd" || word == "even") {
      simple.step = 2;
      simple.offset = word == "odd" ? 1 : 0;
      return true;
    }
    const auto n = word.find('n');
    bool good = true;
    if (n == std::string::npos) {
      good = integer(word, simple.offset);
    } else {
      const std::string step = word.substr(0, n);
      const std::string offset = word.substr(n + 1);
      simple.step = step == "-" ? -1 : 1;
      simple.offset = 0;
      if (!step.empty() && step != "-" && step != "+") good = integer(step, simple.step);
      const bool is_signed = !offset.empty() && (offset[0] == '+' || offset[0] == '-');
      if (!offset.empty()) good = good && is_signed && integer(offset, simple.offset);
    }
    return good || fail_at(start, "a position is odd, even, a number, or like 2n+1 or -n+3");
  }

  static bool integer(std::string_view word, int& out) {
    if (word.starts_with('+') && word.size() > 1 && text::is_digit(word[1])) word.remove_prefix(1);
    const auto number = text::parse_number<int>(word);
    out = number.value_or(0);
    return number && out > -1'000'000'000 && out < 1'000'000'000;
  }

  [[nodiscard]] bool starts_name() const noexcept {
    if (at_end()) return false;
    if (peek() != '-') return is_name_start(peek()) || peek() == '\\';
    return at_ + 1 < text_.size() &&
           (is_name_start(text_[at_ + 1]) || text_[at_ + 1] == '-' || text_[at_ + 1] == '\\');
  }

  bool name(std::string& out) {
    if (starts_name()) return name_rest(out);
    return fail(at_end() ? "a name is missing at the end" : "a name belongs here");
  }

  bool name_rest(std::string& out) {
    while (!at_end() && (is_name(peek()) || peek() == '\\')) {
      if (peek() != '\\') {
        out += text_[at_++];
      } else if (!escape(out, false)) {
        return false;
      }
    }
    return true;
  }

  // CSS Syntax 3, 4.3.7: up to six hexadecimal digits and a blank, or any other character, which stands for
  // itself. In a string a line break after '\' is left out.
  bool escape(std::string& out, bool in_string) {
    const std::size_t start = at_++;
    unsigned code = 0;
    const char* digits = text_.data() + at_;
    const char* most = digits + std::min<std::size_t>(6, text_.size() - at_);
    const auto [end, error] = std::from_chars(digits, most, code, 16);
    if (error == std::errc()) {
      at_ += static_cast<std::size_t>(end - digits);
      if (!at_end() && kHtmlBlanks.find(peek()) != std::string_view::npos) ++at_;
      append_character(out, code);
      return true;
    }
    if (at_end()) return fail_at(start, "nothing follows '\\'");
    if (peek() == '\n') return in_string ? (++at_, true) : fail_at(start, "a line break follows '\\'");
    const std::size_t length = text::character_length(text_.substr(at_));
    out += text_.substr(at_, length);
    at_ += length;
    return true;
  }

  static void append_character(std::string& out, unsigned code) {
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
    text::append_utf8(out, code);
  }

  bool skip_blanks() {
    const std::size_t start = at_;
    at_ = std::min(text_.find_first_not_of(kHtmlBlanks, at_), text_.size());
    return at_ != start;
  }

  [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }
  [[nodiscard]] char peek() const noexcept { return text_[at_]; }

  bool unexpected() {
    if (at_end()) return fail(text_.empty() ? "the selector is empty" : "a selector is missing at the end");
    if (peek() == ',') return fail("a selector is missing before ','");
    const auto character =
        text_.substr(at_, std::max<std::size_t>(text::character_length(text_.substr(at_)), 1));
    return fail("\"" + text::printable(character, 8) +
                "\" does not belong here; see xpath= for what CSS can't say");
  }
  bool fail(std::string message) { return fail_at(at_, std::move(message)); }
  bool fail_at(std::size_t offset, std::string message) {
    fault_ = TextFault{offset, std::move(message)};
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Selector made_;
  std::optional<TextFault> fault_;
};

}  // namespace

Compiled<Selector> parse_selector(std::string_view css) { return Parser(css).run(); }

std::optional<TextFault> check_selector(const std::string& css) {
  auto parsed = parse_selector(css);
  if (auto* fault = std::get_if<TextFault>(&parsed)) return std::move(*fault);
  return std::nullopt;
}

}  // namespace leat::pipelines
