#pragma once

#include <memory>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/http/client.hpp"
#include "engine/load/driver.hpp"
#include "engine/load/pacer.hpp"
#include "engine/load/recorder.hpp"
#include "engine/load/request_book.hpp"
#include "engine/load/turns.hpp"

namespace leat::load {

/// Makes the load of one thread through http::Client, with a task for each request that may be under way at
/// once: redirects, compression, HTTP/2 as `leat get` has it. It is slower than FastDriver.
class FullDriver final : public Driver, private async::TaskScope {
 public:
  FullDriver(async::EventLoop& loop, const LoadPlan& plan, DriverPart part);
  FullDriver(const FullDriver&) = delete;
  FullDriver& operator=(const FullDriver&) = delete;
  ~FullDriver() override = default;

  async::Task<void> prepare() override;
  async::Task<LoadResult> run(async::TimePoint start) override;
  void stop() noexcept override;

 private:
  class CountingSink;

  async::Task<void> send_in_turn(async::TimePoint from);
  async::Task<bool> send(async::TimePoint planned);
  async::Task<async::TimePoint> send_all();
  async::Task<void> watch_time();
  void on_end(async::TaskState& task) noexcept override;

  async::EventLoop& loop_;
  const LoadPlan& plan_;
  RequestBook book_;
  Recorder recorder_;
  Turns turns_;
  std::size_t slots_;
  std::size_t first_slot_;  // the number of the first of them among all threads' slots
  async::TimePoint start_;
  Pacer pacer_;
  http::Client client_;
  async::TimePoint drained_ = async::TimePoint::max();
  bool stopped_ = false;
  bool hurries_ = false;  // stopped again: nothing is waited for
  async::Event ended_;
};

}  // namespace leat::load
