// What any RunState promises, whoever keeps it.
#include "pipelines/state/run_state.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/pipelines/state/journal_fixture.hpp"
#include "tests/pipelines/state/redis/job_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

/// The state of one process, in a file.
class InFile {
 public:
  InFile() { begin_again(); }
  RunState& operator*() { return **journal_; }
  RunState* operator->() { return &**journal_; }
  async::EventLoop& loop() { return journal_->loop(); }
  /// As the next run does.
  void begin_again() {
    journal_.reset();
    journal_ = std::make_unique<OpenJournal>(dir_ / "state.db");
  }
  void end_one(std::uint64_t id) { journal_->end(id, "http://a.org/" + std::to_string(id)); }

 private:
  tests::TempDir dir_;
  std::unique_ptr<OpenJournal> journal_;
};

/// That of several processes, in Redis.
class InRedis {
 public:
  InRedis() { begin_again(); }
  RunState& operator*() { return **job_; }
  RunState* operator->() { return &**job_; }
  async::EventLoop& loop() { return job_->loop(); }
  void begin_again() {
    job_.reset();
    job_ = std::make_unique<OpenJob>(server_);
  }
  void end_one(std::uint64_t id) {
    job_->put({JobRecord(id, std::to_string(id))}, id, false);
    job_->end(job_->take_one());
  }

 private:
  tests::RedisServer server_;
  std::unique_ptr<OpenJob> job_;
};

template <class State>
std::vector<std::uint64_t> firsts(State& state, int stage, std::vector<FirstOf> keys) {
  auto kept = state.loop().run(state->keep_first(stage, std::move(keys)));
  if (!kept.ok()) FAIL(kept.error().message);
  return *kept;
}

template <class State>
std::size_t added(State& state, int stage, std::vector<FrontierItem> items) {
  auto count = state.loop().run(state->add(stage, std::move(items)));
  if (!count.ok()) FAIL(count.error().message);
  return *count;
}

}  // namespace

TEST_CASE_TEMPLATE("RunState: the first record of a key stays the first, also in the next run", State, InFile,
                   InRedis) {
  State state;
  CHECK(firsts(state, 1, {{7, 1}, {8, 2}, {7, 3}}) == std::vector<std::uint64_t>{1, 2, 1});
  CHECK(firsts(state, 1, {{7, 1}, {8, 9}}) == std::vector<std::uint64_t>{1, 2});
  CHECK(!state.loop().run(state->commit()));
  state.begin_again();
  CHECK(firsts(state, 1, {{7, 5}, {9, 5}}) == std::vector<std::uint64_t>{1, 5});
}

TEST_CASE_TEMPLATE("RunState: each stage has keys of its own", State, InFile, InRedis) {
  State state;
  CHECK(firsts(state, 1, {{7, 1}}) == std::vector<std::uint64_t>{1});
  CHECK(firsts(state, 2, {{7, 2}}) == std::vector<std::uint64_t>{2});
}

TEST_CASE_TEMPLATE("RunState: keys and records of any 64 bits are told apart", State, InFile, InRedis) {
  State state;
  CHECK(firsts(state, 1, {{0, 1}, {~std::uint64_t{0}, 2}, {std::uint64_t{1} << 56, kFirstDerivedId | 5}}) ==
        std::vector<std::uint64_t>{1, 2, kFirstDerivedId | 5});
  CHECK(firsts(state, 1, {{1, 3}, {std::uint64_t{1} << 56, 4}}) ==
        std::vector<std::uint64_t>{3, kFirstDerivedId | 5});
}

TEST_CASE_TEMPLATE("RunState: what a stage gives to itself is queued once for each key, also in the next run",
                   State, InFile, InRedis) {
  State state;
  CHECK(added(state, 1, {{7, "a"}, {8, "b"}, {7, "c"}}) == 2);
  CHECK(added(state, 1, {{8, "d"}, {9, "e"}}) == 1);
  CHECK(added(state, 2, {{7, "a"}}) == 1);
  CHECK(added(state, 1, {}) == 0);
  CHECK(!state.loop().run(state->commit()));
  state.begin_again();
  CHECK(added(state, 1, {{7, "a"}, {10, "f"}}) == 1);
}

TEST_CASE_TEMPLATE("RunState: an end is acknowledged once it is committed", State, InFile, InRedis) {
  State state;
  CHECK(state->unacknowledged() == 0);
  state.end_one(1);
  CHECK(state->unacknowledged() == 1);
  CHECK(!state.loop().run(state->commit()));
  CHECK(state->unacknowledged() == 0);
  CHECK(!state->failed().is_set());
  CHECK(!state->failure());
}
