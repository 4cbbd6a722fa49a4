#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

#include "engine/text/ascii.hpp"

namespace leat::text {

/// How many letters to insert, remove, change or swap with their neighbour to make one word of the other
/// (optimal string alignment).
[[nodiscard]] inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

/// The name that was probably meant: the nearest one, if no more than a third of the word's letters are
/// wrong; empty if none is. In a word of fewer than five letters the first one is right, or swapped with the
/// second: too many words are near each other otherwise, such as "date" and "rate". A word of two letters may
/// have one fault. A word that differs in case alone is the nearest, however short it is.
[[nodiscard]] inline std::string_view nearest(std::string_view word,
                                              std::span<const std::string_view> names) {
  constexpr std::size_t kShort = 5;
  const auto same = std::find_if(names.begin(), names.end(), [word](std::string_view name) {
    return !name.empty() && equal_ignoring_case(word, name);
  });
  if (same != names.end()) return *same;
  if (word.size() < 2) return {};
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const auto name : names) {
    const bool alike =
        name.starts_with(word.front()) || (name.size() > 1 && name[1] == word[0] && name[0] == word[1]);
    if (word.size() < kShort && !alike) continue;
    const std::size_t distance = edit_distance(word, name);
    if (distance < best_distance) {
      best = name;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace leat::text
