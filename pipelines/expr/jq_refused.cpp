#include "pipelines/expr/jq_refused.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "pipelines/expr/jq_tokens.hpp"

namespace leat::pipelines {

namespace {

struct Refused {
  std::string_view name;
  std::string_view instead;
};

constexpr std::string_view kEnvironment =
    "it would show the environment; name the one variable by env:NAME in the spec";
constexpr std::string_view kInput = "a program is given one record, and there is no next one";
constexpr std::string_view kModule = "a program can't read files; define what it needs with def";
constexpr std::string_view kErrors = "standard error is for leat's own messages";
constexpr std::string_view kHalt =
    "it would end the run; use error(\"…\") to fail the record, empty to drop it";

constexpr std::array kFunctions{
    Refused{"env", kEnvironment},
    Refused{"input", kInput},
    Refused{"inputs", kInput},
    Refused{"import", kModule},
    Refused{"include", kModule},
    Refused{"modulemeta", kModule},
    Refused{"get_search_list", kModule},
    Refused{"debug", kErrors},
    Refused{"stderr", kErrors},
    Refused{"input_filename", "a record has no file; a line's number is .line"},
    Refused{"input_line_number", "a line's number is .line"},
    Refused{"halt", kHalt},
    Refused{"halt_error", kHalt},
};
constexpr std::array kVariables{
    Refused{"ENV", kEnvironment},
    Refused{"__loc__", "a record's line is .line, the spec's isn't known here"},
};

template <class Table>
const Refused* find(const Table& table, std::string_view name) {
  const auto found =
      std::find_if(table.begin(), table.end(), [name](const Refused& row) { return row.name == name; });
  return found == table.end() ? nullptr : &*found;
}

TextFault fault_at(std::size_t offset, std::string_view sigil, const Refused& row) {
  return TextFault{offset, std::string(sigil).append(row.name).append(" is refused: ").append(row.instead)};
}

/// Walks over the tokens and knows for each name whether it is a key of an object.
class Walk {
 public:
  explicit Walk(std::string_view program) : program_(program), tokens_(jq_tokens(program)) {}

  std::optional<TextFault> run() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (tokens_[i].kind == JqTokenKind::name) {
        if (auto fault = look_at(i)) return fault;
      }
      follow_brackets(i);
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::string_view text(std::size_t i) const {
    if (i >= tokens_.size()) return {};
    return program_.substr(tokens_[i].begin, tokens_[i].end - tokens_[i].begin);
  }

  [[nodiscard]] std::optional<TextFault> look_at(std::size_t i) const {
    const auto before = i == 0 ? std::string_view() : text(i - 1);
    if (before == "$") {
      const auto* row = find(kVariables, text(i));
      return row == nullptr ? std::nullopt : std::optional(fault_at(tokens_[i - 1].begin, "$", *row));
    }
    const auto* row = find(kFunctions, text(i));
    if (row == nullptr || is_key(before, text(i + 1))) return std::nullopt;
    return fault_at(tokens_[i].begin, "", *row);
  }

  // A key is in `{input: 1}`, or in `{input}`, which is short for `{input: .input}`.
  [[nodiscard]] bool is_key(std::string_view before, std::string_view after) const {
    const bool in_object = !brackets_.empty() && brackets_.back() == '{';
    return in_object && (before == "{" || before == ",") && (after == ":" || after == "," || after == "}");
  }

  void follow_brackets(std::size_t i) {
    const auto token = text(i);
    if (tokens_[i].kind == JqTokenKind::text) {
      if (token.front() == ')' && !brackets_.empty()) brackets_.pop_back();
      if (token.ends_with("\\(")) brackets_.push_back('(');
    } else if (token == "(" || token == "[" || token == "{") {
      brackets_.push_back(token.front());
    } else if ((token == ")" || token == "]" || token == "}") && !brackets_.empty()) {
      brackets_.pop_back();
    }
  }

  std::string_view program_;
  std::vector<JqToken> tokens_;
  std::vector<char> brackets_;
};

}  // namespace

std::optional<TextFault> find_refused_in_jq(std::string_view program) { return Walk(program).run(); }

}  // namespace leat::pipelines
