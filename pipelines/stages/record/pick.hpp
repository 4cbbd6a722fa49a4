#pragma once

#include <cstdint>

namespace leat::pipelines {

class StageRow;

/// The arguments of `limit`: how many records it passes on.
struct LimitArgs {
  std::uint64_t n = 0;
};
[[nodiscard]] const StageRow& row_of(const LimitArgs& args) noexcept;

/// The arguments of `skip`: how many records it drops.
struct SkipArgs {
  std::uint64_t n = 0;
};
[[nodiscard]] const StageRow& row_of(const SkipArgs& args) noexcept;

/// The arguments of `sample`: how likely it passes a record on.
struct SampleArgs {
  double fraction = 1;
  std::uint64_t seed = 0;  // 0: another one each run
};
[[nodiscard]] const StageRow& row_of(const SampleArgs& args) noexcept;

}  // namespace leat::pipelines
