#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/sleep.hpp"
#include "engine/http/client.hpp"
#include "tests/support/black_hole.hpp"
#include "tests/support/origin_process.hpp"

using leat::Status;
using leat::tests::BlackHole;
using leat::tests::OriginProcess;
using namespace leat::async;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

constexpr int kAtOnce = 16;

class NoSink final : public BodySink {
 public:
  Status begin(const ResponseHead&) override { return std::nullopt; }
  Status write(std::string_view) override { return std::nullopt; }
};

ClientOptions ramp_options(Duration step) {
  ClientOptions options;
  options.jobs = 1000;
  options.ramp.at_once = kAtOnce;
  options.ramp.step = step;
  return options;
}

Task<bool> get(Client& client, std::string url) {
  const Request request(std::move(url));
  NoSink sink;
  auto performing = client.perform(request, sink);
  const auto result = co_await std::move(performing);
  co_return result.ok();
}

Task<void> cancel_all(std::vector<TaskHandle<bool>> tasks) {
  for (auto& task : tasks) task.cancel();
  for (auto& task : tasks) {
    try {
      co_await task;
    } catch (const Cancelled&) {
      continue;
    }
  }
}

Task<void> a_thousand_at_once(EventLoop& loop, const BlackHole& dead) {
  Client client(loop, ramp_options(1h));
  std::vector<TaskHandle<bool>> tasks;
  for (int i = 0; i < 1000; ++i) tasks.push_back(spawn(get(client, dead.url("/" + std::to_string(i)))));
  while (BlackHole::connecting() < kAtOnce) co_await sleep_for(1ms);
  for (int i = 0; i < 20; ++i) {
    co_await sleep_for(1ms);
    CHECK(BlackHole::connecting() == kAtOnce);
  }
  auto ending = cancel_all(std::move(tasks));
  co_await std::move(ending);
}

Task<void> behind_a_dead_host(EventLoop& loop, const BlackHole& dead, const OriginProcess& alive) {
  Client client(loop, ramp_options(50ms));
  std::vector<TaskHandle<bool>> tasks;
  for (int i = 0; i < 1000; ++i) tasks.push_back(spawn(get(client, dead.url("/" + std::to_string(i)))));
  auto live = spawn(get(client, alive.url("/ok")));
  const bool ok = co_await live;
  CHECK(ok);
  CHECK(BlackHole::connecting() >= kAtOnce);
  CHECK(BlackHole::connecting() < 1000);  // it went before most of the others
  for (const auto& task : tasks) CHECK_FALSE(task.done());
  auto ending = cancel_all(std::move(tasks));
  co_await std::move(ending);
}

Task<void> all_connect(EventLoop& loop, const OriginProcess& alive) {
  Client client(loop, ramp_options(1h));
  std::vector<TaskHandle<bool>> tasks;
  for (int i = 0; i < 300; ++i)
    tasks.push_back(spawn(get(client, alive.url("/delay/20/" + std::to_string(i)))));
  for (auto& task : tasks) {
    const bool ok = co_await task;
    CHECK(ok);
  }
}

}  // namespace

TEST_CASE("Client: of a thousand transfers that start together, only a limited number connects at once") {
  const BlackHole dead;
  EventLoop loop;
  loop.run(a_thousand_at_once(loop, dead));
}

TEST_CASE("Client: a host that never answers delays another host's transfers by at most a step of the ramp") {
  const BlackHole dead;
  const OriginProcess alive;
  EventLoop loop;
  loop.run(behind_a_dead_host(loop, dead, alive));
}

TEST_CASE("Client: a connected transfer makes room for the next one, even if its answer takes long") {
  const OriginProcess alive;
  EventLoop loop;
  loop.run(all_connect(loop, alive));
  CHECK(alive.stats().peak > kAtOnce);
}
