#include "cli/bench/svg_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

namespace {

constexpr double kWidth = 640;
constexpr double kHeight = 260;
constexpr double kLeft = 70;
constexpr double kRight = 18;
constexpr double kTop = 14;
constexpr double kBottom = 46;
constexpr double kFromLabel = 56;         // to the next one on the x axis
constexpr double kFromLabelNarrow = 110;  // the same where a narrow page has larger letters
constexpr double kFromTick = 20;          // the same on the y axis
constexpr double kFewDecades = 2.5;       // with more, a log axis has labels at powers of ten alone
constexpr double kLinearRange = 30;       // the highest value over the lowest that a linear axis shows well

using Axis = PlotAxis;

std::string label_of(const Axis& axis, double value) {
  if (axis.kind == Axis::Kind::percentile) {
    const int digits = std::max(0, static_cast<int>(std::lround(std::log10(value))) - 2);
    return value <= 1 ? "0" : fmt::format("{:.{}f}", 100 - 100 / value, digits);
  }
  if (value == 0) return "0";
  switch (axis.label) {
    case Axis::Label::time:
      return time_html(text::format_nanoseconds(value));
    case Axis::Label::share:
      return fmt::format("{:.3g} %", value * 100);
    case Axis::Label::seconds:
      return fmt::format("{:g} s", value);
    case Axis::Label::number:
      return value >= 1000 ? text::format_count(static_cast<std::uint64_t>(std::llround(value)))
                           : fmt::format("{:g}", value);
  }
  return "";
}

// The 1, 2 or 5 times a power of ten that is next to the value, above it or below.
double round_on_log(double value, bool up) {
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double part : up ? std::array{1.0, 2.0, 5.0} : std::array{5.0, 2.0, 1.0}) {
    if (up ? value <= part * power * 1.0001 : value >= part * power * 0.9999) return part * power;
  }
  return 10 * power;
}

/// Converts values to pixels.
class Scale {
 public:
  Scale(const Axis& axis, double low, double high, double from, double to)
      : axis_(axis), from_(from), to_(to) {
    low_ = axis.kind == Axis::Kind::linear ? std::min(0.0, low) : std::max(low, 1e-9);
    high_ = high > low_ ? high : axis.kind == Axis::Kind::linear ? low_ + 1 : low_ * 10;
    // The time axis ends where the data does.
    if (axis.kind == Axis::Kind::linear && axis.label != Axis::Label::seconds) high_ = nice_end();
  }

  [[nodiscard]] double at(double value) const {
    const double share = axis_.kind == Axis::Kind::linear
                             ? (value - low_) / (high_ - low_)
                             : std::log(std::max(value, low_) / low_) / std::log(high_ / low_);
    return from_ + std::clamp(share, 0.0, 1.0) * (to_ - from_);
  }

  [[nodiscard]] std::vector<double> ticks() const {
    std::vector<double> ticks;
    if (axis_.kind == Axis::Kind::percentile) {
      for (const double tick : {1.0, 2.0, 10.0, 100.0, 1000.0, 1e4, 1e5, 1e6}) {
        if (tick <= high_ * 1.001) ticks.push_back(tick);
      }
    } else if (axis_.kind == Axis::Kind::log) {
      const bool few = std::log10(high_ / low_) < kFewDecades;
      for (double decade = std::pow(10, std::floor(std::log10(low_))); decade <= high_; decade *= 10) {
        for (const double part : {1.0, 2.0, 5.0}) {
          if (part > 1 && !few) continue;
          if (decade * part >= low_ * 0.999 && decade * part <= high_ * 1.001) ticks.push_back(decade * part);
        }
      }
      if (ticks.size() < 2) ticks = {low_, high_};
    } else {
      for (double tick = low_; tick <= high_ + step() / 1000; tick += step()) ticks.push_back(tick);
    }
    return ticks;
  }

 private:
  // There are about five ticks.
  [[nodiscard]] double step() const { return round_on_log((high_ - low_) / 5, true); }
  [[nodiscard]] double nice_end() const { return std::ceil(high_ / step() - 1e-9) * step(); }

  const Axis& axis_;
  double from_;
  double to_;
  double low_ = 0;
  double high_ = 1;
};

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  void take(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

std::string axes(const Plot& plot, const Scale& x, const Scale& y) {
  std::string svg;
  double above = kHeight * 2;
  for (const double tick : y.ticks()) {
    if (above - y.at(tick) < kFromTick) continue;
    above = y.at(tick);
    svg += fmt::format("<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>",
                       kLeft, kWidth - kRight, y.at(tick), y.at(tick));
    svg += fmt::format("<text class=\"tick\" text-anchor=\"end\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>",
                       kLeft - 6, y.at(tick) + 4, label_of(plot.y, tick));
  }
  double last = -kWidth;
  double last_narrow = -kWidth;
  for (const double tick : x.ticks()) {
    if (x.at(tick) - last < kFromLabel) continue;
    last = x.at(tick);
    const bool second = last - last_narrow < kFromLabelNarrow;  // it goes where there is little room
    if (!second) last_narrow = last;
    svg += fmt::format("<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", last,
                       last, kTop, kHeight - kBottom);
    svg +=
        fmt::format("<text class=\"tick under{}\" text-anchor=\"middle\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>",
                    second ? " second" : "", last, kHeight - kBottom + 6, label_of(plot.x, tick));
  }
  svg += fmt::format("<text class=\"tick\" text-anchor=\"end\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>",
                     kWidth - kRight, kHeight - 4, html_text(plot.x.title));
  return svg;
}

std::string path_of(const Plot& plot, const PlotLine& line, const Scale& x, const Scale& y) {
  std::string path;
  std::string points;
  bool drawing = false;
  double first = 0;
  double last = 0;
  for (const auto& point : line.points) {
    if (!std::isfinite(point.y)) {
      drawing = false;
      continue;
    }
    last = x.at(point.x);
    if (!drawing) first = last;
    path += fmt::format("{}{:.1f} {:.1f}", drawing ? "L" : "M", last, y.at(point.y));
    points +=
        fmt::format("{}{}{}: {}", points.empty() ? "" : "|", plot.x.kind == Axis::Kind::percentile ? "p" : "",
                    label_of(plot.x, point.x), label_of(plot.y, point.y));
    drawing = true;
  }
  if (path.empty()) return "";
  std::string svg;
  if (line.area) {
    svg += fmt::format("<path class=\"area c{}\" d=\"{}L{:.1f} {:.1f}L{:.1f} {:.1f}Z\"/>", line.colour, path,
                       last, kHeight - kBottom, first, kHeight - kBottom);
  }
  return svg + fmt::format("<path class=\"line c{}{}\" d=\"{}\" data-points=\"{}\"><title>{}</title></path>",
                           line.colour, line.broad ? " broad" : "", path, points, html_text(line.name));
}

// A single line has a legend, too, if its name says what it leaves out.
std::string legend(const Plot& plot) {
  const bool is_plain = plot.lines.size() == 1 && plot.lines[0].name.find('(') == std::string::npos;
  if (plot.lines.empty() || is_plain) return "";
  std::string html = "<p class=\"legend\">";
  for (const auto& line : plot.lines) {
    html += fmt::format("<span><i class=\"c{}{}\"></i>{}</span> ", line.colour, line.broad ? " broad" : "",
                        html_text(line.name));
  }
  return html + "</p>";
}

}  // namespace

std::string time_html(std::string_view time) {
  constexpr std::string_view kUnit = " us";
  std::string html = html_text(time);
  for (auto at = html.find(kUnit); at != std::string::npos; at = html.find(kUnit, at + 1)) {
    const std::size_t end = at + kUnit.size();
    if (end == html.size() || html[end] == ' ') html.replace(at + 1, 1, "µ");
  }
  return html;
}

std::string html_text(std::string_view text) {
  std::string html;
  for (const char c : text::escaped(text)) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string svg_of(const Plot& given) {
  Plot plot = given;
  Range xs;
  Range ys;
  std::size_t points = 0;
  for (const auto& line : plot.lines) {
    for (const auto& point : line.points) {
      if (!std::isfinite(point.y)) continue;
      xs.take(point.x);
      ys.take(point.y);
      ++points;
    }
  }
  if (plot.y.kind == Axis::Kind::fitting) {
    const bool is_wide = points > 0 && ys.low > 0 && ys.high / ys.low > kLinearRange;
    plot.y.kind = is_wide ? Axis::Kind::log : Axis::Kind::linear;
    if (is_wide) {
      plot.title += ", on a log scale";
      ys = {round_on_log(ys.low, false), round_on_log(ys.high, true)};
    }
  }
  std::string html = fmt::format("<figure><figcaption>{}</figcaption>", html_text(plot.title));
  if (points < 2) return html + "<p class=\"none\">too little to draw</p>" + legend(plot) + "</figure>";
  const Scale x(plot.x, xs.low, xs.high, kLeft, kWidth - kRight);
  const Scale y(plot.y, ys.low, ys.high, kHeight - kBottom, kTop);
  html += fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">", kWidth, kHeight,
                      html_text(plot.title));
  html += axes(plot, x, y);
  for (const auto& line : plot.lines) html += path_of(plot, line, x, y);
  return html + "</svg>" + legend(plot) + "</figure>";
}

}  // namespace leat::cli
