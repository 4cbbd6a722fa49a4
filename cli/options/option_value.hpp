#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/nearest.hpp"
#include "engine/error.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

/// What is wrong with a value that an option does not take.
[[nodiscard]] inline Error not_taken(std::string_view option, std::string_view given,
                                     std::string_view takes) {
  return Error(Errc::bad_input, fmt::format("{}: {} given; takes {}", option, text::in_quotes(given), takes));
}

/// A word and what it stands for.
template <class T>
struct Choice {
  std::string_view name;
  T value;
};

// Reads one option's value into its target; an option that is not given leaves it alone. The Error names the
// option, what was given, and what it takes.

template <class T>
[[nodiscard]] Status read_count(std::string_view option, const std::optional<std::string>& given,
                                std::uint64_t least, std::uint64_t most, T& target) {
  if (!given) return std::nullopt;
  const auto number = text::parse_count(*given, least, most);
  if (!number) return not_taken(option, *given, fmt::format("a number from {} to {}", least, most));
  target = static_cast<T>(*number);
  return std::nullopt;
}

[[nodiscard]] inline Status read_time(std::string_view option, const std::optional<std::string>& given,
                                      async::Duration& target) {
  if (!given) return std::nullopt;
  const auto duration = text::parse_duration(*given);
  if (!duration) return not_taken(option, *given, text::kDurationTakes);
  target = *duration;
  return std::nullopt;
}

[[nodiscard]] inline Status read_rate(std::string_view option, const std::optional<std::string>& given,
                                      double& target) {
  if (!given) return std::nullopt;
  const auto per_second = text::parse_rate(*given);
  if (!per_second) return not_taken(option, *given, text::kRateTakes);
  target = *per_second;
  return std::nullopt;
}

[[nodiscard]] inline Status read_size(std::string_view option, const std::optional<std::string>& given,
                                      std::uint64_t& target) {
  if (!given) return std::nullopt;
  const auto bytes = text::parse_size(*given);
  if (!bytes) return not_taken(option, *given, text::kSizeTakes);
  target = *bytes;
  return std::nullopt;
}

template <class T, std::size_t N>
[[nodiscard]] Status read_choice(std::string_view option, const std::optional<std::string>& given,
                                 const Choice<T> (&choices)[N], T& target) {
  if (!given) return std::nullopt;
  std::vector<std::string_view> names;
  for (const auto& [name, value] : choices) {
    if (name == *given) {
      target = value;
      return std::nullopt;
    }
    names.push_back(name);
  }
  auto error = not_taken(option, *given, fmt::format("{}", fmt::join(names, ", ")));
  error.message += did_you_mean(*given, names);
  return error;
}

}  // namespace leat::cli
