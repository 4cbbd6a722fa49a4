#include "cli/bench/saved_run.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "cli/bench/hdr_encoding.hpp"
#include "cli/bench/json_document.hpp"
#include "engine/load/normal.hpp"
#include "engine/load/quantile_interval.hpp"
#include "engine/text/number.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/expr/json.hpp"

namespace leat::cli {

namespace {

using pipelines::JsonKind;
using pipelines::JsonValue;

// A member of members; absent where one is missing.
JsonValue find(JsonValue json, std::initializer_list<const char*> path) {
  for (const char* name : path) json = json.get(name);
  return json;
}

std::optional<std::uint64_t> count(JsonValue value) { return value.integer<std::uint64_t>(); }

class Reader {
 public:
  explicit Reader(std::string name) { run_.name = std::move(name); }

  Result<SavedRun> read(std::string_view text) {
    pipelines::JsonDoc document;
    if (const auto wrong = document.parse(text)) {
      return fault(fmt::format("no JSON at byte {}: {}", wrong->offset + 1, wrong->message));
    }
    const JsonValue json = document.root();
    const JsonValue schema = json.get("schema");
    if (!schema.is(JsonKind::string)) return fault("no \"schema\" in it");
    if (!schema.says(kBenchSchema)) {
      return fault(fmt::format("its schema is {}, not {}", text::in_quotes(schema.text()),
                               text::in_quotes(kBenchSchema)));
    }
    if (auto error = read_response(json)) return std::move(*error);
    if (auto error = read_rate(json)) return std::move(*error);
    if (auto error = read_counts(json)) return std::move(*error);
    const JsonValue url = json.get("by_target").at(0).get("url");
    if (url.is(JsonKind::string)) run_.url = url.text();
    return std::move(run_);
  }

 private:
  [[nodiscard]] Error fault(std::string_view what) const {
    return Error(Errc::bad_input,
                 fmt::format("{}: not a result of leat bench --save: {}", text::in_quotes(run_.name), what));
  }

  Status read_response(JsonValue json) {
    const JsonValue response = find(json, {"latency", "response"});
    const JsonValue hdr = response.get("hdr");
    const auto censored = count(response.get("censored"));
    if (!hdr.is(JsonKind::string) || !censored) {
      return fault("\"latency.response\" has no \"hdr\" and \"censored\"");
    }
    auto histogram = decode_hdr(hdr.text());
    if (!histogram) return fault("\"latency.response.hdr\" can't be decoded");
    run_.response = std::move(*histogram);
    // What they had lasted is not in the document; that they are beyond all others is enough.
    const std::uint64_t bound = count(response.get("max")).value_or(0);
    for (std::uint64_t i = 0; i < std::min(*censored, kMostCensored); ++i) {
      run_.response.record_censored(bound);
    }
    return std::nullopt;
  }

  Status read_rate(JsonValue json) {
    const JsonValue measured = find(json, {"plan", "measured_s"});
    if (!measured.is(JsonKind::number) || !(measured.number() >= 0) || measured.number() > 1e9) {
      return fault("no \"plan.measured_s\" in it");
    }
    const JsonValue rate = json.get("rate");
    if (!rate.get("v").is(JsonKind::number)) return read_rate_of_series(json, measured.number());
    const auto end = [&](const char* name, double unknown) {
      return rate.get(name).is(JsonKind::number) ? rate.get(name).number() : unknown;
    };
    run_.rate = {rate.get("v").number(), end("lo", 0), end("hi", std::numeric_limits<double>::infinity())};
    return std::nullopt;
  }

  // Of a document that was written before the rate stood in it: how sure it is, isn't known then.
  Status read_rate_of_series(JsonValue json, double measured_s) {
    std::uint64_t answers = 0;
    for (const JsonValue second : json.get("series").items()) {
      const auto ok = count(second.get("ok"));
      const JsonValue start = second.get("t_s");
      if (!ok || !start.is(JsonKind::number)) return fault("a point of \"series\" has no \"t_s\" and \"ok\"");
      if (start.number() < measured_s - 1e-6) answers += *ok;  // the rest is the drain
    }
    run_.rate = {measured_s > 0 ? static_cast<double>(answers) / measured_s : 0, 0,
                 std::numeric_limits<double>::infinity()};
    return std::nullopt;
  }

  Status read_counts(JsonValue json) {
    struct Member {
      const char* name;
      std::uint64_t load::Tally::*count;
    };
    constexpr Member kMembers[] = {{"scheduled", &load::Tally::scheduled},
                                   {"ok", &load::Tally::ok},
                                   {"failed", &load::Tally::failed},
                                   {"timed_out", &load::Tally::timed_out},
                                   {"dropped", &load::Tally::dropped},
                                   {"unanswered", &load::Tally::unanswered},
                                   {"status_errors", &load::Tally::status_errors}};
    const JsonValue totals = json.get("totals");
    for (const auto& member : kMembers) {
      const JsonValue value = totals.get(member.name);
      const auto number = count(value);
      // Older documents have fewer of them, but none is without these two.
      const bool may_miss = member.count != &load::Tally::scheduled && member.count != &load::Tally::ok;
      if (!number && (value.exists() || !may_miss)) {
        return fault(fmt::format("\"totals.{}\" is not a number of requests", member.name));
      }
      run_.totals.*member.count = number.value_or(0);
    }
    const JsonValue statuses = json.get("by_status");
    if (!statuses.is(JsonKind::object)) return fault("no \"by_status\" in it");
    for (const auto& status : statuses.members()) {
      const auto code = text::parse_number<int>(status.key.text());
      const auto number = count(status.value);
      if (!code || !number) return fault("\"by_status\" has no numbers of answers");
      run_.by_status[*code] = *number;
    }
    return std::nullopt;
  }

  static constexpr std::uint64_t kMostCensored = 1'000'000'000;
  SavedRun run_;
};

struct Spread {
  double value;
  double down;  // of the logarithm, both of them
  double up;
};

std::optional<load::Ratio> ratio(const std::optional<Spread>& a, const std::optional<Spread>& b) {
  if (!a || !b) return std::nullopt;
  const double centre = b->value - a->value;
  return load::Ratio{std::exp(centre), std::exp(centre - std::hypot(b->down, a->up)),
                     std::exp(centre + std::hypot(b->up, a->down))};
}

std::optional<Spread> spread(double value, double lowest, double highest) {
  if (!(lowest > 0) || !std::isfinite(highest)) return std::nullopt;
  return Spread{std::log(value), std::log(value / lowest), std::log(highest / value)};
}

std::optional<Spread> of_percentile(const SavedRun& run, double p) {
  const auto estimate = load::estimate_percentile(run.response, p, load::kRatioConfidence);
  if (!estimate || estimate->highest.censored) return std::nullopt;
  return spread(static_cast<double>(estimate->value.value), static_cast<double>(estimate->lowest.value),
                static_cast<double>(estimate->highest.value));
}

// Its interval is for 95 %, but all three together are to be right in 95 of 100.
std::optional<Spread> of_rate(const SavedRun& run) {
  const double wider = load::normal_quantile((1 + load::kRatioConfidence) / 2) /
                       load::normal_quantile((1 + load::kConfidence) / 2);
  return spread(run.rate.value, run.rate.value - (run.rate.value - run.rate.lowest) * wider,
                run.rate.value + (run.rate.highest - run.rate.value) * wider);
}

}  // namespace

Result<SavedRun> parse_saved_run(std::string name, std::string_view json) {
  return Reader(std::move(name)).read(json);
}

Comparison compare_saved(const SavedRun& old_run, const SavedRun& new_run) {
  Comparison comparison;
  comparison.a = old_run.name;
  comparison.b = new_run.name;
  comparison.median = ratio(of_percentile(old_run, 50), of_percentile(new_run, 50));
  comparison.p99 = ratio(of_percentile(old_run, 99), of_percentile(new_run, 99));
  comparison.rate = ratio(of_rate(old_run), of_rate(new_run));
  compare_counts(comparison, old_run.totals, old_run.by_status, new_run.totals, new_run.by_status);
  return comparison;
}

}  // namespace leat::cli
