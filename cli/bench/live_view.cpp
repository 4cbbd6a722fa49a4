#include "cli/bench/live_view.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "cli/bench/text_report.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

namespace {

constexpr std::size_t kSecond = 4;  // slices
constexpr std::size_t kMostBars = 200;
constexpr std::size_t kFewestBars = 12;  // beside their scale
constexpr std::string_view kScale = "  up to ";
constexpr std::size_t kMostOutcomes = 6;
constexpr std::size_t kMostColumns = 1000;  // of a part of a line
constexpr std::array<std::string_view, 8> kBlocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 8> kSigns{"_", ".", "-", "~", "=", "+", "*", "#"};

double ratio(async::Duration part, async::Duration whole) {
  return async::in_seconds(part) / async::in_seconds(whole);
}

}  // namespace

bool live_view_wanted(System& system) {
  return system.is_terminal(STDERR_FILENO) && io::moves_cursor(system.as_environment());
}

void LiveFigures::take(const load::Slice& slice) {
  at_ = slice.start + slice.lasts;
  in_flight_ = slice.in_flight;
  if (slice.start >= async::Duration::zero()) {
    ok_ += slice.ok;
    status_errors_ += slice.status_errors;
    failed_ += slice.failed;
    for (const auto& [status, count] : slice.by_status) by_status_[status] += count;
    for (const auto& [code, count] : slice.by_error) by_error_[code] += count;
  }
  recent_.push_back(slice);
  if (recent_.size() > kSecond) recent_.pop_front();
  const double lasts = async::in_seconds(slice.lasts);
  rates_.push_back(lasts > 0 ? static_cast<double>(slice.ok) / lasts : 0);
  if (rates_.size() > kMostBars) rates_.pop_front();
}

/// Puts parts that are not to be divided into lines of a width.
class LiveFigures::Parts {
 public:
  Parts(std::vector<std::string>& lines, std::size_t room) : lines_(lines), room_(room) {}

  /// `separator` stands before it, unless it begins a line.
  void add(std::string_view separator, const std::string& text) {
    const std::size_t columns = fit(text, kMostColumns).columns;
    const bool begins = used_ == 0 || used_ + separator.size() + columns > room_;
    if (begins) {
      lines_.emplace_back();
      used_ = 0;
    } else {
      lines_.back() += separator;
      used_ += separator.size();
    }
    lines_.back() += text;
    used_ += columns;
  }

 private:
  std::vector<std::string>& lines_;
  std::size_t room_;
  std::size_t used_ = 0;
};

std::vector<std::string> LiveFigures::lines(std::size_t width) const {
  const std::size_t room = std::max<std::size_t>(width, 2) - 1;  // some terminals wrap in the last column
  load::Slice second;
  async::Duration lasts{0};
  for (const auto& slice : recent_) {
    second.merge(slice);
    lasts += slice.lasts;
  }
  const double elapsed = async::in_seconds(lasts);
  const double rate = elapsed > 0 ? static_cast<double>(second.ok) / elapsed : 0;
  const auto planned = planned_rate();
  std::vector<std::string> lines;
  Parts first(lines, room);
  first.add("", where());
  first.add("  ", text::format_rate(rate) + (planned ? " of " + text::format_rate(*planned) : ""));
  add_counts(first);
  const auto& times = second.response;
  Parts next(lines, room);
  if (times.total() > 0) {
    for (const int p : {50, 90, 99}) {
      next.add("  ", fmt::format("p{} {}", p, quantile_text(times.percentile(p))));
    }
    next.add("  ", "max " + text::format_nanoseconds(static_cast<double>(times.max())));
  } else {
    next.add("", "no answer in the last second");
  }
  add_outcomes(lines, room);
  lines.push_back(bars(room));
  return lines;
}

void LiveFigures::add_counts(Parts& parts) const {
  const auto bad = [&](std::uint64_t count, const char* what) {
    const std::string words = text::format_count(count) + what;
    return count > 0 ? colours_.bad(words) : words;
  };
  const std::string ok = text::format_count(ok_) + " ok";
  parts.add("  ", ok_ > 0 ? colours_.good(ok) : ok);
  if (status_errors_ > 0) parts.add(", ", bad(status_errors_, " of another status"));
  parts.add(", ", bad(failed_, " failed"));
  parts.add(", ", text::format_count(in_flight_) + " in flight");
}

void LiveFigures::add_outcomes(std::vector<std::string>& lines, std::size_t room) const {
  std::vector<std::string> outcomes;
  for (const auto& [status, count] : by_status_) {
    outcomes.push_back(fmt::format("status {} {}", status, text::format_count(count)));
  }
  for (const auto& [code, count] : by_error_) {
    outcomes.push_back(fmt::format("{} {}", to_string(code), text::format_count(count)));
  }
  Parts parts(lines, room);
  for (std::size_t i = 0; i < std::min(outcomes.size(), kMostOutcomes); ++i) {
    parts.add(", ", colours_.bad(outcomes[i]));
  }
  if (outcomes.size() > kMostOutcomes) {
    parts.add(" ", fmt::format("and {} more kinds", outcomes.size() - kMostOutcomes));
  }
}

std::string LiveFigures::where() const {
  if (at_ < async::Duration::zero()) return "warm-up, " + text::format_elapsed(-at_) + " to go";
  if (lasts_.count() == 0 && requests_ > 0) {
    return fmt::format("{}, {} of {}", text::format_elapsed(at_),
                       text::format_count(ok_ + status_errors_ + failed_), text::format_count(requests_));
  }
  return text::format_elapsed(at_) + (lasts_.count() > 0 ? " of " + text::format_elapsed(lasts_) : "");
}

// What is seen at the border of two stages belongs to the first. After the last stage nothing is planned.
std::optional<double> LiveFigures::planned_rate() const noexcept {
  async::Duration into = at_;
  for (const auto& stage : stages_) {
    if (into <= stage.lasts) {
      const double share = ratio(std::max(into, async::Duration::zero()), stage.lasts);
      return stage.from + (stage.to - stage.from) * share;
    }
    into -= stage.lasts;
  }
  return std::nullopt;
}

std::string LiveFigures::bars(std::size_t room) const {
  const double all_time = rates_.empty() ? 0 : *std::max_element(rates_.begin(), rates_.end());
  const std::size_t longest = text::format_rate(all_time).size() + kScale.size();
  const bool has_scale = room >= longest + kFewestBars;
  const std::size_t most = has_scale ? room - longest : room;
  const std::size_t first = rates_.size() - std::min(rates_.size(), most);
  double highest = 0;
  for (std::size_t i = first; i < rates_.size(); ++i) highest = std::max(highest, rates_[i]);
  std::string line;
  for (std::size_t i = first; i < rates_.size(); ++i) {
    const double share = highest > 0 ? rates_[i] / highest : 0;
    const auto step = std::min<std::size_t>(7, static_cast<std::size_t>(share * 8));
    line += unicode_ ? kBlocks[step] : kSigns[step];
  }
  if (has_scale && highest > 0) line.append(kScale).append(text::format_rate(highest));
  return line;
}

void LiveView::on_slice(const load::Slice& slice) {
  figures_.take(slice);
  terminal_.draw_lines(figures_.lines(terminal_.width()));
}

}  // namespace leat::cli
