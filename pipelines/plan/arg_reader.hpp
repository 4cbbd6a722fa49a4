#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/async/clock.hpp"
#include "pipelines/plan/arg_values.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/spec/bound.hpp"

namespace leat::pipelines {

/// Reads a stage's arguments into a struct: what is not written leaves its target, the default, alone.
class ArgReader {
 public:
  explicit ArgReader(const BoundStage& stage) noexcept : stage_(stage) {}

  [[nodiscard]] bool has(std::string_view key) const noexcept { return stage_.find(key) != nullptr; }
  /// Null if it is not written.
  [[nodiscard]] const BoundArg* find(std::string_view key) const noexcept { return stage_.find(key); }
  [[nodiscard]] const std::vector<BoundArg>& all() const noexcept { return stage_.args; }

  void read(std::string_view key, bool& target) const;
  void read(std::string_view key, std::string& target) const;
  void read(std::string_view key, std::optional<std::string>& target) const;
  void read(std::string_view key, double& target) const;
  void read(std::string_view key, std::uint64_t& target) const;
  void read(std::string_view key, int& target) const;
  void read(std::string_view key, async::Duration& target) const;
  void read(std::string_view key, StatusSet& target) const;
  void read(std::string_view key, PlanPtr& target) const;
  void read(std::string_view key, std::vector<std::string>& list) const;
  /// A word of the row's choices, which are in the order of the enum's values from `first` on.
  template <class Enum>
  void read_choice(std::string_view key, Enum& target, Enum first = Enum()) const {
    const BoundArg* arg = find(key);
    if (arg == nullptr) return;
    const auto words = arg->row->choices;
    const auto at = std::find(words.begin(), words.end(), std::get<std::string>(arg->value.value));
    target = static_cast<Enum>(static_cast<std::ptrdiff_t>(first) + (at - words.begin()));
  }
  /// All values of a repeatable one.
  [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;

 private:
  const BoundStage& stage_;
};

/// A program or a template, as it was written.
[[nodiscard]] std::variant<ProgramText, TemplateText> program_or_text(const BoundArg& arg);

}  // namespace leat::pipelines
