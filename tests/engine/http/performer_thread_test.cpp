#include "engine/http/performer_thread.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/async/sleep.hpp"
#include "tests/engine/async/loop_fixture.hpp"

using leat::Errc;
using leat::Error;
using leat::Result;
using leat::Status;
using namespace leat::async;
using namespace leat::http;

namespace {

/// Does what the URL says, and leaves a note of it that both threads may read.
struct Log {
  std::atomic<int> started{0};
  std::atomic<int> gone{0};  // with their frames
  std::atomic<bool> destroyed{false};
  std::thread::id thread;  // of `perform`
};

class Obedient final : public Performer {
 public:
  explicit Obedient(Log& log) : log_(log) {}
  ~Obedient() override { log_.destroyed = true; }

  Task<Result<Response>> perform(const Request& request, BodySink& sink) override {
    struct Gone {
      Log& log;
      explicit Gone(Log& l) noexcept : log(l) {}
      ~Gone() { ++log.gone; }
    } const gone(log_);
    ++log_.started;
    log_.thread = std::this_thread::get_id();
    if (request.url == "throw") throw std::runtime_error("as asked");
    if (request.url == "fail") co_return Error(Errc::reset, "as asked");
    if (request.url == "hang") co_await sleep_for(std::chrono::hours(1));
    if (request.url == "wait") co_await sleep_for(1ms);
    if (const Status refused = sink.write("body")) co_return *refused;
    Response response;
    response.url_effective = request.url.text();
    co_return response;
  }

 private:
  Log& log_;
};

class Text final : public BodySink {
 public:
  Status begin(const ResponseHead&) override { return std::nullopt; }
  Status write(std::string_view bytes) override {
    text.append(bytes);
    return std::nullopt;
  }
  std::string text;
};

/// A home loop and a thread that serves it.
struct Served {
  EventLoop home;
  Log log;
  std::optional<PerformerThread> thread;

  Served() {
    thread.emplace(home, [this](EventLoop&) { return std::make_unique<Obedient>(log); });
  }
};

Task<std::string> ask(Performer& performer, std::string url) {
  const Request request(std::move(url));
  Text sink;
  auto performing = performer.perform(request, sink);
  auto result = co_await std::move(performing);
  if (!result.ok()) co_return "error: " + result.error().message;
  co_return result->url_effective + " " + sink.text;
}

Task<std::vector<std::string>> ask_many(Performer& performer, int count) {
  std::vector<TaskHandle<std::string>> tasks;
  for (int i = 0; i < count; ++i) tasks.push_back(spawn(ask(performer, std::to_string(i))));
  std::vector<std::string> answers;
  for (auto& task : tasks) answers.push_back(co_await task);
  co_return answers;
}

Task<void> until_started(Log& log, int count) {
  while (log.started < count) co_await sleep_for(1ms);
}

Task<void> cancel_one(Served& served) {
  auto asking = spawn(ask(*served.thread, "hang"));
  auto starting = until_started(served.log, 1);
  co_await std::move(starting);
  asking.cancel();
  auto ending = ends_cancelled(asking);
  const bool cancelled = co_await std::move(ending);
  CHECK(cancelled);
  CHECK(served.log.gone == 1);  // nothing on that thread touches the request any more
  auto another = ask(*served.thread, "x");
  const std::string answer = co_await std::move(another);
  CHECK(answer == "x body");
}

Task<void> cancel_before_it_is_sent(Served& served) {
  auto asking = spawn(ask(*served.thread, "hang"));
  co_await yield();  // now it waits, and its message is in this loop's list
  asking.cancel();
  auto ending = ends_cancelled(asking);
  const bool cancelled = co_await std::move(ending);
  CHECK(cancelled);
  CHECK(served.log.started == served.log.gone);
}

Task<void> leave_hanging(Served& served) {
  for (int i = 0; i < 20; ++i) spawn(ask(*served.thread, "hang"));
  auto starting = until_started(served.log, 20);
  co_await std::move(starting);
}

// Every request ends once, whenever the cancellations come.
Task<int> cancel_at_random(Served& served, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<TaskHandle<std::string>> tasks;
  const char* const urls[] = {"x", "wait", "hang", "fail"};
  for (int i = 0; i < 3000; ++i) {
    tasks.push_back(spawn(ask(*served.thread, urls[random() % 4])));
    if (random() % 3 == 0) tasks[random() % tasks.size()].cancel();
    if (random() % 8 == 0) co_await yield();
    if (random() % 64 == 0) co_await sleep_for(1ms);
  }
  int ended = 0;
  for (auto& task : tasks) {
    if (random() % 2 == 0) task.cancel();
  }
  co_await sleep_for(20ms);
  for (auto& task : tasks) task.cancel();
  for (auto& task : tasks) {
    auto ending = ends_cancelled(task);
    co_await std::move(ending);
    ++ended;
  }
  co_return ended;
}

}  // namespace

TEST_CASE("PerformerThread: a request is performed on the thread, and its result comes home") {
  Served served;
  CHECK(served.home.run(ask(*served.thread, "x")) == "x body");
  CHECK(served.log.thread != std::this_thread::get_id());
  CHECK(served.home.run(ask(*served.thread, "fail")) == "error: as asked");
}

TEST_CASE("PerformerThread: each of many at once gets its own result") {
  Served served;
  const auto answers = served.home.run(ask_many(*served.thread, 1000));
  REQUIRE(answers.size() == 1000);
  for (std::size_t i = 0; i < answers.size(); ++i) REQUIRE(answers[i] == std::to_string(i) + " body");
}

TEST_CASE("PerformerThread: an exception on that thread is thrown on this one") {
  Served served;
  CHECK_THROWS_WITH_AS(served.home.run(ask(*served.thread, "throw")), "as asked", std::runtime_error);
}

TEST_CASE("PerformerThread: a task that is cancelled ends when the thread has let go of its request") {
  Served served;
  served.home.run(cancel_one(served));
}

TEST_CASE("PerformerThread: a task can be cancelled before its request is on its way") {
  Served served;
  served.home.run(cancel_before_it_is_sent(served));
}

TEST_CASE("PerformerThread: leftover transfers end with the loop's run") {
  Served served;
  served.home.run(leave_hanging(served));
  CHECK(served.log.gone == 20);
  CHECK_FALSE(served.log.destroyed);
  served.thread.reset();
  CHECK(served.log.destroyed);
}

TEST_CASE("PerformerThread: cancellations at random moments leave nothing behind") {
  const unsigned seed = std::random_device()();
  CAPTURE(seed);
  Served served;
  CHECK(served.home.run(cancel_at_random(served, seed)) == 3000);
  CHECK(served.log.started == served.log.gone);
}

TEST_CASE(
    "PerformerThread: if its home is in debug mode, a slow callback on that thread is reported at home") {
  EventLoop home;
  std::vector<std::string> reports;
  DebugOptions debug;
  debug.slow_callback = Duration(1);
  debug.report = [&](std::string_view line) { reports.emplace_back(line); };
  home.set_debug(std::move(debug));
  Log log;
  PerformerThread thread(home, [&](EventLoop&) { return std::make_unique<Obedient>(log); });
  CHECK(home.run(ask(thread, "x")) == "x body");
  CHECK(home.run(ask(thread, "x")) == "x body");
  bool there = false;
  for (const auto& report : reports) there = there || report.find("task 'transfer'") != std::string::npos;
  CHECK(there);
}
