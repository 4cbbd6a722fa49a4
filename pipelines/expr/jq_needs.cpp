#include "pipelines/expr/jq_needs.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "pipelines/expr/jq_tokens.hpp"
#include "pipelines/expr/json_text.hpp"

namespace leat::pipelines {

namespace {

using Path = std::vector<std::string>;
/// The place of a value in the input; nothing if it isn't part of it, or if all of it is needed already.
using Place = std::optional<Path>;
/// A path that the program follows. `whole` says that it looks at the value there; else it only looks whether
/// it can go on from there.
struct Use {
  Path path;
  bool whole;
};

/// Thrown at what is no operand, or what this doesn't follow: definitions and patterns.
struct NotUnderstood {};

// These functions don't use their own input but hand it to their arguments.
constexpr std::array<std::string_view, 13> kBlind{"empty",   "error", "false", "first", "infinite",
                                                  "isempty", "last",  "limit", "nan",   "now",
                                                  "null",    "range", "true"};
constexpr std::array<std::string_view, 14> kOperators{
    ",", "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "and", "or"};
constexpr std::array<std::string_view, 8> kUpdates{"=", "|=", "+=", "-=", "*=", "/=", "%=", "//="};

template <class Table>
bool is_in(const Table& table, std::string_view text) {
  return std::find(table.begin(), table.end(), text) != table.end();
}

/// Follows the input through the program, by jq 1.6's grammar without its precedences: whatever an operator
/// works on is needed anyway.
class Walk {
 public:
  explicit Walk(std::string_view program) : program_(program), tokens_(jq_tokens(program)) {}

  std::vector<Use> run() {
    need(pipe(Path()));
    if (at_ != tokens_.size()) throw NotUnderstood{};
    return std::move(uses_);
  }

 private:
  [[nodiscard]] std::string_view peek(std::size_t ahead = 0) const {
    if (at_ + ahead >= tokens_.size()) return {};
    const auto& token = tokens_[at_ + ahead];
    return program_.substr(token.begin, token.end - token.begin);
  }
  [[nodiscard]] bool is(JqTokenKind kind, std::size_t ahead = 0) const {
    return at_ + ahead < tokens_.size() && tokens_[at_ + ahead].kind == kind;
  }
  bool take(std::string_view text) {
    if (is(JqTokenKind::text) || peek() != text) return false;
    ++at_;
    return true;
  }
  void expect(std::string_view text) {
    if (!take(text)) throw NotUnderstood{};
  }
  std::string_view take_any() {
    const auto text = peek();
    if (text.empty()) throw NotUnderstood{};
    ++at_;
    return text;
  }

  void need(Place place) {
    if (place) uses_.push_back({std::move(*place), true});
  }
  Place member(Place of, std::string_view name) {
    if (!of) return of;
    of->emplace_back(name);
    uses_.push_back({*of, false});
    return of;
  }

  Place pipe(const Place& in) {
    const Deeper deeper(*this);
    Place out = binary(in);
    while (take("|")) out = binary(Place(std::move(out)));
    return out;
  }

  Place binary(const Place& in) {
    Place out = operand(in);
    for (bool more = true; more;) {
      const auto sign = is(JqTokenKind::text) ? std::string_view() : peek();
      const bool updates = is_in(kUpdates, sign);
      more = updates || sign == "//" || is_in(kOperators, sign);
      if (!more) break;
      ++at_;
      if (updates) need(in);
      need(std::exchange(out, std::nullopt));
      need(operand(in));
    }
    return out;
  }

  Place operand(const Place& in) {
    const Deeper deeper(*this);
    if (take("-")) return used(operand(in));
    if (take("if")) return after(in, condition(in));
    if (take("try")) {
      need(operand(in));
      if (take("catch")) need(operand(std::nullopt));
      return std::nullopt;
    }
    if (take("reduce") || take("foreach")) return after(in, fold(in));
    if (take("label")) {
      variable();
      expect("|");
      return pipe(in);
    }
    Place value = after(in, primary(in));
    if (!take("as")) return value;
    need(std::move(value));
    variable();
    expect("|");
    return pipe(in);
  }

  Place used(Place place) {
    need(std::move(place));
    return std::nullopt;
  }

  void variable() {
    expect("$");
    if (!is(JqTokenKind::name)) throw NotUnderstood{};
    ++at_;
  }

  Place condition(const Place& in) {
    need(pipe(in));
    expect("then");
    need(pipe(in));
    while (take("elif")) {
      need(pipe(in));
      expect("then");
      need(pipe(in));
    }
    need(take("else") ? pipe(in) : in);
    expect("end");
    return std::nullopt;
  }

  // The value that it starts with is needed, and so is the one that it goes on with.
  Place fold(const Place& in) {
    need(after(in, primary(in)));
    expect("as");
    variable();
    expect("(");
    need(pipe(in));
    while (take(";")) need(pipe(std::nullopt));
    expect(")");
    return std::nullopt;
  }

  Place primary(const Place& in) {
    if (is(JqTokenKind::field)) return member(in, take_any().substr(1));
    if (is(JqTokenKind::text)) return text(in);
    if (is(JqTokenKind::name)) return call(in);
    const auto sign = take_any();
    if (sign == ".") return is(JqTokenKind::text) ? member(in, plain_text()) : in;
    if (sign == "..") return used(in);
    if (sign == "(") {
      Place inside = pipe(in);
      expect(")");
      return inside;
    }
    if (sign == "[") {
      if (!take("]")) {
        need(pipe(in));
        expect("]");
      }
      return std::nullopt;
    }
    if (sign == "{") return object(in);
    if (sign == "$") {
      --at_;
      variable();
      return std::nullopt;
    }
    if (sign.front() == '@') return is(JqTokenKind::text) ? text(in) : used(in);
    const bool number = sign.front() == '.' || (sign.front() >= '0' && sign.front() <= '9');
    if (!number) throw NotUnderstood{};
    return std::nullopt;
  }

  // Reads the steps behind a term.
  Place after(const Place& in, Place value) {
    for (;;) {
      if (is(JqTokenKind::field)) {
        value = member(std::move(value), take_any().substr(1));
      } else if (!is(JqTokenKind::text) && peek() == "." && is(JqTokenKind::text, 1)) {
        ++at_;
        value = member(std::move(value), plain_text());
      } else if (!is(JqTokenKind::text) && peek() == "." && peek(1) == "[") {
        ++at_;
      } else if (take("[")) {
        value = bracket(in, std::move(value));
      } else if (!take("?")) {
        return value;
      }
    }
  }

  Place bracket(const Place& in, Place value) {
    if (is(JqTokenKind::text) && peek(1) == "]") {
      value = member(std::move(value), plain_text());
      expect("]");
      return value;
    }
    need(std::move(value));
    while (!take("]")) {
      if (!take(":")) need(pipe(in));
    }
    return std::nullopt;
  }

  // Reads a whole string without escapes.
  std::string plain_text() {
    const auto quoted = take_any();
    const bool plain = quoted.size() >= 2 && quoted.front() == '"' && quoted.back() == '"' &&
                       quoted.find('\\') == std::string_view::npos;
    if (!plain) throw NotUnderstood{};
    return std::string(quoted.substr(1, quoted.size() - 2));
  }

  // Reads a string together with what is interpolated in it.
  Place text(const Place& in) {
    while (take_any().ends_with("\\(")) {
      need(pipe(in));
      if (!is(JqTokenKind::text)) throw NotUnderstood{};
    }
    return std::nullopt;
  }

  Place call(const Place& in) {
    const auto name = take_any();
    if (name == "break") {
      variable();
      return std::nullopt;
    }
    if (name == "def" || name == "import" || name == "include" || name == "__loc__") throw NotUnderstood{};
    const bool arguments = !is(JqTokenKind::text) && peek() == "(";
    const bool passes = name == "select" && arguments;
    const bool blind = passes || (is_in(kBlind, name) && (arguments || !takes_input(name)));
    if (!blind) need(in);
    if (take("(")) {
      do {
        need(pipe(blind ? in : std::nullopt));
      } while (take(";"));
      expect(")");
    }
    return passes ? in : std::nullopt;
  }
  // These use their input if they have no arguments.
  static bool takes_input(std::string_view name) {
    return name == "error" || name == "first" || name == "last";
  }

  Place object(const Place& in) {
    while (!take("}")) {
      entry(in);
      if (!take(",") && peek() != "}") throw NotUnderstood{};
    }
    return std::nullopt;
  }
  void entry(const Place& in) {
    if (take("(")) {
      need(pipe(in));
      expect(")");
    } else if (peek() == "$") {
      variable();
      return;
    } else if (is(JqTokenKind::name)) {
      const auto name = take_any();
      if (peek() != ":") return need(member(in, name));
    } else if (is(JqTokenKind::text)) {
      const auto name = plain_text();
      if (peek() != ":") return need(member(in, name));
    }
    expect(":");
    // It is terms and pipes; a comma ends it.
    Place value = operand(in);
    while (take("|")) value = operand(Place(std::move(value)));
    need(std::move(value));
  }

  /// Bounds the depth of the recursion.
  class Deeper {
   public:
    explicit Deeper(Walk& walk) : walk_(walk) {
      constexpr int kMost = 500;
      if (++walk_.depth_ > kMost) throw NotUnderstood{};
    }
    ~Deeper() { --walk_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    Walk& walk_;
  };

  std::string_view program_;
  std::vector<JqToken> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::vector<Use> uses_;
};

}  // namespace

JqNeeds JqNeeds::of(std::string_view program) {
  JqNeeds needs;
  try {
    for (const auto& use : Walk(program).run()) {
      Node& node = needs.at(use.path);
      node.whole = node.whole || use.whole;
    }
  } catch (const NotUnderstood&) {
    needs.root_.whole = true;
  }
  return needs;
}

JqNeeds::Node& JqNeeds::at(const std::vector<std::string>& path) {
  Node* at = &root_;
  for (const auto& name : path) {
    auto found = std::find_if(at->members.begin(), at->members.end(),
                              [&](const Node& node) { return node.name == name; });
    if (found == at->members.end()) {
      found = at->members.insert(found, Node());
      found->name = name;
      append_json_text(found->key, name);
      found->key += ':';
    }
    at = &*found;
  }
  return *at;
}

bool JqNeeds::has(std::string_view name) const noexcept {
  return whole() || std::any_of(root_.members.begin(), root_.members.end(),
                                [name](const Node& node) { return node.name == name; });
}

void JqNeeds::append_to(std::string& out, Input& input) const {
  out += '{';
  bool first = true;
  for (const auto& member : root_.members) {
    const JsonValue value = input.field(member.name);
    if (!value.exists()) continue;
    if (!std::exchange(first, false)) out += ',';
    out += member.key;
    append(out, member, value);
  }
  out += '}';
}

// What is no object is given as it is, because jq's error says what it is when it is used as one.
void JqNeeds::append(std::string& out, const Node& node, JsonValue value) {
  if (node.whole || !value.is(JsonKind::object)) {
    out += value.raw();
    return;
  }
  out += '{';
  bool first = true;
  for (const auto& member : node.members) {
    const JsonValue inner = value.get(member.name);
    if (!inner.exists()) continue;
    if (!std::exchange(first, false)) out += ',';
    out += member.key;
    append(out, member, inner);
  }
  out += '}';
}

}  // namespace leat::pipelines
