#pragma once

#include <cstddef>

#include "pipelines/flow/stage_load.hpp"

namespace leat::pipelines {

/// Counts how many of a stage's records are in work: for its load, nothing waits here. Loop thread only;
/// outlives its uses.
class Places {
 public:
  explicit Places(std::size_t all) noexcept : all_(all) {}

  [[nodiscard]] std::size_t all() const noexcept { return all_; }
  [[nodiscard]] StageLoad load() const noexcept {
    StageLoad load;
    load.role = StageRole::pool;
    load.busy = used_;
    load.slots = all_;
    return load;
  }

  /// One record's, while it is worked on.
  class Use {
   public:
    explicit Use(Places& places) noexcept : places_(places) { ++places_.used_; }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use() { --places_.used_; }

   private:
    Places& places_;
  };

 private:
  std::size_t all_;
  std::size_t used_ = 0;
};

}  // namespace leat::pipelines
