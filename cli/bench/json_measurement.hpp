#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "cli/bench/bench_record.hpp"
#include "cli/bench/json_fields.hpp"

namespace leat::cli {

/// Writes the members that say what one side of a benchmark did, for the writer of the whole document to
/// derive from. It is a value, for one thread.
class JsonMeasurement : protected JsonFields {
 protected:
  void write_measurement(const Measurement& measurement);

 private:
  void write_findings(const load::SampleFindings& findings);
  void write_plan(const Measurement& measurement);
  void write_totals(const load::Tally& totals);
  void write_counts(const load::Tally& tally);
  void write_estimate(std::string_view name, const std::optional<load::Estimate>& estimate, int digits);
  void write_histogram(std::string_view name, const load::Histogram& histogram);
  void write_percentiles(const load::Histogram& histogram);
  void write_targets(const load::LoadResult& result);
  void write_addresses(const load::LoadResult& result);
  void write_stages(const load::LoadResult& result);
  void write_statuses(const std::map<int, std::uint64_t>& statuses);
  void write_errors(const std::map<Errc, load::ErrorTally>& errors);
  void write_series(const std::vector<load::SeriesPoint>& series);
  void write_client(const Measurement& measurement);
};

}  // namespace leat::cli
