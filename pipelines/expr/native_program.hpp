#pragma once

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

/// A jq program of the subset that is evaluated here, with the meaning and the messages of jq 1.6.
///
/// In it are paths (`.a.b[0]`, `."a b"`, `.[]`, `?`), literals, comparisons, `and or not`, `//`, `|`, `,`,
/// parentheses, `select`, `test` of what Oniguruma and RE2 read alike, `startswith`, `endswith`, `has`,
/// `length`, `empty`, and the construction of arrays and objects. Untouched values keep their text byte for
/// byte. Immutable once compiled; any thread, with a Scratch for each.
class NativeProgram {
 public:
  /// The buffers that evaluations use again. One evaluation at a time.
  class Scratch {
   private:
    friend class NativeEvaluation;
    std::vector<std::unique_ptr<JsonBuilder>> builders;
    std::size_t used = 0;
    std::vector<JsonValue> values;
  };
  using Output = FunctionRef<void(JsonValue)>;

  /// Nothing for a program outside of the subset, and for what is no program at all: jq is to say why.
  static std::optional<NativeProgram> compile(std::string_view text);

  /// Gives the outputs one by one, each valid only during that call; then filter_error, with jq's message, if
  /// the program ended in an error.
  Status run(Input& input, Scratch& scratch, Output output) const;
  Status run(JsonValue input, Scratch& scratch, Output output) const;

  /// The fields of the input that it looks at, each once; nothing if it takes the input whole.
  [[nodiscard]] const std::optional<std::vector<std::string>>& names() const noexcept { return names_; }

 private:
  explicit NativeProgram(std::shared_ptr<const NativeTree> tree);

  std::shared_ptr<const NativeTree> tree_;
  std::optional<std::vector<std::string>> names_;
};

}  // namespace leat::pipelines
