#pragma once

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/error.hpp"
#include "pipelines/options/option.hpp"
#include "pipelines/spec/bound.hpp"

namespace leat::cli {

/// One option as it was given.
struct GivenOption {
  const pipelines::Option* option;
  std::string text;  // empty for a switch
  pipelines::BoundValue value;
};

/// What was given to a command, in the order in which it came, each value of its type and within its limits.
///
/// Of an option that is not repeatable the last one counts. Asking for a name that the command has not is
/// asking for what was not given.
class Given {
 public:
  std::vector<GivenOption> options;
  std::vector<std::string> operands;  // URLs, specs

  [[nodiscard]] const GivenOption* find(std::string_view name) const noexcept {
    const auto last = std::find_if(options.rbegin(), options.rend(),
                                   [&](const GivenOption& one) { return one.option->name == name; });
    return last == options.rend() ? nullptr : &*last;
  }
  [[nodiscard]] bool has(std::string_view name) const noexcept { return find(name) != nullptr; }
  /// As it was written; empty if it was not given.
  [[nodiscard]] std::string text(std::string_view name) const {
    const auto* one = find(name);
    return one == nullptr ? std::string() : one->text;
  }
  /// All values of a repeatable one, as they were written.
  [[nodiscard]] std::vector<std::string> texts(std::string_view name) const {
    std::vector<std::string> all;
    for (const auto& one : options) {
      if (one.option->name == name) all.push_back(one.text);
    }
    return all;
  }

  /// Leaves `target` alone if it was not given.
  template <class T>
  void read(std::string_view name, T& target) const {
    const auto* one = find(name);
    if (one == nullptr) return;
    const auto& value = one->value.value;
    if constexpr (std::is_same_v<T, async::Duration>) {
      target = std::chrono::nanoseconds(static_cast<std::int64_t>(std::get<std::uint64_t>(value)));
    } else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      target = static_cast<T>(std::get<std::uint64_t>(value));
    } else if constexpr (std::is_enum_v<T>) {  // its values are in the order of the row's choices
      const auto words = one->option->choices;
      target = static_cast<T>(std::find(words.begin(), words.end(), one->text) - words.begin());
    } else {
      target = std::get<T>(value);
    }
  }
};

/// Reads a command line by the rows of a command. The Error says what is wrong with which option.
[[nodiscard]] Result<Given> parse_options(unsigned place, std::span<const std::string_view> arguments);

}  // namespace leat::cli
