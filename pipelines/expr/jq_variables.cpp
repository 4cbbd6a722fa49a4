#include "pipelines/expr/jq_variables.hpp"

#include <set>

#include "pipelines/expr/jq_tokens.hpp"

namespace leat::pipelines {

namespace {

/// Knows for each token whether a `$name` there is being bound: between `as` and the '|' or '(' that ends its
/// pattern, among a definition's parameters, or behind `label`. In an object or a pattern these words are
/// keys.
class Binding {
 public:
  void see(std::string_view token, std::string_view next, bool is_text) {
    if (is_text) return;
    const bool key = next == ":" || next == "," || next == "}";
    if (label_) {
      label_ = token == "$";
      if (!label_) return;
    }
    if (token == "label" && !key) {
      label_ = true;
    } else if (token == "as" && !key) {
      pattern_ = true;
      depth_ = 0;
      computed_ = 0;
    } else if (token == "def" && !key) {
      parameters_ = true;
    } else if (pattern_) {
      see_pattern(token);
    } else if (parameters_ && (token == ":" || token == ")")) {
      parameters_ = false;
    }
  }
  [[nodiscard]] bool is_here() const noexcept {
    return label_ || (pattern_ && computed_ == 0) || parameters_;
  }

 private:
  // What stands in parentheses there is a key that is computed, and binds nothing.
  void see_pattern(std::string_view token) {
    if (token == "(" && depth_ > 0) {
      ++computed_;
    } else if (token == ")" && computed_ > 0) {
      --computed_;
    } else if (token == "[" || token == "{") {
      ++depth_;
    } else if (token == "]" || token == "}") {
      --depth_;
    } else if (depth_ == 0 && (token == "|" || token == "(")) {
      pattern_ = false;
    }
  }

  bool label_ = false;
  bool pattern_ = false;
  bool parameters_ = false;
  int depth_ = 0;
  int computed_ = 0;
};

}  // namespace

std::vector<JqVariable> jq_variables(std::string_view program) {
  const auto tokens = jq_tokens(program);
  const auto text = [&](std::size_t i) {
    return program.substr(tokens[i].begin, tokens[i].end - tokens[i].begin);
  };
  std::vector<JqVariable> found;
  std::set<std::string_view> bound;
  Binding binding;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    binding.see(text(i), i + 1 < tokens.size() ? text(i + 1) : std::string_view(),
                tokens[i].kind == JqTokenKind::text);
    const bool named = i + 1 < tokens.size() && tokens[i + 1].kind == JqTokenKind::name;
    if (!named || tokens[i].kind == JqTokenKind::text || text(i) != "$") continue;
    found.push_back({text(i + 1), tokens[i].begin, false});
    if (binding.is_here()) bound.insert(text(i + 1));
  }
  for (auto& variable : found) variable.bound_within = bound.contains(variable.name);
  return found;
}

}  // namespace leat::pipelines
