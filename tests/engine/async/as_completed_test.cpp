#include "engine/async/as_completed.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "engine/async/event.hpp"
#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

namespace {

// Counts up to `size`; `pulled` says how far it has been read.
struct Source {
  explicit Source(int n) : size(n) {}
  int size;
  int pulled = 0;
  std::function<Task<std::optional<int>>()> pull() {
    return [this] { return next(*this); };
  }
  static Task<std::optional<int>> next(Source& self) {
    if (self.pulled == self.size) co_return std::nullopt;
    co_return self.pulled++;
  }
};

// Item n takes (10 - n) ms.
Task<int> later_is_faster(int n) {
  co_await sleep_for(std::chrono::milliseconds(10 - n));
  co_return n;
}

}  // namespace

TEST_CASE("as_completed: gives outcomes in the order of completion") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Source source(5);
    AsCompleted<int, int> results(5, source.pull(), later_is_faster);
    std::vector<int> got;
    for (;;) {
      auto one = co_await results.next();
      if (!one) break;
      got.push_back(one->take());
    }
    CHECK(got == std::vector{4, 3, 2, 1, 0});
  }());
  CHECK(t.elapsed() == 10ms);
}

TEST_CASE("as_completed: an error is the outcome of its item alone") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Source source(4);
    const auto work = [](int n) -> Task<int> {
      if (n == 2) throw std::runtime_error("two");
      co_return n;
    };
    AsCompleted<int, int> results(1, source.pull(), work);
    std::vector<int> got;
    int failed = 0;
    for (;;) {
      auto one = co_await results.next();
      if (!one) break;
      if (one->ok()) {
        got.push_back(one->take());
      } else {
        ++failed;
        CHECK_THROWS_WITH(one->take(), "two");
      }
    }
    CHECK(got == std::vector{0, 1, 3});
    CHECK(failed == 1);
  }());
}

TEST_CASE("as_completed: a place is free once its outcome was read, and only then the next item is pulled") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Source source(1'000'000);
    AsCompleted<int, int> results(3, source.pull(), [](int n) -> Task<int> { co_return n; });
    co_await sleep_for(1s);
    CHECK(source.pulled == 3);
    auto one = co_await results.next();
    CHECK(one->take() == 0);
    co_await sleep_for(1s);
    CHECK(source.pulled == 4);
    auto stopping = results.stop();
    co_await std::move(stopping);
  }());
}

TEST_CASE("as_completed: an error of the source comes after the outcomes of what was under way") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    int pulled = 0;
    const auto pull = [](int& n) -> Task<std::optional<int>> {
      if (n == 2) throw std::runtime_error("source");
      co_return n++;
    };
    AsCompleted<int, int> results(
        10, [&] { return pull(pulled); }, later_is_faster);
    std::vector<int> got;
    for (int i = 0; i < 2; ++i) {
      auto one = co_await results.next();
      got.push_back(one->take());
    }
    CHECK(got == std::vector{1, 0});
    CHECK_THROWS_WITH(co_await results.next(), "source");
  }());
}

TEST_CASE("as_completed: a source that ends by its own cancellation isn't taken for a complete one") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    const auto pull = []() -> Task<std::optional<int>> {
      auto inner = spawn([]() -> Task<int> {
        co_await sleep_for(1h);
        co_return 1;
      }());
      inner.cancel();
      co_return co_await inner;
    };
    AsCompleted<int, int> results(1, pull, later_is_faster);
    CHECK_THROWS_AS(co_await results.next(), Cancelled);
  }());
}

TEST_CASE("as_completed: an empty source ends at once") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Source source(0);
    AsCompleted<int, int> results(4, source.pull(), later_is_faster);
    auto one = co_await results.next();
    CHECK_FALSE(one.has_value());
    auto again = co_await results.next();
    CHECK_FALSE(again.has_value());
  }());
}

TEST_CASE("as_completed: a limit of zero is an error") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Source source(1);
    CHECK_THROWS_AS((AsCompleted<int, int>(0, source.pull(), later_is_faster)), UsageError);
    co_return;
  }());
}

TEST_CASE("as_completed: a reader cancelled while it waits loses no outcome") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Source source(1);
    AsCompleted<int, int> results(1, source.pull(), later_is_faster);
    auto reader = spawn(results.next());
    co_await sleep_for(1ms);
    reader.cancel();
    auto joining = ends_cancelled(reader);
    CHECK(co_await std::move(joining));
    auto one = co_await results.next();
    CHECK(one->take() == 0);
  }());
}

TEST_CASE("as_completed: stop cancels what runs and waits until it has ended") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    int running = 0;
    struct Count {
      explicit Count(int& n) : number(n) { ++number; }
      Count(const Count&) = delete;
      Count& operator=(const Count&) = delete;
      ~Count() { --number; }
      int& number;
    };
    const auto work = [](int& count) -> Task<int> {
      const Count counted(count);
      co_await sleep_for(1h);
      co_return 0;
    };
    Source source(100);
    AsCompleted<int, int> results(7, source.pull(), [&](int) { return work(running); });
    co_await sleep_for(1ms);
    CHECK(running == 7);
    auto stopping = results.stop();
    co_await std::move(stopping);
    CHECK(running == 0);
    CHECK(source.pulled == 7);
    auto one = co_await results.next();
    CHECK_FALSE(one.has_value());
  }());
  CHECK(t.elapsed() == 1ms);
}

TEST_CASE("as_completed: stop in the turn in which a place became free starts nothing more") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    int started = 0;
    const auto work = [](int n, int& count) -> Task<int> {
      ++count;
      if (n > 0) co_await sleep_for(1h);
      co_return n;
    };
    Source source(100);
    AsCompleted<int, int> results(1, source.pull(), [&](int n) { return work(n, started); });
    auto one = co_await results.next();  // this frees the place, so the feeder is ready to run
    CHECK(one->take() == 0);
    auto stopping = results.stop();
    co_await std::move(stopping);
    CHECK(started == 1);
  }());
  CHECK(t.elapsed() == 0s);
}

TEST_CASE("as_completed: if it is destroyed while it runs, everything is cancelled and freed") {
  ManualLoop t;
  auto witness = std::make_shared<int>(0);
  t.run([](std::shared_ptr<int> shared) -> Task<void> {
    const auto work = [](std::shared_ptr<int>) -> Task<int> {
      co_await sleep_for(1h);
      co_return 0;
    };
    Source source(100);
    {
      AsCompleted<int, int> results(5, source.pull(), [&](int) { return work(shared); });
      co_await sleep_for(1ms);
      CHECK(shared.use_count() == 7);
    }
    {
      AsCompleted<int, int> never_started(5, source.pull(), [&](int) { return work(shared); });
    }
    auto waiting = turns(3);
    co_await std::move(waiting);
    CHECK(shared.use_count() == 2);
  }(witness));
  CHECK(witness.use_count() == 1);
}

TEST_CASE("as_completed: it may be destroyed while spawned work hasn't started yet") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Source source(3);
    {
      AsCompleted<int, int> results(3, source.pull(), later_is_faster);
      co_await yield();  // the feeder has run, the workers have not
      CHECK(source.pulled == 3);
    }
    auto waiting = turns(3);
    co_await std::move(waiting);
  }());
  CHECK(t.elapsed() == 0s);
}

TEST_CASE(
    "as_completed: next with a timeout throws when the time is over, loses nothing and may be called again") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Source source(1);
    AsCompleted<int, int> results(1, source.pull(), later_is_faster);
    CHECK_THROWS_AS(co_await results.next(5ms), TimeoutError);
    auto one = co_await results.next(5ms);  // this is in the tick of its deadline
    CHECK(one->take() == 0);
    auto end = co_await results.next(5ms);
    CHECK_FALSE(end.has_value());
  }());
  CHECK(t.elapsed() == 10ms);
}

TEST_CASE("as_completed: work may have no result") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Source source(3);
    AsCompleted<int, void> results(2, source.pull(), [](int) -> Task<void> { co_await sleep_for(1ms); });
    int ended = 0;
    for (;;) {
      auto one = co_await results.next();
      if (!one) break;
      one->take();
      ++ended;
    }
    CHECK(ended == 3);
  }());
}
