#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/spec/arg_value.hpp"
#include "pipelines/spec/ast.hpp"
#include "pipelines/spec/diagnostics.hpp"
#include "pipelines/spec/source.hpp"

namespace leat::pipelines {

/// The lets of one pipeline. Those of the pipelines around it are found through it. Outlives the scopes
/// within it.
class Scope {
 public:
  struct Variable {
    const ast::Value* value = nullptr;  // itself never a `$name`
    const Scope* scope = nullptr;       // where a block's own variables are looked up
    Span defined;
  };

  explicit Scope(const Scope* around = nullptr) noexcept : around_(around) {}

  /// Gives null if there is none.
  [[nodiscard]] const Variable* find(std::string_view name) const;
  /// Gives only a variable of this very scope; null if it has none.
  [[nodiscard]] const Variable* find_here(std::string_view name) const;
  void set(std::string_view name, const Variable& variable) {
    names_.insert_or_assign(std::string(name), variable);
  }

 private:
  const Scope* around_;
  std::map<std::string, Variable, std::less<>> names_;
};

/// How many bytes variables may stand for in all. There is a limit because a spec of 1 MiB could stand for
/// any amount of text.
inline constexpr std::size_t kMostSubstituted = std::size_t{16} << 20;

/// Finds what `$name`, `env:NAME`, `secret:NAME` and `file:PATH` stand for.
///
/// A `--set` takes precedence over every let of its name, also in included files. `env:`, `secret:` and
/// `file:` are looked up where a value is used, so that a let that nobody uses doesn't need them. A value
/// stands for a whole argument; within a text of the spec it is written `{$name}`. The text of a --set is
/// taken as it is, except for these and `( jq )`. A file stands for its text without the last line end;
/// "file://" begins a URL, and stands for itself.
class Variables {
 public:
  using ReadFile = std::function<Result<std::string>(const std::string& path)>;
  using Getenv = std::function<std::optional<std::string>(const std::string& name)>;
  using Sets = std::vector<std::pair<std::string, std::string>>;

  Variables(SourceTexts& sources, FaultList& faults, const Sets& sets, const Getenv& getenv,
            const ReadFile& read_file, std::size_t most = kMostSubstituted);

  void define(Scope& scope, const ast::Statement& let);
  /// Gives nothing if the value can't be had; then a fault was reported.
  std::optional<PlainValue> resolve(const ast::Value& value, const Scope& scope);
  /// Puts the variables that a jq program names before it, as `"text" as $name |`: numbers as numbers, all
  /// else as text. Gives false if one can't be had; then a fault was reported.
  bool bind_program(PlainValue& program, const Scope& scope);
  /// Puts the variables that a text of the spec names as `{$name}` into it. What a template gets says just
  /// that text. A secret is refused: what is hidden is whole values. A text that came from outside of the
  /// spec stays as it is. Gives false if a variable can't be had; then a fault was reported.
  bool bind_text(PlainValue& text, const Scope& scope, bool is_template);
  /// Says whether a value that came from outside of the spec is UTF-8, and reports a fault at `use` if not.
  bool is_text(const PlainValue& value, Span use);
  /// From now on no text names a variable: it was never written in a spec.
  void take_texts_as_they_are() noexcept { texts_as_they_are_ = true; }
  /// Reports a fault for each --set that no let and no `$name` asked for.
  void report_unused_sets();

 private:
  struct Set {
    std::string name;
    ast::Value value;
    bool used = false;
  };

  Set* find_set(std::string_view name);
  std::optional<Scope::Variable> look_up(const ast::Value& reference, const Scope& scope);
  std::optional<std::string> literal(const PlainValue& value, const ast::Value& use);
  bool fill_from_outside(PlainValue& plain, const ast::Value& word);
  bool fill_from_file(PlainValue& plain, const ast::Value& word);
  bool is_too_much(const PlainValue& plain, const ast::Value& use);
  std::optional<std::string> text_of_variable(const ast::Value& use, const Scope& names, bool is_template,
                                              PlainValue& text);

  FaultList& faults_;
  const Getenv& getenv_;
  const ReadFile& read_file_;
  std::deque<Set> sets_;
  std::vector<std::string_view> names_;  // names of all lets so far
  std::size_t most_;
  std::size_t substituted_ = 0;                // bytes that variables have stood for
  std::vector<const ast::Value*> open_texts_;  // whose variables are being looked up, each within the last
  bool texts_as_they_are_ = false;
};

}  // namespace leat::pipelines
