#include "cli/bench/checks.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "cli/options/hints/nearest.hpp"
#include "engine/text/number.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"
#include "engine/text/utf8.hpp"

namespace leat::cli {

namespace {

using Metric = Check::Metric;
using Op = Check::Op;
using State = CheckOutcome::State;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinite = std::numeric_limits<double>::infinity();

struct Unit {
  std::string_view name;
  double size;
};
constexpr std::array kTimeUnits{Unit{"ns", 1},  Unit{"us", 1e3}, Unit{"µs", 1e3},   Unit{"ms", 1e6},
                                Unit{"s", 1e9}, Unit{"m", 6e10}, Unit{"min", 6e10}, Unit{"h", 3.6e12}};
constexpr std::array kRateUnits{Unit{"/s", 1}, Unit{"", 1}, Unit{"/min", 1 / 60.0}, Unit{"/h", 1 / 3600.0}};
constexpr std::array kShareUnits{Unit{"%", 0.01}};
constexpr std::array kRatioUnits{Unit{"", 1}};

struct Name {
  std::string_view name;
  Metric metric;
};
constexpr std::array kNames{Name{"mean", Metric::mean},
                            Name{"min", Metric::min},
                            Name{"max", Metric::max},
                            Name{"rate", Metric::rate},
                            Name{"error_rate", Metric::error_rate},
                            Name{"ratio.p50", Metric::ratio_p50},
                            Name{"ratio.p99", Metric::ratio_p99},
                            Name{"ratio.rate", Metric::ratio_rate}};

bool is_ratio(Metric metric) noexcept { return metric >= Metric::ratio_p50; }

std::span<const Unit> units_of(Metric metric) {
  if (metric == Metric::rate) return kRateUnits;
  if (metric == Metric::error_rate) return kShareUnits;
  if (is_ratio(metric)) return kRatioUnits;
  return kTimeUnits;
}

std::string_view takes(Metric metric) {
  if (metric == Metric::rate) return "a rate such as 1000/s";
  if (metric == Metric::error_rate) return "a share such as 0.1%";
  if (is_ratio(metric)) return "a ratio such as 1.1";
  return "a time with its unit, such as 200ms";
}

/// Reads a text from left to right; columns count characters from 1.
class CheckParser {
 public:
  CheckParser(std::string_view option, std::string_view text) : option_(option), text_(text) {
    check_.text = text;
  }

  Result<Check> parse() {
    if (auto error = read_metric()) return std::move(*error);
    if (auto error = read_op()) return std::move(*error);
    if (auto error = read_bound()) return std::move(*error);
    return std::move(check_);
  }

 private:
  [[nodiscard]] Error fault(std::size_t at, std::string_view what) const {
    const auto column = 1 + text::count_characters(text_.substr(0, at));
    return Error(Errc::bad_input,
                 fmt::format("{} {}: column {}: {}", option_, text::in_quotes(text_), column, what));
  }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  Status read_metric() {
    skip_blanks();
    const std::size_t start = at_;
    while (at_ < text_.size() && std::string_view("<>= \t").find(text_[at_]) == std::string_view::npos) ++at_;
    const std::string_view name = text_.substr(start, at_ - start);
    for (const auto& known : kNames) {
      if (known.name != name) continue;
      check_.metric = known.metric;
      return std::nullopt;
    }
    if (name.size() > 1 && name[0] == 'p' &&
        (std::isdigit(static_cast<unsigned char>(name[1])) || name[1] == '-')) {
      return read_percentile(name, start);
    }
    std::vector<std::string_view> names{"p50", "p90", "p99", "p99.9"};
    for (const auto& known : kNames) names.push_back(known.name);
    return fault(
        start, fmt::format(
                   "{} is not a measured value; takes pN (such as p99 or p99.9), mean, min, "
                   "max, rate or error_rate, and with --vs or --compare ratio.p50, ratio.p99 or ratio.rate{}",
                   name.empty() ? "this" : text::in_quotes(name), did_you_mean(name, names)));
  }

  Status read_percentile(std::string_view name, std::size_t start) {
    const auto p = text::parse_number<double>(name.substr(1));
    if (!p || !(*p > 0 && *p < 100)) {
      return fault(start,
                   fmt::format("no percentile {}; takes one between p0 and p100, both excluded, such as "
                               "p99 or p99.9",
                               text::in_quotes(name)));
    }
    check_.metric = Metric::percentile;
    check_.percentile = *p;
    return std::nullopt;
  }

  Status read_op() {
    constexpr std::array<std::pair<std::string_view, Op>, 4> kOps{
        {{"<=", Op::less_equal}, {">=", Op::greater_equal}, {"<", Op::less}, {">", Op::greater}}};
    skip_blanks();
    for (const auto& [sign, op] : kOps) {
      if (!text_.substr(at_).starts_with(sign)) continue;
      at_ += sign.size();
      check_.op = op;
      return std::nullopt;
    }
    return fault(at_, "a comparison is missing; takes <, <=, > or >=");
  }

  Status read_bound() {
    skip_blanks();
    std::string_view rest = text_.substr(at_);
    while (!rest.empty() && (rest.back() == ' ' || rest.back() == '\t')) rest.remove_suffix(1);
    double number = 0;
    const auto [end, code] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (code != std::errc() || !std::isfinite(number) || number < 0) {
      return fault(at_, fmt::format("{} given; takes {}", text::in_quotes(rest), takes(check_.metric)));
    }
    std::string_view unit = rest.substr(static_cast<std::size_t>(end - rest.data()));
    while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
    if (number == 0 && unit.empty()) return std::nullopt;  // no unit can change it
    for (const auto& known : units_of(check_.metric)) {
      if (known.name != unit) continue;
      check_.bound = number * known.size;
      return std::nullopt;
    }
    const auto at = static_cast<std::size_t>(rest.data() + rest.size() - unit.size() - text_.data());
    return fault(at, unit.empty() ? fmt::format("a unit is missing; takes {}", takes(check_.metric))
                                  : fmt::format("{} is no unit of it; takes {}", text::in_quotes(unit),
                                                takes(check_.metric)));
  }

  std::string_view option_;
  std::string_view text_;
  std::size_t at_ = 0;
  Check check_;
};

struct Measured {
  std::optional<load::Estimate> estimate;
  std::string note;
};

// A request that was never answered lies beyond every bound, whatever is known about its time.
double beyond(const load::Quantile& quantile) {
  return quantile.censored ? kInfinite : static_cast<double>(quantile.value);
}

Measured measure_percentile(const load::Histogram& times, double p, CheckMode mode) {
  if (times.total() == 0) return {std::nullopt, "no request ended"};
  if (const auto estimate = load::estimate_percentile(times, p)) {
    return {load::Estimate{beyond(estimate->value), beyond(estimate->lowest), beyond(estimate->highest)}, ""};
  }
  if (mode == CheckMode::point) {
    const double value = beyond(times.percentile(p));
    return {load::Estimate{value, value, value}, ""};
  }
  return {std::nullopt, fmt::format("{} samples are too few for p{}, which wants {}", times.total(), p,
                                    load::samples_for(p))};
}

Measured measure_extreme(const load::Histogram& times, bool longest) {
  if (times.total() == 0) return {std::nullopt, "no request ended"};
  const bool lost = longest ? times.censored() > 0 : times.count() == 0;
  const double value = lost ? kInfinite : static_cast<double>(longest ? times.max() : times.min());
  return {load::Estimate{value, value, value}, ""};
}

Measured measure(const Check& check, const load::LoadResult& result, CheckMode mode) {
  const load::Histogram& times = result.latency.response;
  switch (check.metric) {
    case Metric::percentile:
      return measure_percentile(times, check.percentile, mode);
    case Metric::min:
      return measure_extreme(times, false);
    case Metric::max:
      return measure_extreme(times, true);
    case Metric::mean:
      if (times.count() == 0 && times.censored() > 0)
        return {load::Estimate{kInfinite, kInfinite, kInfinite}, ""};
      return {load::estimate_mean(times), "too few samples"};
    case Metric::rate:
      return {load::estimate_rate(result), ""};
    case Metric::error_rate:
      return {load::estimate_error_rate(result.totals), "no request was planned"};
    case Metric::ratio_p50:
    case Metric::ratio_p99:
    case Metric::ratio_rate:
      break;  // they are not of one result
  }
  return {};
}

bool within(const Check& check, double value) {
  switch (check.op) {
    case Op::less:
      return value < check.bound;
    case Op::less_equal:
      return value <= check.bound;
    case Op::greater:
      return value > check.bound;
    case Op::greater_equal:
      return value >= check.bound;
  }
  return false;
}

std::string number_text(Metric metric, double value) {
  if (std::isinf(value)) return "no end";
  if (metric == Metric::rate) return text::format_rate(value);
  if (metric == Metric::error_rate) return fmt::format("{:.3g} %", value * 100);
  if (is_ratio(metric)) return fmt::format("{:.3f}", value);
  return text::format_nanoseconds(value);
}

}  // namespace

Result<Check> parse_check(std::string_view option, std::string_view text) {
  return CheckParser(option, text).parse();
}

namespace {

CheckOutcome decide(const Check& check, const Measured& measured, CheckMode mode) {
  CheckOutcome outcome;
  outcome.check = check;
  if (!measured.estimate) {
    outcome.measured = {kUnknown, kUnknown, kUnknown};
    outcome.note = measured.note;
    // In point mode, a value that can't be shown has not been shown to hold.
    outcome.state = mode == CheckMode::point ? State::fails : State::undecided;
    return outcome;
  }
  outcome.measured = *measured.estimate;
  if (mode == CheckMode::point) {
    outcome.state = within(check, outcome.measured.value) ? State::holds : State::fails;
    return outcome;
  }
  const bool low = within(check, outcome.measured.lowest);
  const bool high = within(check, outcome.measured.highest);
  outcome.state = low && high ? State::holds : !low && !high ? State::fails : State::undecided;
  return outcome;
}

const std::optional<load::Ratio>& ratio_of(Metric metric, const Comparison& comparison) {
  if (metric == Metric::ratio_p50) return comparison.median;
  return metric == Metric::ratio_p99 ? comparison.p99 : comparison.rate;
}

}  // namespace

CheckOutcome apply(const Check& check, const load::LoadResult& result, CheckMode mode) {
  return decide(check, measure(check, result, mode), mode);
}

CheckOutcome apply(const Check& check, const Comparison& comparison, CheckMode mode) {
  if (const std::string failed = failed_side_sentence(comparison); !failed.empty()) {
    CheckOutcome outcome = decide(check, {std::nullopt, failed}, mode);
    outcome.state = State::fails;
    return outcome;
  }
  const auto& ratio = ratio_of(check.metric, comparison);
  if (!ratio) return decide(check, {std::nullopt, "too few samples"}, mode);
  return decide(check, {load::Estimate{ratio->value, ratio->lowest, ratio->highest}, ""}, mode);
}

std::string_view to_string(CheckOutcome::State state) noexcept {
  switch (state) {
    case State::holds:
      return "pass";
    case State::undecided:
      return "undecided";
    case State::fails:
      return "fail";
  }
  return "fail";
}

std::string metric_of(const Check& check) {
  return check.text.substr(0, check.text.find_first_of("<>= \t", check.text.find_first_not_of(" \t")));
}

std::string measured_text(const CheckOutcome& outcome) {
  const auto& measured = outcome.measured;
  if (std::isnan(measured.value)) return outcome.note;
  const auto text = [&](double value) { return number_text(outcome.check.metric, value); };
  const std::string value = std::isinf(measured.value) ? "requests without an answer" : text(measured.value);
  if (measured.lowest == measured.highest) return value;
  if (outcome.check.metric == Metric::rate && std::isinf(measured.highest)) {
    return value + " (withheld: the run was too short for an interval)";
  }
  return fmt::format("{} ({} to {})", value, text(measured.lowest), text(measured.highest));
}

}  // namespace leat::cli
