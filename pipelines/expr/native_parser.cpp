#include "pipelines/expr/native_parser.hpp"

#include <array>

#include "engine/text/utf8.hpp"

namespace leat::pipelines {

namespace {

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

}  // namespace

std::optional<NativeTree> NativeParser::parse() {
  while (let()) {
  }
  const Made root = pipe();
  if (!root || !scan_.at_end() || tree_.nodes.size() > kMostNodes) return std::nullopt;
  return std::move(tree_);
}

// Reads `literal as $name |`, which is how a spec's variables come into a program. Their values are
// constants.
bool NativeParser::let() {
  const NativeScanner before = scan_;
  scan_.blanks();
  const Made value = scan_.peek() == '"' ? string(NativeFunction::tostring)
                     : scan_.at_digit()  ? number(false)
                                         : Made();
  const bool constant = value && node(*value).op == NativeOp::constant;
  if (constant && scan_.take_word("as") && scan_.take("$")) {
    const auto name = scan_.name();
    if (!name.empty() && scan_.take("|")) {
      constants_.insert_or_assign(std::string(name), std::string(node(*value).constant.raw()));
      return true;
    }
  }
  scan_ = before;
  return false;
}

// pipe: comma | pipe
NativeParser::Made NativeParser::pipe() {
  const Deeper deeper(depth_);
  if (deeper.too_deep()) return std::nullopt;
  const Made left = comma();
  if (!left || !scan_.take("|")) return left;
  const Made right = pipe();
  return right ? Made(tree_.add(NativeOp::pipe, *left, *right)) : std::nullopt;
}

NativeParser::Made NativeParser::comma() {
  Made left = alternative();
  while (left && scan_.take(",")) {
    const Made right = alternative();
    left = right ? Made(tree_.add(NativeOp::comma, *left, *right)) : std::nullopt;
  }
  return left;
}

// The operator is right-associative.
NativeParser::Made NativeParser::alternative() {
  const Deeper deeper(depth_);
  if (deeper.too_deep()) return std::nullopt;
  const Made left = either();
  if (!left || !scan_.take("//")) return left;
  const Made right = alternative();
  return right ? Made(tree_.add(NativeOp::alternative, *left, *right)) : std::nullopt;
}

NativeParser::Made NativeParser::either() {
  Made left = both();
  while (left && scan_.take_word("or")) {
    const Made right = both();
    left = right ? Made(tree_.add(NativeOp::either, *left, *right)) : std::nullopt;
  }
  return left;
}

NativeParser::Made NativeParser::both() {
  Made left = comparison();
  while (left && scan_.take_word("and")) {
    const Made right = comparison();
    left = right ? Made(tree_.add(NativeOp::both, *left, *right)) : std::nullopt;
  }
  return left;
}

// Comparisons are not associative: `1 == 1 == 1` is an error, which jq is left to report.
NativeParser::Made NativeParser::comparison() {
  const Made left = sum();
  if (!left) return left;
  for (const auto& [sign, op] : kComparisons) {
    if (!scan_.take(sign)) continue;
    const Made right = sum();
    return right ? Made(tree_.add(op, *left, *right)) : std::nullopt;
  }
  return left;
}

NativeParser::Made NativeParser::sum() {
  Made left = postfix();
  while (left && scan_.take("+")) {
    const Made right = postfix();
    left = right ? Made(tree_.add(NativeOp::sum, *left, *right)) : std::nullopt;
  }
  return left;
}

// Reads a term with any number of '?' behind it, or a term that is bound to a name.
NativeParser::Made NativeParser::postfix() {
  scan_.blanks();
  Made made;
  if (scan_.take_word("if")) {
    made = condition();
  } else if (scan_.take_word("try")) {
    made = attempt();
  } else if (scan_.peek() == '-') {
    made = negative();
  } else {
    made = term();
    if (made && scan_.take_word("as")) return bound(*made);
  }
  while (made && scan_.take_question_mark()) made = tree_.add(NativeOp::attempt, *made);
  return made;
}

// Reads on behind `try`. What may fail is a term, and so is what catches its message.
NativeParser::Made NativeParser::attempt() {
  const Made tried = term();
  if (!tried || !scan_.take_word("catch")) return tried ? Made(tree_.add(NativeOp::attempt, *tried)) : tried;
  const Made caught = term();
  return caught ? Made(tree_.add(NativeOp::rescue, *tried, *caught)) : caught;
}

// Reads on behind `if` or `elif`.
NativeParser::Made NativeParser::condition() {
  const Deeper deeper(depth_);
  if (deeper.too_deep()) return std::nullopt;
  NativeNode made;
  made.op = NativeOp::condition;
  const Made asked = pipe();
  if (!asked || !scan_.take_word("then")) return std::nullopt;
  const Made yes = pipe();
  if (!yes) return std::nullopt;
  Made no;
  if (scan_.take_word("elif")) {
    no = condition();
  } else if (scan_.take_word("else")) {
    no = pipe();
    if (!scan_.take_word("end")) return std::nullopt;
  }
  if (!no) return std::nullopt;
  made.a = *asked;
  made.b = *yes;
  made.c = *no;
  return tree_.add(std::move(made));
}

// Reads `$name | body` behind `as`; the body goes as far as it can.
NativeParser::Made NativeParser::bound(std::uint32_t value) {
  const Deeper deeper(depth_);
  if (deeper.too_deep() || !scan_.take("$")) return std::nullopt;
  const auto name = scan_.name();
  if (name.empty() || !scan_.take("|")) return std::nullopt;
  NativeNode made;
  made.op = NativeOp::binding;
  made.a = value;
  made.number = static_cast<std::int64_t>(tree_.variables);
  scopes_.emplace_back(name, tree_.variables++);
  const Made body = pipe();
  scopes_.pop_back();
  if (!body) return std::nullopt;
  made.b = *body;
  return tree_.add(std::move(made));
}

std::optional<NativeTree> parse_native(std::string_view text) {
  return text::is_utf8(text) ? NativeParser(text).parse() : std::nullopt;
}

}  // namespace leat::pipelines
