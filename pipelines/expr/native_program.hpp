#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/expr/function_ref.hpp"
#include "pipelines/expr/input.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/expr/json_builder.hpp"

namespace leat::pipelines {

struct NativeTree;

/// A jq program of the subset that is evaluated here, with the meaning and the messages of jq, but with
/// numbers of any size. Where jq 1.6 and 1.7 differ, it does what the libjq does that is here
/// (JqProgram::is_1_7).
///
/// The subset is paths (`.a.b[0]`, `."a b"`, `.[]`, `?`), literals, comparisons, `+`, `and or`, `//`, `|`,
/// `,`, `if`, `as $x`, parentheses, strings with interpolation, the construction of arrays and objects, the
/// formats `@text @json @csv @tsv @uri`, `select map first last del empty values`, `test` of what Oniguruma
/// and RE2 read alike, and the NativeFunctions. Untouched values keep their text byte for byte; numbers keep
/// their digits wherever they go, and two are equal if their values are. Immutable once compiled; any thread,
/// with a Scratch for each.
class NativeProgram {
 public:
  /// Buffers that evaluations use again. One evaluation at a time.
  class Scratch {
   public:
    /// An evaluation that takes more of its thread's CPU time than the limit fails.
    explicit Scratch(std::chrono::nanoseconds limit = std::chrono::seconds(10)) noexcept : most(limit) {}

   private:
    friend class NativeEvaluation;
    friend class NativeFunctions;
    std::vector<std::unique_ptr<JsonBuilder>> builders;
    std::size_t used = 0;
    std::vector<JsonValue> values;
    std::vector<JsonValue> variables;
    std::chrono::nanoseconds most;
  };
  using Output = FunctionRef<void(JsonValue)>;

  /// Gives nothing if the program is outside of the subset or is no program at all; then jq says why.
  static std::optional<NativeProgram> compile(std::string_view text);

  /// Gives the outputs one by one, each valid only during that call. If the program ends in an error, this
  /// then gives filter_error with jq's message.
  Status run(Input& input, Scratch& scratch, Output output) const;
  Status run(JsonValue input, Scratch& scratch, Output output) const;

  /// Gives the fields of the input that the program looks at, each once; nothing if it takes the whole input.
  [[nodiscard]] const std::optional<std::vector<std::string>>& names() const noexcept { return names_; }

 private:
  explicit NativeProgram(std::shared_ptr<const NativeTree> tree);

  std::shared_ptr<const NativeTree> tree_;
  std::optional<std::vector<std::string>> names_;
};

}  // namespace leat::pipelines
