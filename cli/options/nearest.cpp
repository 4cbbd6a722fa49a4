#include "cli/options/nearest.hpp"

#include <cstddef>

#include "engine/text/nearest.hpp"

namespace leat::cli {

namespace {

std::string_view only_one_that_begins_so(std::string_view typed, std::span<const std::string_view> names) {
  std::string_view found;
  for (const auto name : names) {
    if (!name.starts_with(typed)) continue;
    if (!found.empty()) return {};
    found = name;
  }
  return found;
}

}  // namespace

std::string_view nearest(std::string_view typed, std::span<const std::string_view> names) {
  constexpr std::size_t kLongest = 64;  // nobody meant a name by more than that
  if (typed.size() < 2 || typed.size() > kLongest) return {};
  if (const auto name = only_one_that_begins_so(typed, names); !name.empty()) return name;
  return text::nearest(typed, names);
}

std::string did_you_mean(std::string_view typed, std::span<const std::string_view> names) {
  const auto name = nearest(typed, names);
  if (name.empty()) return {};
  return "; did you mean \"" + std::string(name) + "\"?";
}

}  // namespace leat::cli
