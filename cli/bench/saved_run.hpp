#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/bench/comparison.hpp"
#include "engine/error.hpp"
#include "engine/load/estimates.hpp"
#include "engine/load/histogram.hpp"

namespace leat::cli {

/// The parts of a saved benchmark document that a comparison needs.
struct SavedRun {
  std::string name;  // the name of the file
  std::string url;
  load::Histogram response;  // exact to its buckets
  load::Estimate rate;
  load::Tally totals;  // those of its counts that the document has
  std::map<int, std::uint64_t> by_status;
};

/// The Error names the file and says why it is no such document, with the byte if that is known.
[[nodiscard]] Result<SavedRun> parse_saved_run(std::string name, std::string_view json);

/// Compares two runs that know nothing of each other: the intervals of both are put together as those of
/// independent estimates (MOVER: Donner and Zou, Statistical Methods in Medical Research 21, 2012).
[[nodiscard]] Comparison compare_saved(const SavedRun& old_run, const SavedRun& new_run);

}  // namespace leat::cli
