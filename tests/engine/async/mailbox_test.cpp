#include "engine/async/mailbox.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"

using namespace leat::async;

namespace {

Task<void> wait(Event& event) { co_await event.wait(); }

/// Runs a loop on a thread of its own until it is destroyed.
class Elsewhere {
 public:
  Elsewhere() : thread_([this] { loop.run(wait(stop_)); }) {}
  ~Elsewhere() {
    loop.post([this] { stop_.set(); });
    thread_.join();
  }
  [[nodiscard]] std::thread::id id() const { return thread_.get_id(); }
  EventLoop loop;

 private:
  Event stop_;
  std::thread thread_;
};

Task<void> send(Mailbox<int>& mailbox, int count, Event& done) {
  for (int i = 0; i < count; ++i) {
    mailbox.put(i);
    if (i % 7 == 0) co_await yield();
  }
  co_await done.wait();
}

Task<void> send_at_once(Mailbox<std::unique_ptr<int>>& mailbox, int count) {
  for (int i = 0; i < count; ++i) mailbox.put(std::make_unique<int>(i));
  co_await yield();
}

}  // namespace

TEST_CASE("Mailbox: values cross to another thread and back in order, each once") {
  constexpr int kCount = 100'000;
  EventLoop home;
  Event done;
  std::vector<int> back;
  bool at_home = true;
  bool elsewhere = true;
  const auto home_thread = std::this_thread::get_id();
  {
    Elsewhere other;
    Mailbox<int> replies(other.loop, home, [&](int value) {
      at_home = at_home && std::this_thread::get_id() == home_thread;
      back.push_back(value);
      if (value == kCount - 1) done.set();
    });
    Mailbox<int> messages(home, other.loop, [&](int value) {
      elsewhere = elsewhere && std::this_thread::get_id() == other.id();
      replies.put(value);
    });
    home.run(send(messages, kCount, done));
  }
  CHECK(at_home);
  CHECK(elsewhere);
  REQUIRE(back.size() == kCount);
  for (int i = 0; i < kCount; ++i) REQUIRE(back[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("Mailbox: what was put before the receiving loop runs waits for that loop") {
  EventLoop from;
  EventLoop to;
  Event done;
  int sum = 0;
  Mailbox<std::unique_ptr<int>> mailbox(from, to, [&](std::unique_ptr<int> value) {
    sum += *value;
    if (*value == 99) done.set();
  });
  from.run(send_at_once(mailbox, 100));
  CHECK(sum == 0);
  to.run(wait(done));
  CHECK(sum == 4950);
}
