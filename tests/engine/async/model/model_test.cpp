// Random programs of the primitives, run on the engine and on the reference, must do the same in the same
// order.

#include <doctest/doctest.h>

#include <cstdlib>
#include <deque>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "engine/async/event.hpp"
#include "engine/async/gather.hpp"
#include "engine/async/queue.hpp"
#include "engine/async/semaphore.hpp"
#include "engine/async/wait_for.hpp"
#include "tests/engine/async/loop_fixture.hpp"
#include "tests/engine/async/model/program.hpp"
#include "tests/engine/async/model/reference.hpp"

namespace leat::async::model {
namespace {

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::chrono::milliseconds ms(int count) { return std::chrono::milliseconds(count); }

struct Machine {
  explicit Machine(const World& w)
      : world(w), handles(w.programs.size()), unclaimed(w.programs.size(), 1), known(w.programs.size(), 0) {
    for (const int n : w.permits)
      semaphores.push_back(std::make_unique<Semaphore>(static_cast<std::size_t>(n)));
    for (const int n : w.maxsizes)
      queues.push_back(std::make_unique<Queue<int>>(static_cast<std::size_t>(n)));
    for (int i = 0; i < kEvents; ++i) events.push_back(std::make_unique<Event>());
  }
  void note(int program, int step, int result) {
    const auto now = EventLoop::current().now().time_since_epoch();
    trace.emplace_back(static_cast<int>(now / 1ms), program, step, result);
  }
  [[nodiscard]] Semaphore& semaphore(int i) { return *semaphores[static_cast<std::size_t>(i)]; }
  [[nodiscard]] Queue<int>& queue(int i) { return *queues[static_cast<std::size_t>(i)]; }
  [[nodiscard]] Event& event(int i) { return *events[static_cast<std::size_t>(i)]; }
  [[nodiscard]] TaskHandle<void>& handle(int p) { return handles[static_cast<std::size_t>(p)]; }
  /// True once for each program: it may be spawned now.
  bool claim(int p) { return std::exchange(unclaimed[static_cast<std::size_t>(p)], 0) != 0; }
  [[nodiscard]] bool has_handle(int p) const { return known[static_cast<std::size_t>(p)] != 0; }

  const World& world;
  std::vector<std::unique_ptr<Semaphore>> semaphores;
  std::vector<std::unique_ptr<Queue<int>>> queues;
  std::vector<std::unique_ptr<Event>> events;
  std::vector<TaskHandle<void>> handles;
  std::vector<char> unclaimed;
  std::vector<char> known;  // has a handle to join or cancel by
  int next_item = 0;
  Trace trace;
};

/// What a program holds and how it ends, written down when its frame goes.
struct Frame {
  Frame(Machine& m, int p) : machine(m), program(p) {}
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;
  ~Frame() {
    while (!held.empty()) held.pop_front();
    machine.note(program, kEnd, result);
  }
  Machine& machine;
  int program;
  int result = kCancelled;
  std::deque<Semaphore::Permit> held;
};

Task<void> interpret(Machine& m, int self);

void spawn_program(Machine& m, int p) {
  m.handle(p) = spawn(interpret(m, p));
  m.known[static_cast<std::size_t>(p)] = 1;
}

Task<int> joined(TaskHandle<void> task) {
  try {
    co_await task;
  } catch (const Failure&) {
    co_return kFailed;
  }
  co_return kOk;
}

Task<int> waited_for(TaskHandle<void> task, int timeout) {
  try {
    co_await wait_for(std::move(task), ms(timeout));
  } catch (const Failure&) {
    co_return kFailed;
  } catch (const TimeoutError&) {
    co_return kTimeout;
  }
  co_return kOk;
}

Task<int> gathered(std::vector<Task<void>> tasks) {
  try {
    co_await gather(std::move(tasks));
  } catch (const Failure&) {
    co_return kFailed;
  }
  co_return kOk;
}

Task<int> run_step(Machine& m, Frame& frame, Step step) {
  switch (step.op) {
    case Op::yield:
      co_await yield();
      break;
    case Op::sleep:
      co_await sleep_for(ms(step.a));
      break;
    case Op::shielded_sleep: {
      const CancelShield shield;
      co_await sleep_for(ms(step.a));
      break;
    }
    case Op::acquire: {
      auto permit = co_await m.semaphore(step.a).acquire();
      frame.held.push_back(std::move(permit));
      break;
    }
    case Op::release:
      if (frame.held.empty()) co_return kNo;
      frame.held.pop_front();
      break;
    case Op::put: {
      const bool taken = co_await m.queue(step.a).put(m.next_item++);
      co_return taken ? kOk : kNo;
    }
    case Op::get: {
      auto item = co_await m.queue(step.a).get();
      co_return item.value_or(kNo);
    }
    case Op::try_put:
      co_return m.queue(step.a).try_put(m.next_item++) ? kOk : kNo;
    case Op::try_get:
      co_return m.queue(step.a).try_get().value_or(kNo);
    case Op::task_done:
      if (m.queue(step.a).unfinished() == 0) co_return kNo;
      m.queue(step.a).task_done();
      break;
    case Op::join_queue:
      co_await m.queue(step.a).join();
      break;
    case Op::close_queue:
      m.queue(step.a).close();
      break;
    case Op::event_wait:
      co_await m.event(step.a).wait();
      break;
    case Op::event_set:
      m.event(step.a).set();
      break;
    case Op::spawn:
      if (!m.claim(step.a)) co_return kNo;
      spawn_program(m, step.a);
      break;
    case Op::join: {
      if (!m.has_handle(step.a) || step.a == frame.program) co_return kNo;
      auto joining = joined(m.handle(step.a));
      co_return co_await std::move(joining);
    }
    case Op::cancel:
      if (!m.has_handle(step.a)) co_return kNo;
      co_return m.handle(step.a).cancel() ? kOk : kNo;
    case Op::wait_for: {
      if (!m.claim(step.a)) co_return kNo;
      spawn_program(m, step.a);
      auto waiting = waited_for(m.handle(step.a), step.b);
      co_return co_await std::move(waiting);
    }
    case Op::gather: {
      std::vector<Task<void>> tasks;
      for (int p = step.a; p <= step.b; ++p)
        if (m.claim(p)) tasks.push_back(interpret(m, p));
      auto gathering = gathered(std::move(tasks));
      co_return co_await std::move(gathering);
    }
    case Op::fail:
      frame.result = kFailed;
      throw Failure("fail");
  }
  co_return kOk;
}

Task<void> interpret(Machine& m, int self) {
  Frame frame(m, self);
  const Program& program = m.world.programs[static_cast<std::size_t>(self)];
  for (std::size_t i = 0; i < program.size(); ++i) {
    auto step = run_step(m, frame, program[i]);
    const int result = co_await std::move(step);
    m.note(self, static_cast<int>(i), result);
  }
  frame.result = kOk;
}

Task<void> run_roots(Machine& m) {
  for (int p = 0; p < m.world.roots; ++p) {
    m.claim(p);
    spawn_program(m, p);
  }
  co_await sleep_for(ms(kHorizon));
}

std::string show(const Trace& trace) {
  std::string text;
  for (const Line& line : trace) {
    text += std::to_string(line.time) + "ms program " + std::to_string(line.program) + " step " +
            std::to_string(line.step) + " -> " + std::to_string(line.result) + "\n";
  }
  return text;
}

Trace run_engine(const World& world) {
  ManualLoop t;
  Machine machine(world);
  t.run(run_roots(machine));
  return std::move(machine.trace);
}

}  // namespace

TEST_CASE("model: random programs do what the reference says, in the same order") {
  const char* asked = std::getenv("LEAT_MODEL_PROGRAMS");
  const char* first = std::getenv("LEAT_MODEL_SEED");
  const unsigned programs = asked != nullptr ? static_cast<unsigned>(std::atoi(asked)) : 3000;
  const unsigned start = first != nullptr ? static_cast<unsigned>(std::atoi(first)) : 1;
  unsigned compared = 0;
  for (unsigned seed = start; seed < start + programs; ++seed) {
    const World world = random_world(seed);
    const Trace got = run_engine(world);
    const Trace expected = reference::Reference(world).run();
    if (!(got == expected)) {
      CAPTURE(seed);
      CHECK(show(got) == show(expected));
      break;
    }
    ++compared;
  }
  CHECK(compared == programs);
}

}  // namespace leat::async::model
