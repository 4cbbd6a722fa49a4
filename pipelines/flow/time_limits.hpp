#pragma once

#include <chrono>
#include <optional>
#include <utility>

#include "engine/async/clock.hpp"
#include "engine/async/errors.hpp"
#include "engine/async/wait_for.hpp"
#include "engine/error.hpp"
#include "engine/text/units.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// The error of a record with which a stage has taken longer than its timeout=.
[[nodiscard]] inline Error late_error(async::Duration timeout) {
  return Error(Errc::timeout, "it took longer than timeout=" + text::format_duration(timeout));
}

/// Measures work that nothing can interrupt. A record that took longer than `timeout` (0: none) fails once
/// the work is done, unless it has failed by itself.
class LateWatch {
 public:
  explicit LateWatch(async::Duration timeout) noexcept : timeout_(timeout) {
    if (timeout.count() > 0) started_ = std::chrono::steady_clock::now();
  }
  /// Is called once the work is done. `stage` is the name of the stage that the record fails in.
  void check(Record& record, const char* stage) const {
    if (timeout_.count() == 0 || record.failed()) return;
    if (std::chrono::steady_clock::now() - started_ > timeout_) record.fail(late_error(timeout_), stage);
  }

 private:
  async::Duration timeout_;
  std::chrono::steady_clock::time_point started_{};
};

inline async::Task<std::optional<RecordPtr>> next_record(RecordReceiver& in) {
  auto record = co_await in.next();
  co_return std::move(record);
}

/// The next record, or the end of the stream, if it comes within `time`; else nothing, and no record is lost.
inline async::Task<std::optional<std::optional<RecordPtr>>> next_within(RecordReceiver& in,
                                                                        async::Duration time) {
  std::optional<std::optional<RecordPtr>> got;
  if (time.count() <= 0) {
    auto ready = in.try_next();
    if (ready) got.emplace(std::move(ready));
    co_return std::move(got);
  }
  try {
    auto waiting = async::wait_for(next_record(in), time);
    auto record = co_await std::move(waiting);
    got.emplace(std::move(record));
  } catch (const async::TimeoutError&) {
  }
  co_return std::move(got);
}

}  // namespace leat::pipelines
