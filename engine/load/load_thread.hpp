#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "engine/async/event.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/future.hpp"
#include "engine/async/task.hpp"
#include "engine/load/driver.hpp"
#include "engine/load/hold.hpp"

namespace leat::load {

/// Runs one Driver on a thread with an EventLoop of its own. Its functions are for the home loop's thread,
/// and what it tells is posted there. It blocks signals on its thread. The destructor stops the load at once
/// and waits.
class LoadThread {
 public:
  /// What the home loop is told: that everything is prepared, each slice, and the end.
  struct Told {
    std::function<void()> prepared;
    std::function<void(std::size_t thread, Slice slice)> slice;
    std::function<void(LoadResult result)> ended;
  };

  /// Throws std::system_error if there can be no more threads. `plan`, and what `told` calls, outlive it.
  LoadThread(async::EventLoop& home, const LoadPlan& plan, DriverPart part, Told told);
  LoadThread(const LoadThread&) = delete;
  LoadThread& operator=(const LoadThread&) = delete;
  ~LoadThread();

  /// Is called once, after the thread has told that all is prepared.
  void start(async::TimePoint start);
  void stop();
  /// Has the thread stand still at this place, between two turns, as soon as it can.
  void stand_still(std::shared_ptr<Hold> hold);

 private:
  async::Task<void> live();

  async::EventLoop& home_;
  const LoadPlan& plan_;
  DriverPart part_;
  Told told_;
  async::EventLoop loop_;
  Driver* driver_ = nullptr;  // belongs to the thread, as what follows does
  async::Event may_start_;
  async::TimePoint start_;
  int stops_ = 0;  // stops that came before there was a driver
  std::thread thread_;
};

}  // namespace leat::load
