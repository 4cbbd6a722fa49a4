#include "engine/load/load_run.hpp"

#include <algorithm>
#include <deque>
#include <system_error>
#include <utility>
#include <vector>

#include "engine/async/errors.hpp"
#include "engine/async/event.hpp"
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
  void start_threads();
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
  unprepared = running = count;
  series.set_threads(count);
  LoadThread::Told told;
  told.prepared = [this] {
    if (--unprepared == 0) prepared.set();
  };
  told.slice = [this](std::size_t thread, Slice slice) { series.add(thread, std::move(slice)); };
  told.ended = [this](LoadResult part) {
    merge_part(result, std::move(part));
    if (--running == 0) ended.set();
  };
  for (std::size_t i = 0; i < count; ++i) {
    threads.push_back(std::make_unique<LoadThread>(loop, plan, part_of(i, count), told));
    if (stopped) threads.back()->stop();
  }
}

void LoadRun::Impl::start_threads() {
  const async::TimePoint start = loop.now() + kHeadStart;
  for (auto& thread : threads) thread->start(start);
}

LoadRun::LoadRun(async::EventLoop& loop, LoadPlan plan, LoadObserver* observer, SampleSink samples)
    : impl_(std::make_unique<Impl>(loop, std::move(plan), observer, std::move(samples))) {}

LoadRun::~LoadRun() = default;

async::Task<Result<LoadResult>> LoadRun::execute() {
  Impl& run = *impl_;
  try {
    run.make_threads();
  } catch (const std::system_error& error) {
    run.threads.clear();
    co_return Error(Errc::internal, std::string("a thread of the load can't be started: ") + error.what());
  }
  bool cancelled = false;
  try {
    co_await run.prepared.wait();
    if (run.observer != nullptr) run.observer->on_started();
    run.start_threads();
    co_await run.ended.wait();
  } catch (const async::Cancelled&) {
    cancelled = true;
  }
  if (cancelled) {  // what the threads have posted refers to these
    const async::CancelShield shield;
    stop();
    stop();
    run.start_threads();
    co_await run.ended.wait();
    run.threads.clear();
    throw async::Cancelled{};
  }
  run.threads.clear();
  run.series.finish();
  LoadResult result = std::move(run.result);
  result.series = run.series.take();
  result.stopped = run.stopped;
  settle_rate(result, run.plan);
  co_return result;
}

void LoadRun::stop() noexcept {
  impl_->stopped = true;
  for (auto& thread : impl_->threads) thread->stop();
}

}  // namespace leat::load
