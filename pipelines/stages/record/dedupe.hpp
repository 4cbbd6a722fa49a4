#pragma once

#include <cstdint>
#include <string>

namespace leat::pipelines {

class StageRow;

/// The arguments of `dedupe`: it passes the first record of each key on.
struct DedupeArgs {
  std::string by = ".url";
  std::uint64_t memory = 1'000'000;  // keys in memory; the rest is on disk
  bool show = false;                 // the others go on to the end as skipped, with the reason
};
[[nodiscard]] const StageRow& row_of(const DedupeArgs& args) noexcept;

}  // namespace leat::pipelines
