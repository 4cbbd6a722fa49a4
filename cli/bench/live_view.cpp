#include "cli/bench/live_view.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "cli/bench/text_report.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

namespace {

constexpr std::size_t kSecond = 4;  // slices
constexpr std::size_t kMostBars = 200;
constexpr std::array<std::string_view, 8> kBlocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 8> kSigns{"_", ".", "-", "~", "=", "+", "*", "#"};

double ratio(async::Duration part, async::Duration whole) {
  return async::in_seconds(part) / async::in_seconds(whole);
}

}  // namespace

bool live_view_wanted(System& system) {
  if (!system.is_terminal(STDERR_FILENO)) return false;
  const std::string term = system.environment("TERM");
  return !term.empty() && term != "dumb";
}

bool locale_is_utf8(System& system) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = system.environment(name);
    if (value.empty()) continue;
    return value.find("UTF-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

void LiveFigures::take(const load::Slice& slice) {
  at_ = slice.start + slice.lasts;
  in_flight_ = slice.in_flight;
  if (slice.start >= async::Duration::zero()) {
    ok_ += slice.ok;
    status_errors_ += slice.status_errors;
    failed_ += slice.failed;
  }
  recent_.push_back(slice);
  if (recent_.size() > kSecond) recent_.pop_front();
  const double lasts = async::in_seconds(slice.lasts);
  rates_.push_back(lasts > 0 ? static_cast<double>(slice.ok) / lasts : 0);
  if (rates_.size() > kMostBars) rates_.pop_front();
}

std::vector<std::string> LiveFigures::lines(std::size_t width) const {
  load::Slice second;
  async::Duration lasts{0};
  for (const auto& slice : recent_) {
    second.merge(slice);
    lasts += slice.lasts;
  }
  const double elapsed = async::in_seconds(lasts);
  const double rate = elapsed > 0 ? static_cast<double>(second.ok) / elapsed : 0;
  const auto planned = planned_rate();
  const std::string other =
      status_errors_ > 0 ? text::format_count(status_errors_) + " of another status, " : std::string();
  std::vector<std::string> lines{
      fmt::format("{}  {}{}  {} ok, {}{} failed, {} in flight", where(), text::format_rate(rate),
                  planned ? " of " + text::format_rate(*planned) : "", text::format_count(ok_), other,
                  text::format_count(failed_), text::format_count(in_flight_))};
  const auto& times = second.response;
  if (times.total() > 0) {
    lines.push_back(fmt::format("p50 {}  p90 {}  p99 {}  max {}", quantile_text(times.percentile(50)),
                                quantile_text(times.percentile(90)), quantile_text(times.percentile(99)),
                                text::format_nanoseconds(static_cast<double>(times.max()))));
  } else {
    lines.emplace_back("no answer in the last second");
  }
  lines.push_back(bars(width));
  return lines;
}

std::string LiveFigures::where() const {
  if (at_ < async::Duration::zero()) return "warm-up, " + text::format_elapsed(-at_) + " to go";
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

// A terminal line is cut by bytes, and a block has three bytes.
std::string LiveFigures::bars(std::size_t width) const {
  const std::size_t most =
      std::max<std::size_t>(1, (width - std::min<std::size_t>(width, 2)) / (unicode_ ? 3 : 1));
  const std::size_t first = rates_.size() - std::min(rates_.size(), most);
  double highest = 0;
  for (std::size_t i = first; i < rates_.size(); ++i) highest = std::max(highest, rates_[i]);
  std::string line;
  for (std::size_t i = first; i < rates_.size(); ++i) {
    const double share = highest > 0 ? rates_[i] / highest : 0;
    const auto step = std::min<std::size_t>(7, static_cast<std::size_t>(share * 8));
    line += unicode_ ? kBlocks[step] : kSigns[step];
  }
  return line;
}

void LiveView::on_slice(const load::Slice& slice) {
  figures_.take(slice);
  terminal_.draw_lines(figures_.lines(terminal_.width()));
}

}  // namespace leat::cli
