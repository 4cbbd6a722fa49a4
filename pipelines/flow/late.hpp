#pragma once

#include <chrono>

#include "engine/async/clock.hpp"
#include "engine/error.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/text/duration_text.hpp"

namespace leat::pipelines {

/// What a record fails with that takes a stage longer than its timeout=.
[[nodiscard]] inline Error late_error(async::Duration timeout) {
  return Error(Errc::timeout, "it took longer than timeout=" + duration_text(timeout));
}

/// Measures work that nothing can interrupt: a record that took longer than `timeout` (0: none) fails when it
/// is done, unless it has failed by itself.
class LateWatch {
 public:
  explicit LateWatch(async::Duration timeout) noexcept : timeout_(timeout) {
    if (timeout.count() > 0) started_ = std::chrono::steady_clock::now();
  }
  /// `stage` is the name of the stage that the record fails in.
  void check(Record& record, const char* stage) const {
    if (timeout_.count() == 0 || record.failed()) return;
    if (std::chrono::steady_clock::now() - started_ > timeout_) record.fail(late_error(timeout_), stage);
  }

 private:
  async::Duration timeout_;
  std::chrono::steady_clock::time_point started_{};
};

}  // namespace leat::pipelines
