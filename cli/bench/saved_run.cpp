#include "cli/bench/saved_run.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include <chrono>
#include <cmath>
#include <optional>
#include <utility>

#include "cli/bench/hdr_encoding.hpp"
#include "cli/bench/json_document.hpp"
#include "engine/load/normal.hpp"
#include "engine/load/quantile_interval.hpp"
#include "engine/text/printable.hpp"

namespace leat::cli {

namespace {

using rapidjson::Value;

// A member of members; null where one is missing.
const Value* find(const Value& json, std::initializer_list<const char*> path) {
  const Value* here = &json;
  for (const char* name : path) {
    if (!here->IsObject()) return nullptr;
    const auto member = here->FindMember(name);
    if (member == here->MemberEnd()) return nullptr;
    here = &member->value;
  }
  return here;
}

class Reader {
 public:
  explicit Reader(std::string name) { run_.name = std::move(name); }

  Result<SavedRun> read(std::string_view text) {
    rapidjson::Document json;
    json.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
    if (json.HasParseError()) {
      return fault(fmt::format("no JSON at byte {}: {}", json.GetErrorOffset() + 1,
                               rapidjson::GetParseError_En(json.GetParseError())));
    }
    const Value* schema = find(json, {"schema"});
    if (schema == nullptr || !schema->IsString()) return fault("no \"schema\" in it");
    if (std::string_view(schema->GetString()) != kBenchSchema) {
      return fault(fmt::format("its schema is {}, not {}", text::in_quotes(schema->GetString()),
                               text::in_quotes(kBenchSchema)));
    }
    if (auto error = read_response(json)) return std::move(*error);
    if (auto error = read_rate(json)) return std::move(*error);
    const Value* targets = find(json, {"by_target"});
    if (targets != nullptr && targets->IsArray() && !targets->Empty()) {
      const Value* url = find((*targets)[0], {"url"});
      if (url != nullptr && url->IsString()) run_.url = url->GetString();
    }
    return std::move(run_);
  }

 private:
  [[nodiscard]] Error fault(std::string_view what) const {
    return Error(Errc::bad_input,
                 fmt::format("{}: not a result of leat bench --save: {}", text::in_quotes(run_.name), what));
  }

  Status read_response(const Value& json) {
    const Value* hdr = find(json, {"latency", "response", "hdr"});
    const Value* censored = find(json, {"latency", "response", "censored"});
    const Value* max = find(json, {"latency", "response", "max"});
    if (hdr == nullptr || !hdr->IsString() || censored == nullptr || !censored->IsUint64()) {
      return fault("\"latency.response\" has no \"hdr\" and \"censored\"");
    }
    auto histogram = decode_hdr(std::string_view(hdr->GetString(), hdr->GetStringLength()));
    if (!histogram) return fault("\"latency.response.hdr\" can't be decoded");
    run_.response = std::move(*histogram);
    // What they had lasted is not in the document; that they are beyond all others is enough.
    const std::uint64_t bound = max != nullptr && max->IsUint64() ? max->GetUint64() : 0;
    for (std::uint64_t i = 0; i < std::min(censored->GetUint64(), kMostCensored); ++i) {
      run_.response.record_censored(bound);
    }
    return std::nullopt;
  }

  // Through a result's own estimate, so that both ways give the same interval.
  Status read_rate(const Value& json) {
    const Value* measured = find(json, {"plan", "measured_s"});
    const Value* series = find(json, {"series"});
    if (measured == nullptr || !measured->IsNumber() || !(measured->GetDouble() >= 0) ||
        measured->GetDouble() > 1e9) {
      return fault("no \"plan.measured_s\" in it");
    }
    if (series == nullptr || !series->IsArray()) return fault("no \"series\" in it");
    load::LoadResult result;
    const double total_s = measured->GetDouble();
    result.measured = async::Duration(std::llround(total_s * 1e9));
    for (const auto& second : series->GetArray()) {
      const Value* ok = find(second, {"ok"});
      const Value* start = find(second, {"t_s"});
      if (ok == nullptr || !ok->IsUint64() || start == nullptr || !start->IsNumber()) {
        return fault("a point of \"series\" has no \"t_s\" and \"ok\"");
      }
      if (start->GetDouble() >= total_s - 1e-6) continue;  // the drain
      load::SeriesPoint point;
      point.start = async::Duration(std::llround(start->GetDouble() * 1e9));
      point.lasts = std::min<async::Duration>(std::chrono::seconds(1), result.measured - point.start);
      point.ok = ok->GetUint64();
      result.totals.finished_in_time += point.ok;
      result.series.push_back(point);
    }
    run_.rate = load::estimate_rate(result);
    return std::nullopt;
  }

  static constexpr std::uint64_t kMostCensored = 1'000'000'000;
  SavedRun run_;
};

struct Spread {
  double value;
  double down;  // of the logarithm, both
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

// Its interval is for 95 %; all three together are to be right in 95 of 100.
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
  return comparison;
}

}  // namespace leat::cli
