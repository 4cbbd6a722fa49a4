#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cli/bench/checks.hpp"
#include "engine/load/load_result.hpp"

namespace leat::cli {

/// Watches a run for what shall end it (--abort-on), and passes every slice on to another observer.
///
/// A bound ends the run once the whole interval of what was measured so far is beyond it, so that one unlucky
/// request at the start ends nothing. What is in flight counts as sent and as no error. Thread of the run's
/// EventLoop; it outlives the run.
class AbortWatch final : public load::LoadObserver {
 public:
  /// `next` may be null. `abort` is called once, from inside `on_slice`.
  AbortWatch(std::vector<Check> bounds, load::LoadObserver* next, std::function<void()> abort);

  void on_slice(const load::Slice& slice) override;
  void on_started() override;

  /// The bound that ended the run, and what was measured; empty if none did.
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

 private:
  void add_block(async::Duration lasts, std::uint64_t answers);

  std::vector<Check> bounds_;
  load::LoadObserver* next_;
  std::function<void()> abort_;
  load::LoadResult so_far_;
  std::string reason_;
  async::Duration block_lasts_{0};  // at least; a slice is a block until there are too many
};

}  // namespace leat::cli
