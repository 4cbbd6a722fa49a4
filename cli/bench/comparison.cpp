#include "cli/bench/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/load/estimates.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

namespace {

using load::Ratio;

// Of several shares that are looked at in one comparison; all together they should hardly ever be wrong.
constexpr double kShareConfidence = 0.995;

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

ShareComparison compare_share(std::string name, std::uint64_t a, std::uint64_t of_a, std::uint64_t b,
                              std::uint64_t of_b) {
  ShareComparison share;
  share.name = std::move(name);
  const auto first = load::estimate_share(a, of_a, kShareConfidence);
  const auto second = load::estimate_share(b, of_b, kShareConfidence);
  if (!first || !second) return share;
  share.a = first->value;
  share.b = second->value;
  const double difference = share.b - share.a;
  share.lowest = difference - std::hypot(share.b - second->lowest, first->highest - share.a);
  share.highest = difference + std::hypot(second->highest - share.b, share.a - first->lowest);
  return share;
}

std::string answered_none(const std::string& name, const load::Tally& tally) {
  const bool answered = tally.status_errors > 0;
  return fmt::format("{} answered none of {}{}", text::escaped(name), text::format_count(tally.scheduled),
                     answered ? " with a good status" : "");
}

// The ends of the interval are shares, too: of 100 requests so many more or fewer.
std::string shares_text(const Comparison& comparison) {
  std::string text;
  for (const auto& share : comparison.shares) {
    if (share.a == 0 && share.b == 0) continue;
    text += fmt::format("  {:<11}{} to {}, a difference of {:+.3g} % ({:+.3g} % to {:+.3g} %)\n", share.name,
                        share_text(share.a), share_text(share.b), (share.b - share.a) * 100,
                        share.lowest * 100, share.highest * 100);
  }
  return text;
}

bool has_failed(const load::Tally& tally) noexcept { return tally.ok == 0 && tally.scheduled > 0; }

}  // namespace

std::string share_text(double share) { return fmt::format("{:.3g} %", share * 100); }

void compare_counts(Comparison& comparison, const load::Tally& a, const StatusCounts& a_statuses,
                    const load::Tally& b, const StatusCounts& b_statuses) {
  comparison.of_a = a;
  comparison.of_b = b;
  const auto add = [&](std::string name, std::uint64_t of_a, std::uint64_t of_b) {
    comparison.shares.push_back(compare_share(std::move(name), of_a, a.scheduled, of_b, b.scheduled));
  };
  add("error rate", load::count_errors(a), load::count_errors(b));
  StatusCounts all = a_statuses;
  all.insert(b_statuses.begin(), b_statuses.end());
  for (const auto& [status, unused] : all) {
    const auto count = [status = status](const StatusCounts& counts) {
      const auto found = counts.find(status);
      return found == counts.end() ? std::uint64_t{0} : found->second;
    };
    add(fmt::format("status {}", status), count(a_statuses), count(b_statuses));
    if (!comparison.shares.back().differs()) comparison.shares.pop_back();
  }
}

std::string failed_side_sentence(const Comparison& comparison) {
  const bool a = has_failed(comparison.of_a);
  const bool b = has_failed(comparison.of_b);
  if (a && b) {
    return fmt::format("Neither answered: {}, and {}.", answered_none(comparison.b, comparison.of_b),
                       answered_none(comparison.a, comparison.of_a));
  }
  if (b) return answered_none(comparison.b, comparison.of_b) + ".";
  return a ? answered_none(comparison.a, comparison.of_a) + "." : "";
}

bool Comparison::differs() const noexcept {
  if (std::any_of(shares.begin(), shares.end(), [](const auto& share) { return share.differs(); }))
    return true;
  return std::any_of(std::begin(kLines), std::end(kLines), [&](const Line& line) {
    const auto& ratio = this->*line.ratio;
    return ratio && ratio->differs();
  });
}

std::string comparison_sentence(const Comparison& comparison) {
  const std::string a = text::escaped(comparison.a);
  const std::string b = text::escaped(comparison.b);
  if (std::string failed = failed_side_sentence(comparison); !failed.empty()) return failed;
  if (!comparison.known() && !comparison.differs()) {
    return fmt::format("Whether {} and {} differ can't be said: too little was measured.", b, a);
  }
  if (!comparison.differs()) {
    return fmt::format("No difference between {} and {}{}.", b, a, at_most(comparison));
  }
  std::vector<std::string> found;
  // What failed comes first: a server that fails fast is not a fast server.
  for (const auto& share : comparison.shares) {
    if (!share.differs()) continue;
    found.push_back(
        fmt::format("its {} is {} and not {}", share.name, share_text(share.b), share_text(share.a)));
  }
  for (const auto& line : kLines) {
    const auto& ratio = comparison.*line.ratio;
    if (!ratio || !ratio->differs()) continue;
    found.push_back(fmt::format("its {} is {}", line.name, change(line, *ratio)));
  }
  return fmt::format("{} differs from {}: {}.", b, a, fmt::join(found, ", "));
}

std::string comparison_text(const Comparison& comparison) {
  std::string text = comparison_sentence(comparison) + "\n";
  if (!failed_side_sentence(comparison).empty()) return shares_text(comparison) + text;
  if (!comparison.known()) return text + shares_text(comparison);
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
  return text + shares_text(comparison);
}

}  // namespace leat::cli
