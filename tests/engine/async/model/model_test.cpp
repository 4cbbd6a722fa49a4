// Random programs of the primitives run on the engine and on a reference model; both must do the same in the
// same order.

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "engine/async/gather.hpp"
#include "engine/async/task_group.hpp"
#include "engine/async/to_thread.hpp"
#include "engine/async/wait.hpp"
#include "engine/async/wait_for.hpp"
#include "tests/engine/async/model/machine.hpp"
#include "tests/engine/async/model/reference.hpp"

namespace leat::async::model {
namespace {

std::chrono::milliseconds ms(int count) { return std::chrono::milliseconds(count); }

Task<void> interpret(Machine& m, int self);

int result_of(const std::exception_ptr& error) {
  try {
    if (error) std::rethrow_exception(error);
  } catch (const Failure&) {
    return kFailed;
  } catch (const TimeoutError&) {
    return kTimeout;
  } catch (const TaskGroupError& errors) {
    return kManyFailed + static_cast<int>(errors.errors().size());
  } catch (const Cancelled&) {
    return kCancelled;
  }
  return kOk;
}

/// Awaits it and says what it gave or how it failed. A cancellation is passed on.
Task<int> result_of(Task<int> awaited) {
  try {
    co_return co_await std::move(awaited);
  } catch (const std::exception&) {
    co_return result_of(std::current_exception());
  }
}

Task<int> joined(TaskHandle<void> task) {
  co_await task;
  co_return kOk;
}

Task<int> waited_for(TaskHandle<void> task, int timeout) {
  auto waiting = wait_for(std::move(task), ms(timeout));
  co_await std::move(waiting);
  co_return kOk;
}

Task<int> waited(Machine& m, Step step) {
  std::vector<TaskHandle<void>> tasks;
  for (int p = step.a; p <= step.b; ++p)
    if (m.knows(p)) tasks.push_back(m.handle(p));
  if (tasks.empty()) co_return kNo;
  const auto timeout = step.time == kForEver ? Duration::max() : Duration(ms(step.time));
  auto waiting = wait(tasks, static_cast<ReturnWhen>(step.mode), timeout);
  const auto sets = co_await std::move(waiting);
  auto done = sets.done.begin();
  int result = 0;
  for (auto& task : tasks) {
    const bool is_done = done != sets.done.end() && &done->state() == &task.state();
    if (is_done) ++done;
    result = with_done(result, is_done);
  }
  co_return result;
}

Task<int> gathered(Machine& m, Step step) {
  std::vector<Task<void>> tasks;
  for (int p = step.a; p <= step.b; ++p)
    if (m.claim(p)) tasks.push_back(interpret(m, p));
  if (step.mode == 0) {
    auto gathering = gather(std::move(tasks));
    co_await std::move(gathering);
    co_return kOk;
  }
  auto gathering = gather(std::move(tasks), return_exceptions);
  const auto outcomes = co_await std::move(gathering);
  int result = 0;
  for (const auto& outcome : outcomes) result = with_outcome(result, result_of(outcome.error()));
  co_return result;
}

Task<int> run_block(Machine& m, TaskGroup& group, Step step) {
  const auto block = static_cast<Block>(step.mode);
  int spawned = 0;
  if (block == Block::yields_first) co_await yield();
  for (int p = step.a; p <= step.b; ++p) {
    if (!m.claim(p)) continue;
    m.keep(p, group.spawn(interpret(m, p)));
    ++spawned;
  }
  if (block == Block::sleeps) co_await sleep_for(1ms);
  if (block == Block::cancels_group) group.cancel();
  if (block == Block::cancels_itself) {
    EventLoop::current().current_task().cancel();
    co_await yield();
  }
  if (block == Block::fails) throw Failure();
  co_return spawned;
}

Task<int> grouped(Machine& m, Step step) {
  const auto block = [&m, step](TaskGroup& group) { return run_block(m, group, step); };
  return with_task_group(EventLoop::current(), block);
}

Task<int> in_thread(Machine& m, Step step) {
  const auto job = [&m, step, item = m.next_item++] {
    m.thread.pass();
    if (step.mode != 0) throw Failure();
    return item;
  };
  m.finish_jobs_soon();
  return to_thread(m.thread.pool(), job);
}

Task<int> run_task_step(Machine& m, Frame& frame, Step step) {
  switch (step.op) {
    case Op::spawn:
      if (!m.claim(step.a)) break;
      m.keep(step.a, spawn(interpret(m, step.a)));
      co_return kOk;
    case Op::join: {
      if (!m.knows(step.a) || step.a == frame.program) break;
      auto joining = joined(m.handle(step.a));
      co_return co_await std::move(joining);
    }
    case Op::cancel:
      if (!m.knows(step.a)) break;
      co_return m.handle(step.a).cancel() ? kOk : kNo;
    case Op::wait_for: {
      if (!m.claim(step.a)) break;
      m.keep(step.a, spawn(interpret(m, step.a)));
      auto waiting = waited_for(m.handle(step.a), step.time);
      co_return co_await std::move(waiting);
    }
    case Op::wait: {
      auto waiting = waited(m, step);
      co_return co_await std::move(waiting);
    }
    case Op::gather: {
      auto gathering = gathered(m, step);
      co_return co_await std::move(gathering);
    }
    case Op::group: {
      auto grouping = grouped(m, step);
      co_return co_await std::move(grouping);
    }
    case Op::thread: {
      auto calling = in_thread(m, step);
      co_return co_await std::move(calling);
    }
    default:
      break;
  }
  co_return kNo;
}

Task<int> run_queue_step(Machine& m, Step step) {
  Queue<int>& queue = m.queue(step.a);
  switch (step.op) {
    case Op::put: {
      const bool taken = co_await queue.put(m.next_item++);
      co_return taken ? kOk : kNo;
    }
    case Op::get: {
      auto item = co_await queue.get();
      co_return item.value_or(kNo);
    }
    case Op::try_put:
      co_return queue.try_put(m.next_item++) ? kOk : kNo;
    case Op::try_get:
      co_return queue.try_get().value_or(kNo);
    case Op::task_done:
      if (queue.unfinished() == 0) co_return kNo;
      queue.task_done();
      break;
    case Op::join_queue:
      co_await queue.join();
      break;
    case Op::close_queue:
      queue.close();
      break;
    case Op::fail_queue:
      queue.fail(std::make_exception_ptr(Failure()));
      break;
    default:
      break;
  }
  co_return kOk;
}

Task<int> run_step(Machine& m, Frame& frame, Step step) {
  switch (step.op) {
    case Op::yield:
      co_await yield();
      co_return kOk;
    case Op::sleep:
      co_await sleep_for(ms(step.time));
      co_return kOk;
    case Op::shielded_sleep: {
      const CancelShield shield;
      co_await sleep_for(ms(step.time));
      co_return kOk;
    }
    case Op::acquire: {
      auto permit = co_await m.semaphore(step.a).acquire();
      frame.held.push_back(std::move(permit));
      co_return kOk;
    }
    case Op::release:
      if (frame.held.empty()) co_return kNo;
      frame.held.pop_front();
      co_return kOk;
    case Op::event_wait:
      co_await m.event(step.a).wait();
      co_return kOk;
    case Op::event_set:
      m.event(step.a).set();
      co_return kOk;
    case Op::future_get:
      co_return co_await m.future(step.a).get();
    case Op::future_set:
      if (m.future(step.a).done()) co_return kNo;
      m.future(step.a).set(m.next_item++);
      co_return kOk;
    case Op::future_fail:
      if (m.future(step.a).done()) co_return kNo;
      m.future(step.a).fail(std::make_exception_ptr(Failure()));
      co_return kOk;
    case Op::put:
    case Op::get:
    case Op::try_put:
    case Op::try_get:
    case Op::task_done:
    case Op::join_queue:
    case Op::close_queue:
    case Op::fail_queue: {
      auto running = run_queue_step(m, step);
      co_return co_await std::move(running);
    }
    default: {
      auto running = run_task_step(m, frame, step);
      co_return co_await std::move(running);
    }
  }
}

Task<void> interpret(Machine& m, int self) {
  Frame frame(m, self);
  const Program& program = m.world.programs[static_cast<std::size_t>(self)];
  for (std::size_t i = 0; i < program.size(); ++i) {
    if (program[i].op == Op::fail) {
      frame.result = kFailed;
      throw Failure();
    }
    auto step = result_of(run_step(m, frame, program[i]));
    const int result = co_await std::move(step);
    m.note(self, static_cast<int>(i), result);
  }
  frame.result = kOk;
}

Task<void> run_roots(Machine& m) {
  for (int p = 0; p < m.world.roots; ++p) {
    m.claim(p);
    m.keep(p, spawn(interpret(m, p)));
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

Trace run_engine(const World& world, Thread& thread) {
  ManualLoop t;
  Machine machine(world, thread);
  t.run(run_roots(machine));
  return std::move(machine.trace);
}

unsigned number_from(const char* variable, unsigned otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? static_cast<unsigned>(std::atoi(text)) : otherwise;
}

}  // namespace

TEST_CASE("model: random programs do what the reference model says, in the same order") {
  const unsigned programs = number_from("LEAT_MODEL_PROGRAMS", 3000);
  const unsigned start = number_from("LEAT_MODEL_SEED", 1);
  Thread thread;
  unsigned compared = 0;
  for (unsigned seed = start; seed < start + programs; ++seed) {
    CAPTURE(seed);
    const World world = random_world(seed);
    const Trace got = run_engine(world, thread);
    const Trace expected = reference::Reference(world).run();
    if (!(got == expected)) {
      CHECK(show(got) == show(expected));
      break;
    }
    ++compared;
  }
  CHECK(compared == programs);
}

}  // namespace leat::async::model
