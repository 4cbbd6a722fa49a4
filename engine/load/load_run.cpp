#include "engine/load/load_run.hpp"

#include <algorithm>
#include <deque>
#include <system_error>
#include <utility>
#include <vector>

#include "engine/async/errors.hpp"
#include "engine/async/event.hpp"
#include "engine/load/hold.hpp"
#include "engine/load/load_thread.hpp"
#include "engine/load/series.hpp"

namespace leat::load {

namespace {

using namespace std::chrono_literals;

constexpr async::Duration kHeadStart{2ms};  // so that all threads begin at the same time

// The part-th share of a number that is divided among so many parts.
template <class T>
T share_of(T things, std::size_t part, std::size_t parts) {
  return things / static_cast<T>(parts) + (static_cast<T>(part) < things % static_cast<T>(parts) ? 1 : 0);
}

}  // namespace

struct LoadRun::Impl {
  Impl(async::EventLoop& event_loop, LoadPlan load_plan, LoadObserver* its_observer, SampleSink sink)
      : loop(event_loop),
        plan(std::move(load_plan)),
        observer(its_observer),
        samples(std::move(sink)),
        series(observer) {}

  void make_threads();
  void start_threads(async::TimePoint start);
  async::Task<void> end_unstarted();
  DriverPart part_of(std::size_t thread, std::size_t count) const;

  async::EventLoop& loop;
  LoadPlan plan;
  LoadObserver* observer;
  SampleSink samples;
  Series series;
  LoadResult result;
  std::size_t unprepared = 0;
  std::size_t running = 0;
  bool stopped = false;
  bool begun = false;
  std::shared_ptr<Hold> hold;  // while they stand still
  async::TimePoint held_since;
  async::Duration paused{0};
  Meeting meeting;
  async::Event prepared;
  async::Event ended;
  std::vector<std::unique_ptr<LoadThread>> threads;
};

DriverPart LoadRun::Impl::part_of(std::size_t thread, std::size_t count) const {
  DriverPart part;
  part.thread = thread;
  part.threads = count;
  // A thread has whole connections, and each connection its share of the slots.
  const std::size_t connections = plan.connections();
  std::size_t first = 0;
  for (std::size_t i = 0; i < thread; ++i) first += share_of(connections, i, count);
  part.connections = share_of(connections, thread, count);
  part.slots = 0;
  for (std::size_t i = 0; i < first + part.connections; ++i) {
    (i < first ? part.first_slot : part.slots) += share_of(plan.concurrency, i, connections);
  }
  part.ends_by_count = plan.requests > 0;
  part.requests = share_of(plan.requests, thread, count);
  part.samples = samples;
  return part;
}

void LoadRun::Impl::make_threads() {
  const std::size_t count = std::clamp<std::size_t>(plan.threads, 1, plan.connections());
  const std::size_t all = plan.all_threads > 0 ? plan.all_threads : count;
  unprepared = running = count;
  series.set_threads(count);
  if (plan.all_threads > 0) series.keep_seconds();
  LoadThread::Told told;
  told.prepared = [this] {
    if (--unprepared == 0) prepared.set();
  };
  told.slice = [this](std::size_t thread, Slice slice) {
    series.add(thread - plan.first_thread, std::move(slice));
  };
  told.ended = [this](LoadResult part) {
    merge_part(result, std::move(part));
    if (--running == 0) ended.set();
  };
  for (std::size_t i = 0; i < count; ++i) {
    threads.push_back(std::make_unique<LoadThread>(loop, plan, part_of(plan.first_thread + i, all), told));
    if (stopped) threads.back()->stop();
  }
}

void LoadRun::Impl::start_threads(async::TimePoint start) {
  for (auto& thread : threads) thread->start(start);
}

// What the threads have posted refers to this, so they end first.
async::Task<void> LoadRun::Impl::end_unstarted() {
  const async::CancelShield shield;
  for (int i = 0; i < 2; ++i) {
    for (auto& thread : threads) thread->stop();
  }
  start_threads(loop.now());
  co_await ended.wait();
  threads.clear();
}

void LoadRun::set_meeting(Meeting meeting) { impl_->meeting = std::move(meeting); }

LoadRun::LoadRun(async::EventLoop& loop, LoadPlan plan, LoadObserver* observer, SampleSink samples)
    : impl_(std::make_unique<Impl>(loop, std::move(plan), observer, std::move(samples))) {}

LoadRun::~LoadRun() { go_on(); }

async::Task<Result<LoadResult>> LoadRun::execute() {
  Impl& run = *impl_;
  try {
    run.make_threads();
  } catch (const std::system_error& error) {
    run.threads.clear();
    co_return Error(Errc::internal, std::string("a thread of the load can't be started: ") + error.what());
  }
  bool cancelled = false;
  Status unmet;
  try {
    co_await run.prepared.wait();
    Result<async::TimePoint> start = run.loop.now() + kHeadStart;
    if (run.meeting) {
      auto meeting = run.meeting();
      start = co_await std::move(meeting);
    }
    if (start.ok()) {
      if (run.observer != nullptr) run.observer->on_started();
      run.start_threads(*start);
      run.begun = true;
      co_await run.ended.wait();
    } else {
      unmet = std::move(start.error());
    }
  } catch (const async::Cancelled&) {
    cancelled = true;
  }
  if (cancelled || unmet) {
    auto ending = run.end_unstarted();
    co_await std::move(ending);
    if (cancelled) throw async::Cancelled{};
    co_return std::move(*unmet);
  }
  run.threads.clear();
  run.series.finish();
  LoadResult result = std::move(run.result);
  result.series = run.series.take();
  result.stopped = run.stopped;
  result.paused = run.paused;
  if (run.plan.all_threads > 0) {
    result.seconds = run.series.take_seconds();
  } else {
    settle_rate(result, run.plan);
  }
  co_return result;
}

void LoadRun::stop() noexcept {
  impl_->stopped = true;
  for (auto& thread : impl_->threads) thread->stop();
}

void LoadRun::pause() {
  Impl& run = *impl_;
  if (!run.begun || run.hold) return;
  run.hold = std::make_shared<Hold>();
  run.held_since = run.loop.now();
  for (auto& thread : run.threads) thread->stand_still(run.hold);
  run.hold->wait_for(run.running);
}

void LoadRun::go_on() noexcept {
  Impl& run = *impl_;
  if (!run.hold) return;
  run.paused += run.loop.now() - run.held_since;
  run.hold->end();
  run.hold.reset();
}

}  // namespace leat::load
