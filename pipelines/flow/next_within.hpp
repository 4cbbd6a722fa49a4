#pragma once

#include <optional>
#include <utility>

#include "engine/async/errors.hpp"
#include "engine/async/wait_for.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// The next record, or the end of the stream, if it comes within `time`; else nothing, and no record is lost.
inline async::Task<std::optional<RecordPtr>> next_record(RecordReceiver& in) {
  auto record = co_await in.next();
  co_return std::move(record);
}

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
