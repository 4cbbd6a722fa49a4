#pragma once

#include <string_view>

namespace leat::pipelines {

/// A stage that drops records which come back out of its block, and can tell beforehand which ones. Loop
/// thread only.
class Unwanted {
 public:
  virtual ~Unwanted() = default;
  /// Whether a record that asks for this URL would only be counted as skipped, whatever else is in it.
  [[nodiscard]] virtual bool is_unwanted(std::string_view url) const = 0;
};

/// A stage that makes a record of a URL, and need not make one that is unwanted: it counts it as skipped. The
/// planner tells the last stage of a block before it runs, if nothing stands between the two.
class LeavesOut {
 public:
  virtual ~LeavesOut() = default;
  /// `unwanted` outlives the run.
  virtual void leave_out(const Unwanted& unwanted) noexcept = 0;
};

}  // namespace leat::pipelines
