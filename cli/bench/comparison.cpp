#include "cli/bench/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "engine/text/printable.hpp"

namespace leat::cli {

namespace {

using load::Ratio;

struct Line {
  const char* name;
  std::optional<Ratio> Comparison::*ratio;
  const char* more;  // the word for a ratio above 1
  const char* less;
};
constexpr Line kLines[] = {
    {"median", &Comparison::median, "higher", "lower"},
    {"p99", &Comparison::p99, "higher", "lower"},
    {"rate", &Comparison::rate, "higher", "lower"},
};

std::string percent(double ratio) {
  const double difference = std::abs(ratio - 1) * 100;
  return fmt::format("{:.{}f} %", difference, difference < 9.95 ? 1 : 0);
}

// How far a ratio is from 1: from 2 on, nobody thinks in percent.
std::string change(const Line& line, const Ratio& ratio) {
  if (ratio.value >= 2) {
    return fmt::format("{:.3g} times as high ({:.3g} to {:.3g})", ratio.value, ratio.lowest, ratio.highest);
  }
  const bool more = ratio.value > 1;
  return fmt::format("{} {} ({} to {})", percent(ratio.value), more ? line.more : line.less,
                     percent(more ? ratio.lowest : ratio.highest),
                     percent(more ? ratio.highest : ratio.lowest));
}

// How far the first known ratio may be from 1 without being noticed.
std::string at_most(const Comparison& comparison) {
  for (const auto& line : kLines) {
    const auto& ratio = comparison.*line.ratio;
    if (!ratio) continue;
    const double furthest = std::max(ratio->highest - 1, 1 - ratio->lowest);
    return fmt::format("; a difference of the {} beyond {} would have been seen", line.name,
                       percent(1 + furthest));
  }
  return "";
}

}  // namespace

bool Comparison::differs() const noexcept {
  return std::any_of(std::begin(kLines), std::end(kLines), [&](const Line& line) {
    const auto& ratio = this->*line.ratio;
    return ratio && ratio->differs();
  });
}

std::string comparison_sentence(const Comparison& comparison) {
  const std::string a = text::escaped(comparison.a);
  const std::string b = text::escaped(comparison.b);
  if (!comparison.known()) {
    return fmt::format("Whether {} and {} differ can't be said: too little was measured.", b, a);
  }
  if (!comparison.differs()) {
    return fmt::format("No difference between {} and {}{}.", b, a, at_most(comparison));
  }
  std::vector<std::string> found;
  for (const auto& line : kLines) {
    const auto& ratio = comparison.*line.ratio;
    if (!ratio || !ratio->differs()) continue;
    found.push_back(fmt::format("its {} is {}", line.name, change(line, *ratio)));
  }
  return fmt::format("{} differs from {}: {}.", b, a, fmt::join(found, ", "));
}

std::string comparison_text(const Comparison& comparison) {
  std::string text = comparison_sentence(comparison) + "\n";
  if (!comparison.known()) return text;
  text += comparison.groups > 0
              ? fmt::format("  ratio, with {:.1f} % intervals over {} groups of blocks\n",
                            load::kRatioConfidence * 100, comparison.groups)
              : fmt::format(
                    "  ratio, with {:.1f} % intervals; two runs at different times: what else changed "
                    "in between is in it\n",
                    load::kRatioConfidence * 100);
  for (const auto& line : kLines) {
    const auto& ratio = comparison.*line.ratio;
    text += ratio ? fmt::format("  {:<10}{:.3f}  ({:.3f} to {:.3f})\n", line.name, ratio->value,
                                ratio->lowest, ratio->highest)
                  : fmt::format("  {:<10}withheld: too few samples\n", line.name);
  }
  return text;
}

}  // namespace leat::cli
