#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace leat::async::model {

/// What one step of a random program does. `a` and `b` say to what, and how long.
enum class Op {
  yield,
  sleep,           // a ms
  shielded_sleep,  // a ms
  acquire,         // semaphore a; kept until released or the program ends
  release,         // the permit that is held longest, if any
  put,             // into queue a
  get,             // from queue a
  try_put,
  try_get,
  task_done,  // of queue a, if anything is unfinished
  join_queue,
  close_queue,
  event_wait,
  event_set,
  spawn,     // program a, unless it was
  join,      // program a, if it was spawned and is another
  cancel,    // program a, if it was spawned
  wait_for,  // spawns program a, awaits it for b ms
  gather,    // spawns programs a to b, both included
  fail,      // throws
};
inline constexpr int kOps = 20;

struct Step {
  Step(Op o, int x, int y) : op(o), a(x), b(y) {}
  Op op;
  int a;
  int b;
};
using Program = std::vector<Step>;

inline constexpr int kSemaphores = 2;
inline constexpr int kQueues = 2;
inline constexpr int kEvents = 2;
inline constexpr int kHorizon = 100;  // ms, after which the main task ends

/// Programs 0 to roots-1 are spawned at the start; the others by a step of another one, or never.
struct World {
  std::vector<int> permits;
  std::vector<int> maxsizes;
  std::vector<Program> programs;
  int roots = 0;
};

/// One line of what happened; both sides must write the same lines in the same order.
struct Line {
  Line(int t, int p, int s, int r) : time(t), program(p), step(s), result(r) {}
  bool operator==(const Line&) const = default;
  int time;
  int program;
  int step;    // kEnd: the program has ended
  int result;  // of get: the item; else one of the following
};
inline constexpr int kEnd = -1;
inline constexpr int kOk = -1;
inline constexpr int kNo = -2;
inline constexpr int kFailed = -3;
inline constexpr int kTimeout = -4;
inline constexpr int kCancelled = -5;
using Trace = std::vector<Line>;

inline World random_world(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  World world;
  for (int i = 0; i < kSemaphores; ++i) world.permits.push_back(1 + below(2));
  for (int i = 0; i < kQueues; ++i) world.maxsizes.push_back(below(3));
  world.roots = 2 + below(4);
  const int total = world.roots + below(6);
  for (int p = 0; p < total; ++p) {
    Program program;
    const int length = 1 + below(7);
    for (int i = 0; i < length; ++i) {
      const auto op = static_cast<Op>(below(kOps));
      int a = below(2);
      int b = 0;
      if (op == Op::sleep || op == Op::shielded_sleep) a = below(4);
      if (op == Op::spawn || op == Op::join || op == Op::cancel) a = below(total);
      if (op == Op::wait_for || op == Op::gather) a = below(total);
      if (op == Op::wait_for) b = 1 + below(4);
      if (op == Op::gather) b = a + below(total - a);
      program.emplace_back(op, a, b);
    }
    world.programs.push_back(std::move(program));
  }
  return world;
}

}  // namespace leat::async::model
