#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leat::cli {

/// One line of a plot. A point whose y is NaN breaks it.
struct PlotLine {
  struct Point {
    double x;
    double y;
  };
  std::string name;  // for the legend
  std::vector<Point> points;
  int colour = 1;      // an index in the page's palette, from 1
  bool area = false;   // the area down to the axis is filled
  bool broad = false;  // it is drawn so that a line upon it hides nothing
};

/// What an axis shows, and how its labels are written.
struct PlotAxis {
  // percentile: x is 1 / (1 - p), on a log axis. fitting: log if a linear axis would show the low values as
  // nothing, which the plot's title then says.
  enum class Kind { linear, log, percentile, fitting };
  enum class Label { number, time, share, seconds };
  Kind kind = Kind::linear;
  Label label = Label::number;
  std::string title;
};

struct Plot {
  std::string title;
  PlotAxis x;
  PlotAxis y;  // linear starts at 0
  std::vector<PlotLine> lines;
};

/// An inline SVG element, drawn with the classes of the page's style sheet, or a line of text if there is
/// nothing to draw. Each line names its points, in order, in data-points: what a script shows beside the
/// pointer.
[[nodiscard]] std::string svg_of(const Plot& plot);

/// The text escaped for HTML and SVG, also for attributes.
[[nodiscard]] std::string html_text(std::string_view text);

/// The same for measured times, whose units may be written with the sign for micro here.
[[nodiscard]] std::string time_html(std::string_view time);

}  // namespace leat::cli
