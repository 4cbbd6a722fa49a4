// Work makes more work here: a dispatcher stands between two queues and ends exactly when all of it is done.

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "engine/async/queue.hpp"
#include "engine/async/semaphore.hpp"
#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

namespace {

struct Description {
  explicit Description(std::string n, int d) : name(std::move(n)), depth(d) {}
  std::string name;
  int depth;
};

struct Office {
  Queue<Description> jobs{4};
  Queue<std::string> results{2};
  std::vector<std::string> started;
};

// The children of a job are put before the job is done, so that the count can't reach zero in between.
Task<void> do_job(Office& office, Description job, Duration takes) {
  office.started.push_back(EventLoop::current().current_task().name());
  co_await sleep_for(takes);
  for (int i = 0; i < job.depth; ++i) {
    Description child(job.name + "." + std::to_string(i), job.depth - 1);
    co_await office.jobs.put(std::move(child));
  }
  co_await office.results.put(job.name);
  office.jobs.task_done();
}

Task<void> dispatch(Office& office, unsigned seed) {
  std::mt19937 random(seed);
  while (auto job = co_await office.jobs.get()) {
    const std::string name = "job " + job->name;
    spawn(do_job(office, std::move(*job), std::chrono::milliseconds(random() % 50)), name);
  }
}

Task<void> collect(Office& office, std::vector<std::string>& out) {
  while (auto result = co_await office.results.get()) {
    out.push_back(std::move(*result));
    co_await sleep_for(1ms);
  }
}

void expect(const std::string& name, int depth, std::vector<std::string>& out) {
  out.push_back(name);
  for (int i = 0; i < depth; ++i) expect(name + "." + std::to_string(i), depth - 1, out);
}

}  // namespace

TEST_CASE("dynamic work: a dispatcher spawns named tasks, and join ends exactly when the last of them ends") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    ManualLoop t;
    t.run([](unsigned from) -> Task<void> {
      Office office;
      std::vector<std::string> results;
      auto dispatcher = spawn(dispatch(office, from), "dispatcher");
      auto collector = spawn(collect(office, results), "collector");
      for (const char* name : {"a", "b", "c"}) {
        Description job(name, 4);
        co_await office.jobs.put(std::move(job));
      }
      co_await office.jobs.join();
      CHECK(office.jobs.empty());
      office.jobs.close();
      office.results.close();
      co_await dispatcher;
      co_await collector;

      std::vector<std::string> expected;
      for (const char* name : {"a", "b", "c"}) expect(name, 4, expected);
      std::sort(expected.begin(), expected.end());
      std::sort(results.begin(), results.end());
      CHECK(results == expected);
      CHECK(office.started.size() == expected.size());
      CHECK(office.started.front() == "job a");
    }(seed));
  }
}
