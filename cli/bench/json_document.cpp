#include "cli/bench/json_document.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "cli/bench/json_measurement.hpp"
#include "cli/bench/json_members.hpp"
#include "engine/load/quantile_interval.hpp"

namespace leat::cli {

namespace {

int digits_of(const Check& check) noexcept {
  if (check.metric == Check::Metric::error_rate) return 9;
  if (check.is_of_comparison()) return 6;
  return check.metric == Check::Metric::rate ? 3 : 0;
}

/// Writes members of objects, one after the other.
class Document : private JsonMeasurement {
 public:
  [[nodiscard]] std::string take() && { return std::string(json_.text()) + "\n"; }

  void write(const BenchRecord& record) {
    json_.begin_object();
    text("schema", kBenchSchema);
    key("argv");
    json_.begin_array();
    for (const auto& argument : record.argv) {
      json_.item();
      value(argument);
    }
    json_.end_array();
    write_environment(record.environment);
    write_measurement(record.subject);
    write_checks(record.checks);
    if (!record.aborted.empty()) text("aborted", record.aborted);
    if (record.noise_floor) write_noise_floor(*record.noise_floor);
    if (record.comparison) write_comparison(*record.comparison);
    if (record.found_rate) write_found_rate(*record.found_rate);
    if (record.other) {
      key("vs");
      json_.begin_object();
      write_measurement(*record.other);
      json_.end_object();
    }
    if (!record.members.empty()) {
      key("members");
      json_.raw(members_json(record.members));
    }
    count("exit_code", static_cast<std::uint64_t>(record.exit_code));
    json_.end_object();
  }

 private:
  void write_environment(const Environment& here) {
    key("env");
    json_.begin_object();
    text("machine", here.machine);
    text("cpu", here.cpu);
    count("cpus", here.cpus);
    text("kernel", here.kernel);
    text("leat", here.leat);
    text("libraries", here.libraries);
    text("started_at", here.started_at);
    json_.end_object();
  }

  // In the bound's own unit: nanoseconds, a rate per second, or a share of 1.
  void write_checks(const std::vector<CheckOutcome>& checks) {
    key("checks");
    json_.begin_array();
    for (const auto& outcome : checks) {
      const int digits = digits_of(outcome.check);
      json_.item();
      json_.begin_object();
      text("check", outcome.check.text);
      real("bound", outcome.check.bound, digits);
      real("v", outcome.measured.value, digits);
      real("lo", outcome.measured.lowest, digits);
      real("hi", outcome.measured.highest, digits);
      text("result", to_string(outcome.state));
      json_.end_object();
    }
    json_.end_array();
  }

  void write_ratio(std::string_view name, const std::optional<load::Ratio>& ratio) {
    key(name);
    if (!ratio) {
      json_.null();
      return;
    }
    json_.begin_object();
    real("v", ratio->value);
    real("lo", ratio->lowest);
    real("hi", ratio->highest);
    json_.end_object();
  }

  void write_noise_floor(const NoiseFloor& floor) {
    key("noise_floor");
    json_.begin_object();
    real("rate", floor.rate.value, 3);
    time("p50", floor.p50, floor.p50.value > 0);
    time("p99", floor.p99, floor.p99.value > 0);
    json_.end_object();
  }

  void write_found_rate(const FoundRate& found) {
    key("find_rate");
    json_.begin_object();
    text("check", found.check);
    real_or_null("held", found.held, 3);
    real_or_null("failed", found.failed, 3);
    count("trials", found.trials);
    text("sentence", found.sentence);
    json_.end_object();
  }

  void write_comparison(const Comparison& comparison) {
    key("comparison");
    json_.begin_object();
    text("a", comparison.a);
    text("b", comparison.b);
    count("groups", comparison.groups);
    real("confidence", load::kRatioConfidence, 4);
    write_ratio("median", comparison.median);
    write_ratio("p99", comparison.p99);
    write_ratio("rate", comparison.rate);
    key("shares");
    json_.begin_array();
    for (const auto& share : comparison.shares) {
      json_.item();
      json_.begin_object();
      text("name", share.name);
      real("a", share.a, 9);
      real("b", share.b, 9);
      real("lo", share.lowest, 9);
      real("hi", share.highest, 9);
      json_.end_object();
    }
    json_.end_array();
    key("differs");
    json_.boolean(comparison.differs());
    text("sentence", comparison_sentence(comparison));
    json_.end_object();
  }
};

}  // namespace

std::string json_document(const BenchRecord& record) {
  Document document;
  document.write(record);
  return std::move(document).take();
}

}  // namespace leat::cli
