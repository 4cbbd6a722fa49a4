#pragma once

#include <functional>
#include <memory>

#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/load/load_plan.hpp"
#include "engine/load/load_result.hpp"

namespace leat::load {

/// Puts a plan's load on servers, from threads of its own, and measures.
///
/// The threads share nothing while they run. This loop starts them, looks names up, is told of each slice,
/// and adds up at the end. Whatever servers do is counted and is never an Error of `execute`: an Error means
/// that the load can't be made at all (no descriptors, no memory). It ends within the plan's time plus
/// `drain`. Loop thread only. It outlives `execute`, which is called once; a cancelled `execute` ends the
/// threads first.
class LoadRun {
 public:
  /// `observer` may be null, and `samples` may be empty.
  LoadRun(async::EventLoop& loop, LoadPlan plan, LoadObserver* observer = nullptr, SampleSink samples = {});
  LoadRun(const LoadRun&) = delete;
  LoadRun& operator=(const LoadRun&) = delete;
  ~LoadRun();

  async::Task<Result<LoadResult>> execute();

  /// Has `execute` ask when to begin, once everything is prepared; what it waits for then is nobody's time.
  /// An Error ends the run, which has sent nothing. Is called before `execute`.
  using Meeting = std::function<async::Task<Result<async::TimePoint>>()>;
  void set_meeting(Meeting meeting);

  /// Sends no more; `execute` goes on to its end with what was measured. A second call waits for nothing.
  void stop() noexcept;

  /// Has the threads stand still until `go_on`, since the process is about to be stopped as by Ctrl-Z. They
  /// do so between two turns, which it waits for. What passes until `go_on` is nobody's time: nothing that is
  /// measured has it, and LoadResult::paused says how long it was. Before the first request it does nothing.
  void pause();
  void go_on() noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace leat::load
