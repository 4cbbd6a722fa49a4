#include "engine/http/client_pool.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/async/sleep.hpp"
#include "tests/engine/async/loop_fixture.hpp"
#include "tests/support/origin_process.hpp"

using leat::Errc;
using leat::Error;
using leat::Result;
using leat::Status;
using namespace leat::async;
using namespace leat::http;

namespace {

leat::tests::OriginProcess& origin() {
  static leat::tests::OriginProcess process;
  return process;
}

class TextSink final : public BodySink {
 public:
  Status begin(const ResponseHead&) override {
    thread = std::this_thread::get_id();
    text.clear();
    return std::nullopt;
  }
  Status write(std::string_view bytes) override {
    text.append(bytes);
    if (text.size() > refuse_after) return Error(Errc::disk_full, "no room");
    return std::nullopt;
  }
  std::size_t refuse_after = std::string::npos;
  std::thread::id thread;
  std::string text;
};

struct Fetched {
  Fetched() = default;

  std::string text;
  Errc error{};
  bool ok = false;
  std::thread::id thread;
};

Task<Fetched> fetch(ClientPool& pool, std::string url, std::size_t refuse_after) {
  const Request request(std::move(url));
  TextSink sink;
  sink.refuse_after = refuse_after;
  auto performing = pool.perform(request, sink);
  const auto result = co_await std::move(performing);
  Fetched fetched;
  fetched.ok = result.ok();
  if (!result.ok()) fetched.error = result.error().code;
  fetched.text = std::move(sink.text);
  fetched.thread = sink.thread;
  co_return fetched;
}

Task<Fetched> fetch(ClientPool& pool, std::string url) {
  return fetch(pool, std::move(url), std::string::npos);
}

Task<std::vector<Fetched>> fetch_all(ClientPool& pool, std::vector<std::string> urls) {
  std::vector<TaskHandle<Fetched>> tasks;
  for (auto& url : urls) tasks.push_back(spawn(fetch(pool, std::move(url))));
  std::vector<Fetched> all;
  for (auto& task : tasks) all.push_back(co_await task);
  co_return all;
}

std::vector<std::string> urls(const std::string& path, int count) {
  std::vector<std::string> list;
  for (int i = 0; i < count; ++i) list.push_back(origin().url(path + std::to_string(i)));
  return list;
}

std::size_t threads_of(const std::vector<Fetched>& all) {
  std::set<std::thread::id> threads;
  for (const auto& fetched : all) threads.insert(fetched.thread);
  return threads.size();
}

Task<std::size_t> most_on_one_thread(ClientPool& pool, int count) {
  std::vector<TaskHandle<Fetched>> tasks;
  for (auto& url : urls("/hang/busy", count)) tasks.push_back(spawn(fetch(pool, std::move(url))));
  co_await yield();
  std::size_t most = 0;
  std::size_t sum = 0;
  for (const std::size_t running : pool.running()) most = std::max(most, running), sum += running;
  CHECK(sum == static_cast<std::size_t>(count));
  for (auto& task : tasks) task.cancel();
  for (auto& task : tasks) {
    auto ending = ends_cancelled(task);
    const bool cancelled = co_await std::move(ending);
    CHECK(cancelled);
  }
  for (const std::size_t running : pool.running()) CHECK(running == 0);
  co_return most;
}

Task<void> leave_hanging(ClientPool& pool, int count) {
  for (auto& url : urls("/hang/left", count)) spawn(fetch(pool, std::move(url)));
  co_await sleep_for(20ms);
}

}  // namespace

TEST_CASE("ClientPool: transfers to one busy host run on all threads") {
  for (const std::size_t threads : {1U, 2U, 3U}) {
    CAPTURE(threads);
    EventLoop loop;
    ClientPool pool(loop, threads, ClientOptions());
    const auto all = loop.run(fetch_all(pool, urls("/delay/20/", 64)));
    for (const auto& fetched : all) REQUIRE(fetched.text == "ok\n");
    CHECK(threads_of(all) == threads);
  }
}

TEST_CASE("ClientPool: requests to one host that follow each other stay on one connection of one thread") {
  const leat::tests::OriginProcess server;
  EventLoop loop;
  ClientPool pool(loop, 4, ClientOptions());
  std::set<std::thread::id> threads;
  for (int i = 0; i < 20; ++i) threads.insert(loop.run(fetch(pool, server.url("/ok/"))).thread);
  CHECK(threads.size() == 1);
  CHECK(server.stats().connections <= 2);  // one is the request for `stats`
}

TEST_CASE("ClientPool: the threads have about the same amount of work, and are idle again at the end") {
  EventLoop loop;
  ClientPool pool(loop, 4, ClientOptions());
  CHECK(loop.run(most_on_one_thread(pool, 64)) == 16);
}

TEST_CASE("ClientPool: new hosts begin at the thread with the least to do") {
  std::vector<std::unique_ptr<leat::tests::OriginProcess>> hosts;
  std::vector<std::string> list;
  for (int i = 0; i < 3; ++i) {
    hosts.push_back(std::make_unique<leat::tests::OriginProcess>());
    list.push_back(hosts.back()->url("/delay/50/"));
  }
  EventLoop loop;
  ClientPool pool(loop, 3, ClientOptions());
  CHECK(threads_of(loop.run(fetch_all(pool, list))) == 3);
}

TEST_CASE("ClientPool: failures of the sink and of the network come home as values") {
  EventLoop loop;
  ClientPool pool(loop, 2, ClientOptions());
  std::vector<std::string> list = urls("/reset/0/", 16);
  for (const auto& fetched : loop.run(fetch_all(pool, list))) CHECK(fetched.error == Errc::reset);
  for (int i = 0; i < 8; ++i) {
    CHECK(loop.run(fetch(pool, origin().url("/size/100K/"), 1000)).error == Errc::disk_full);
  }
  CHECK(loop.run(fetch(pool, "http://127.0.0.1:1/")).error == Errc::connect_refused);
}

TEST_CASE("ClientPool: the limits of a single transfer hold on every thread") {
  EventLoop loop;
  ClientOptions in_time;
  in_time.timeout = 100ms;
  ClientPool impatient(loop, 2, in_time);
  for (const auto& fetched : loop.run(fetch_all(impatient, urls("/hang/", 16)))) {
    CHECK(fetched.error == Errc::timeout);
  }
  ClientOptions small;
  small.max_size = 1000;
  ClientPool sparing(loop, 2, small);
  for (const auto& fetched : loop.run(fetch_all(sparing, urls("/chunked/10K/", 16)))) {
    CHECK(fetched.error == Errc::body_too_large);
  }
}

TEST_CASE("ClientPool: the threads look a name up once, together") {
  std::atomic<int> calls{0};
  EventLoop loop;
  {
    ClientPool pool(loop, 4, ClientOptions(), [&](const std::string&) -> Result<Addresses> {
      ++calls;
      std::this_thread::sleep_for(20ms);
      Addresses found;
      found.v4.push_back("127.0.0.1");
      return found;
    });
    std::vector<std::string> list;
    for (int i = 0; i < 64; ++i) {
      list.push_back("http://some.test:" + std::to_string(origin().port()) + "/delay/20/");
    }
    const auto all = loop.run(fetch_all(pool, list));
    for (const auto& fetched : all) CHECK(fetched.text == "ok\n");
    CHECK(threads_of(all) == 4);
  }
  CHECK(calls == 1);
}

TEST_CASE("ClientPool: one limit_rate holds for all threads together") {
  ClientOptions options;
  options.limit_rate = 1'000'000;
  EventLoop loop;
  ClientPool pool(loop, 4, options);
  const auto begin = std::chrono::steady_clock::now();
  const auto all = loop.run(fetch_all(pool, urls("/size/20K/", 32)));
  CHECK(std::chrono::steady_clock::now() - begin >= 500ms);
  CHECK(threads_of(all) == 4);
  for (const auto& fetched : all) CHECK(fetched.text.size() == 20 * 1024);
}

TEST_CASE("ClientPool: leftover transfers end with the loop's run, and then the threads end") {
  EventLoop loop;
  ClientPool pool(loop, 3, ClientOptions());
  loop.run(leave_hanging(pool, 40));
  for (const std::size_t running : pool.running()) CHECK(running == 0);
}
