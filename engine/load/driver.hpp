#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/load/load_plan.hpp"
#include "engine/load/load_result.hpp"
#include "engine/load/recorder.hpp"

namespace leat::load {

/// The part of a plan that one thread does, and where the thread reports it.
struct DriverPart {
  DriverPart() = default;

  std::size_t thread = 0;
  std::size_t threads = 1;
  std::size_t slots = 1;        // of the plan's concurrency
  std::size_t first_slot = 0;   // how many of them belong to earlier threads
  std::size_t connections = 1;  // HTTP/2: how many for each origin its slots share
  std::uint64_t requests = 0;   // its part of the plan's count; 0 with `ends_by_count` means none at all
  bool ends_by_count = false;
  Recorder::SliceSink slices;
  SampleSink samples;
};

/// Makes one thread's part of the load. That thread calls its functions, inside its loop's run.
class Driver {
 public:
  virtual ~Driver() = default;

  /// Does what takes time and is no part of the load: names, connections. Never fails, ends in seconds.
  virtual async::Task<void> prepare() = 0;
  /// Makes the load, from `start` on, which is when the warm-up begins, and gives the results. Called once,
  /// after `prepare`.
  virtual async::Task<LoadResult> run(async::TimePoint start) = 0;
  /// Sends no more, and lets what was sent be answered for the plan's `drain`; a second call waits no longer.
  virtual void stop() noexcept = 0;
};

/// Makes a driver with an HTTP/1.1 of its own over connections that libcurl makes. `plan` outlives it.
[[nodiscard]] std::unique_ptr<Driver> make_fast_driver(async::EventLoop& loop, const LoadPlan& plan,
                                                       DriverPart part);
/// Makes a driver with HTTP/2 by nghttp2 over connections that libcurl makes. `plan` outlives it.
[[nodiscard]] std::unique_ptr<Driver> make_http2_driver(async::EventLoop& loop, const LoadPlan& plan,
                                                        DriverPart part);
/// Makes a driver that sends by http::Client: redirects, HTTP/2, compression.
[[nodiscard]] std::unique_ptr<Driver> make_full_driver(async::EventLoop& loop, const LoadPlan& plan,
                                                       DriverPart part);

}  // namespace leat::load
