#include "cli/options/hints/nearest.hpp"

#include <algorithm>
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

// Of names that are as near, the longer one: a letter is left out more often than it is typed for nothing, so
// "formt" is "format" and not "form".
std::string_view longer_one(std::string_view typed, std::string_view found,
                            std::span<const std::string_view> names) {
  const auto distance = text::edit_distance(typed, found);
  for (const auto name : names) {
    if (name.size() > found.size() && name.front() == found.front() &&
        text::edit_distance(typed, name) == distance)
      found = name;
  }
  return found;
}

}  // namespace

std::string_view nearest(std::string_view typed, std::span<const std::string_view> names) {
  constexpr std::size_t kLongest = 64;  // nobody meant a name by more than that
  constexpr std::size_t kLeast = 3;     // letters of a beginning that says which name was meant
  if (typed.size() > kLongest) return {};
  const auto letters = typed.size() - std::min(typed.find_first_not_of('-'), typed.size());
  if (const auto name = only_one_that_begins_so(typed, names); letters >= kLeast && !name.empty())
    return name;
  const auto found = text::nearest(typed, names);
  return found.empty() ? found : longer_one(typed, found, names);
}

std::string did_you_mean(std::string_view typed, std::span<const std::string_view> names) {
  const auto name = nearest(typed, names);
  if (name.empty()) return {};
  return "; did you mean \"" + std::string(name) + "\"?";
}

}  // namespace leat::cli
