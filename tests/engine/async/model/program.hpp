#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace leat::async::model {

/// What one step of a random program does. `a` and `b` say on what, `mode` says how, and `time` how long in
/// ms.
enum class Op {
  yield,
  sleep,
  shielded_sleep,
  acquire,  // takes semaphore a; the permit is kept until it is released or the program ends
  release,  // gives back the permit that is held longest, if there is one
  put,      // puts into queue a
  get,      // gets from queue a
  try_put,
  try_get,
  task_done,  // of queue a, if anything in it is unfinished
  join_queue,
  close_queue,
  fail_queue,
  event_wait,
  event_set,
  future_get,
  future_set,   // unless it is done
  future_fail,  // unless it is done
  thread,       // mode: the job throws
  spawn,        // spawns program a, unless it was spawned
  join,         // cancels program a, if it was spawned and is another one
  cancel,       // joins program a, if it was spawned
  wait_for,     // spawns program a and awaits it for `time`
  wait,    // waits for those of the programs a to b, both included, that were spawned; mode is a ReturnWhen
  gather,  // spawns programs a to b; mode: errors are values
  group,   // runs a task group with the programs a to b; mode is a Block
  fail,    // throws
};
inline constexpr int kOps = 27;

/// What the block of a task group does in addition to spawning the group's programs.
enum class Block { returns, yields_first, sleeps, cancels_group, cancels_itself, fails };
inline constexpr int kBlocks = 6;

struct Step {
  Step(Op o, int x) : op(o), a(x) {}
  Op op;
  int a;
  int b = 0;
  int mode = 0;
  int time = 0;
};
using Program = std::vector<Step>;

inline constexpr int kSemaphores = 2;
inline constexpr int kQueues = 2;
inline constexpr int kEvents = 2;
inline constexpr int kFutures = 2;
inline constexpr int kHorizon = 100;  // in ms; after this time the main task ends
inline constexpr int kForEver = 5;    // as the time of a wait, this means no timeout

/// Programs 0 to roots-1 are spawned at the start; the others by a step of another one, or never.
struct World {
  std::vector<int> permits;
  std::vector<int> maxsizes;
  std::vector<Program> programs;
  int roots = 0;
};

/// One line about what happened; both sides must write the same lines in the same order.
struct Line {
  Line(int t, int p, int s, int r) : time(t), program(p), step(s), result(r) {}
  bool operator==(const Line&) const = default;
  int time;
  int program;
  int step;    // kEnd: the program has ended
  int result;  // an item, a count, what the helpers below make of several results, or one of the following
};
inline constexpr int kEnd = -1;
inline constexpr int kOk = -1;
inline constexpr int kNo = -2;
inline constexpr int kFailed = -3;
inline constexpr int kTimeout = -4;
inline constexpr int kCancelled = -5;
inline constexpr int kManyFailed = 1000;  // and how many errors the group has kept
using Trace = std::vector<Line>;

/// Expresses the outcomes of several programs in order, and which of several programs are done, as one
/// number.
inline int with_outcome(int so_far, int result) { return so_far * 8 - result; }
inline int with_done(int so_far, bool done) { return so_far * 2 + (done ? 1 : 0); }

inline Step random_step(std::mt19937& random, int programs) {
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const int first = below(4) == 0 ? static_cast<int>(Op::spawn)
                                  : 0;  // these are the kinds that have tasks in it more often
  Step step(static_cast<Op>(first + below(kOps - first)), below(2));
  switch (step.op) {
    case Op::sleep:
    case Op::shielded_sleep:
      step.time = below(4);
      break;
    case Op::thread:
      step.mode = below(2);
      break;
    case Op::spawn:
    case Op::join:
    case Op::cancel:
      step.a = below(programs);
      break;
    case Op::wait_for:
      step.a = below(programs);
      step.time = 1 + below(4);
      break;
    case Op::wait:
    case Op::gather:
    case Op::group:
      step.a = below(programs);
      step.b = step.a + below(programs - step.a);
      step.mode = below(step.op == Op::wait ? 3 : step.op == Op::gather ? 2 : kBlocks);
      step.time = below(kForEver + 1);
      break;
    default:
      break;
  }
  return step;
}

/// Finds what it waits for ready more often in a row than the loop allows without a turn.
inline Program busy_program(std::mt19937& random) {
  constexpr Op kReady[] = {Op::put, Op::get, Op::event_wait, Op::future_get, Op::join_queue};
  Program program{Step(Op::event_set, 0), Step(Op::event_set, 1), Step(Op::future_set, 0),
                  Step(Op::future_set, 1)};
  for (int i = 0; i < 40; ++i) program.emplace_back(kReady[random() % 5], static_cast<int>(random() % 2));
  return program;
}

inline World random_world(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  World world;
  for (int i = 0; i < kSemaphores; ++i) world.permits.push_back(1 + below(2));
  for (int i = 0; i < kQueues; ++i) world.maxsizes.push_back(below(3));
  world.roots = 1 + below(4);
  const int total = world.roots + below(10);
  for (int p = 0; p < total; ++p) {
    Program program;
    if (below(16) == 0) program = busy_program(random);
    const int length = 1 + below(7);
    for (int i = 0; i < length; ++i) program.push_back(random_step(random, total));
    world.programs.push_back(std::move(program));
  }
  return world;
}

}  // namespace leat::async::model
