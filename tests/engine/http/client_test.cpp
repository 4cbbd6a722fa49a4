#include "engine/http/client.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/beside.hpp"
#include "engine/async/semaphore.hpp"
#include "engine/async/sleep.hpp"
#include "engine/http/message/pausable_transfer.hpp"
#include "tests/support/origin/pattern.hpp"
#include "tests/support/origin_process.hpp"

using leat::Errc;
using leat::Error;
using leat::Result;
using leat::Status;
using namespace leat::async;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

leat::tests::OriginProcess& origin() {
  static leat::tests::OriginProcess process;
  return process;
}

class TextSink final : public BodySink {
 public:
  Status begin(const ResponseHead& head) override {
    status = head.status;
    text.clear();
    return std::nullopt;
  }
  Status write(std::string_view bytes) override {
    text.append(bytes);
    if (text.size() > refuse_after) return Error(Errc::disk_full, "no room");
    return std::nullopt;
  }
  int status = 0;
  std::size_t refuse_after = std::string::npos;
  std::string text;
};

/// Has room for so many bytes until somebody empties it, who does so once a transfer waits.
class SmallSink final : public BodySink {
 public:
  Status begin(const ResponseHead& /*head*/) override { return std::nullopt; }
  Status write(std::string_view bytes) override {
    held += bytes.size();
    most = std::max(most, held);
    all += bytes.size();
    return std::nullopt;
  }
  bool is_full(PausableTransfer& transfer) override {
    if (held < 100'000) return false;
    paused.push_back(transfer);
    ++pauses;
    return true;
  }
  void empty() {
    held = 0;
    paused.pop_front().go_on();
  }
  std::size_t held = 0;
  std::size_t most = 0;
  std::size_t all = 0;
  int pauses = 0;
  PausedTransfers paused;
};

Task<void> empty_again_and_again(SmallSink& sink) {
  for (;;) {
    co_await leat::async::yield();
    if (!sink.paused.empty()) sink.empty();
  }
}

Task<Result<Response>> perform(EventLoop& loop, const ClientOptions& options, const Request& request,
                               BodySink& sink) {
  Client client(loop, options);
  auto performing = client.perform(request, sink);
  co_return co_await std::move(performing);
}

Task<void> post_then_get(EventLoop& loop, TextSink& sink) {
  Client client(loop, ClientOptions());
  Request post(origin().url("/echo/x"));
  post.body = "hello";
  post.headers.emplace_back("X-Once: 1");
  auto posting = client.perform(post, sink);
  const auto echoed = co_await std::move(posting);
  CHECK(echoed.ok());
  CHECK(sink.text == "hello");
  const Request get(origin().url("/headers/x"));
  auto getting = client.perform(get, sink);
  const auto plain = co_await std::move(getting);
  CHECK(plain.ok());
}

Result<Response> fetch(const Request& request, TextSink& sink, const ClientOptions& options = {}) {
  EventLoop loop;
  return loop.run(perform(loop, options, request, sink));
}

Errc failure(const std::string& path, const ClientOptions& options = {}) {
  TextSink sink;
  const auto result = fetch(Request(origin().url(path)), sink, options);
  REQUIRE_FALSE(result.ok());
  CHECK_FALSE(result.error().message.empty());
  return result.error().code;
}

Task<Result<Response>> perform_into(EventLoop& loop, SmallSink& sink) {
  const ClientOptions options;
  const Request request(origin().url("/size/3M/x"));
  auto both = beside(perform(loop, options, request, sink), empty_again_and_again(sink), "reader");
  co_return co_await std::move(both);
}

}  // namespace

TEST_CASE("Client: a response has its status, its head, its body and its times") {
  TextSink sink;
  auto result = fetch(Request(origin().url("/range/1000/a")), sink);
  REQUIRE(result.ok());
  CHECK(result->head.status == 200);
  CHECK(result->head.headers.find("etag").value() == "\"v1\"");
  CHECK(result->size_download == 1000);
  CHECK(result->http_version == std::string("1.1"));
  CHECK(result->remote_ip == "127.0.0.1");
  CHECK(result->remote_port == origin().port());
  CHECK(result->method == "GET");
  CHECK(result->length_verified);
  CHECK(result->time_total > 0);
  REQUIRE(sink.text.size() == 1000);
  for (std::size_t i = 0; i < 1000; ++i) REQUIRE(sink.text[i] == leat::origin::pattern_byte(i));
}

TEST_CASE("Client: a sink that is full has its transfer pause, and all of the body comes in the end") {
  EventLoop loop;
  SmallSink sink;
  const auto result = loop.run(perform_into(loop, sink));
  REQUIRE(result.ok());
  CHECK(sink.all == (3u << 20));
  CHECK(sink.pauses > 0);
  CHECK(sink.most < 100'000 + 64 * 1024);  // and what libcurl hands over at once
}

TEST_CASE("Client: a transfer that pauses can be cancelled, and leaves the list of its sink") {
  EventLoop loop;
  SmallSink sink;
  ClientOptions options;
  options.timeout = 300ms;
  const auto late = loop.run(perform(loop, options, Request(origin().url("/size/3M/x")), sink));
  REQUIRE_FALSE(late.ok());
  CHECK(late.error().code == Errc::timeout);
  CHECK(sink.pauses > 0);
  CHECK(sink.paused.empty());
}

TEST_CASE("Client: a sink is told of each redirect, and of nothing else") {
  class Followed final : public BodySink {
   public:
    void moved(const std::string& url) override { urls.push_back(url); }
    Status begin(const ResponseHead& /*head*/) override { return std::nullopt; }
    Status write(std::string_view /*bytes*/) override { return std::nullopt; }
    std::vector<std::string> urls;
  } sink;
  EventLoop loop;
  CHECK(loop.run(perform(loop, ClientOptions(), Request(origin().url("/redirect/2")), sink)).ok());
  REQUIRE(sink.urls.size() == 2);
  CHECK(sink.urls[0] == origin().url("/redirect/1"));
  CHECK(loop.run(perform(loop, ClientOptions(), Request(origin().url("/ok/1")), sink)).ok());
  CHECK(sink.urls.size() == 2);
}

TEST_CASE("Client: method, headers, credentials and body arrive as they were given") {
  ClientOptions options;
  options.headers = {"X-Common: 1"};
  options.user_agent = "leat-test";
  options.userpwd = "u:p";
  Request request(origin().url("/headers/x"));
  request.method = "PUT";
  request.headers = {"X-Own: 2"};
  request.body = std::string("a\0b", 3);
  TextSink sink;
  REQUIRE(fetch(request, sink, options).ok());
  for (const char* part : {"\"method\":\"PUT\"", "\"x-common\":\"1\"", "\"x-own\":\"2\"", "\"body_size\":3",
                           "\"user-agent\":\"leat-test\"", "\"authorization\":\"Basic dTpw\""}) {
    CAPTURE(part);
    CHECK(sink.text.find(part) != std::string::npos);
  }
}

TEST_CASE("Client: a handle that carried a POST carries a clean GET the next time") {
  EventLoop loop;
  TextSink sink;
  loop.run(post_then_get(loop, sink));
  CHECK(sink.text.find("\"method\":\"GET\"") != std::string::npos);
  CHECK(sink.text.find("x-once") == std::string::npos);
  CHECK(sink.text.find("content-length") == std::string::npos);
}

TEST_CASE("Client: an answer to HEAD has no body and says so") {
  Request request(origin().url("/size/100"));
  request.method = "HEAD";
  TextSink sink;
  auto result = fetch(request, sink);
  REQUIRE(result.ok());
  CHECK(result->size_download == 0);
  CHECK(result->length_verified);
}

TEST_CASE("Client: every framing error has its code") {
  CHECK(failure("/truncate/10/100") == Errc::truncated);
  CHECK(failure("/truncate-chunked/10") == Errc::truncated);
  CHECK(failure("/reset/0/x") == Errc::reset);
  CHECK(failure("/reset/10/x") == Errc::reset);
  CHECK(failure("/empty/x") == Errc::reset);
  for (const char* kind : {"two-lengths", "negative-length", "nul-header", "http09", "garbage", "bad-chunk",
                           "bad-status-line"}) {
    CAPTURE(kind);
    CHECK(failure(std::string("/bad/") + kind) == Errc::bad_response);
  }
  CHECK(failure("/endless-headers") == Errc::header_too_large);
  CHECK(failure("/huge-header/200000") == Errc::header_too_large);
  CHECK(failure("/many-1xx/100") == Errc::bad_response);
}

TEST_CASE("Client: a length together with chunked means chunked") {
  TextSink sink;
  CHECK(fetch(Request(origin().url("/bad/both")), sink).ok());
  CHECK_FALSE(sink.text.empty());
}

TEST_CASE("Client: a body that ends only with its connection is marked") {
  TextSink sink;
  auto result = fetch(Request(origin().url("/close-delimited/50")), sink);
  REQUIRE(result.ok());
  CHECK_FALSE(result->length_verified);
  CHECK(sink.text.size() == 50);
}

TEST_CASE("Client: a body larger than max_size ends there, whether its length was announced or not") {
  ClientOptions options;
  options.max_size = 1000;
  CHECK(failure("/size/1001", options) == Errc::body_too_large);
  CHECK(failure("/endless/x", options) == Errc::body_too_large);
  TextSink sink;
  CHECK(fetch(Request(origin().url("/size/1000")), sink, options).ok());
}

TEST_CASE("Client: what refuses a request is named without dashes, since specs write it otherwise") {
  ClientOptions options;
  options.max_size = 1000;
  TextSink sink;
  auto large = fetch(Request(origin().url("/size/1001")), sink, options);
  REQUIRE_FALSE(large.ok());
  CHECK(large.error().message == "the body is larger than max-size, 1000 bytes");
  options.wire.block_private = true;
  auto blocked = fetch(Request(origin().url("/size/1")), sink, options);
  REQUIRE_FALSE(blocked.ok());
  CHECK(blocked.error().message == "the host's address is private, which block-private refuses");
}

TEST_CASE("Client: silence is a time-out, and a pause inside the body is a stall") {
  ClientOptions stall;
  stall.stall = 150ms;
  CHECK(failure("/hang/x", stall) == Errc::timeout);
  CHECK(failure("/drip/10/10000", stall) == Errc::stalled);
  ClientOptions whole;
  whole.timeout = 150ms;
  CHECK(failure("/hang/y", whole) == Errc::timeout);
  CHECK(failure("/drip/1000/20", whole) == Errc::timeout);
}

TEST_CASE("Client: a body whose pauses are shorter than the stall limit is no stall, however long it takes") {
  ClientOptions options;
  options.stall = 1s;
  TextSink sink;
  CHECK(fetch(Request(origin().url("/drip/4/600")), sink, options).ok());
  CHECK(sink.text.size() == 4);
}

TEST_CASE("Client: a missing server, a missing name and missing TLS have their codes") {
  TextSink sink;
  CHECK(fetch(Request("http://127.0.0.1:1/"), sink).error().code == Errc::connect_refused);
  CHECK(fetch(Request("http://nosuch.invalid/"), sink).error().code == Errc::dns_failed);
  const std::string tls = "https://127.0.0.1:" + std::to_string(origin().port()) + "/";
  CHECK(fetch(Request(tls), sink).error().code == Errc::tls_failed);
}

TEST_CASE("Client: redirects are followed to the end, counted and limited") {
  TextSink sink;
  auto result = fetch(Request(origin().url("/redirect/3")), sink);
  REQUIRE(result.ok());
  CHECK(result->num_redirects == 3);
  CHECK(result->url_effective == origin().url("/ok"));
  CHECK(sink.text == "ok\n");
  CHECK(failure("/redirect-loop") == Errc::too_many_redirects);
  CHECK(failure("/redirect-to?url=file:///etc/passwd") == Errc::redirect_refused);
  ClientOptions none;
  none.max_redirects = 0;
  auto kept = fetch(Request(origin().url("/redirect/3")), sink, none);
  REQUIRE(kept.ok());
  CHECK(kept->head.status == 302);
}

TEST_CASE("Client: a redirect to another origin leaves every credential behind") {
  ClientOptions options;
  options.headers = {"X-Api-Key: secret"};
  options.userpwd = "u:p";
  const std::string elsewhere = "http://localhost:" + std::to_string(origin().port()) + "/headers/y";
  TextSink sink;
  REQUIRE(fetch(Request(origin().url("/redirect-to?url=" + elsewhere)), sink, options).ok());
  CHECK(sink.text.find("secret") == std::string::npos);
  CHECK(sink.text.find("authorization") == std::string::npos);
  options.location_trusted = true;
  REQUIRE(fetch(Request(origin().url("/redirect-to?url=" + elsewhere)), sink, options).ok());
  CHECK(sink.text.find("secret") != std::string::npos);
}

TEST_CASE("Client: an error of the sink ends the transfer with that error") {
  TextSink sink;
  sink.refuse_after = 100;
  const auto result = fetch(Request(origin().url("/size/1M")), sink);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == Errc::disk_full);
}

namespace {

Task<void> one(Client& client, Semaphore& cap, std::string url) {
  auto permit = co_await cap.acquire();
  TextSink sink;
  const Request request(std::move(url));
  auto performing = client.perform(request, sink);
  const auto result = co_await std::move(performing);
  CHECK(result.ok());
}

Task<void> many(EventLoop& loop, const leat::tests::OriginProcess& server, std::size_t jobs, int count,
                std::string path) {
  ClientOptions options;
  options.jobs = jobs;
  Client client(loop, options);
  Semaphore cap(loop, jobs);
  std::vector<TaskHandle<void>> tasks;
  for (int i = 0; i < count; ++i)
    tasks.push_back(spawn(one(client, cap, server.url(path + std::to_string(i)))));
  for (auto& task : tasks) co_await task;
}

Task<void> cancelled_halfway(EventLoop& loop, const leat::tests::OriginProcess& server) {
  Client client(loop, ClientOptions());
  Semaphore cap(loop, 8);
  std::vector<TaskHandle<void>> tasks;
  for (int i = 0; i < 8; ++i)
    tasks.push_back(spawn(one(client, cap, server.url("/hang/" + std::to_string(i)))));
  while (server.stats().concurrent < 8) co_await sleep_for(5ms);
  for (auto& task : tasks) task.cancel();
  for (auto& task : tasks) {
    bool was_cancelled = false;
    try {
      co_await task;
    } catch (const Cancelled&) {
      was_cancelled = true;
    }
    CHECK(was_cancelled);
  }
  CHECK(cap.available() == 8);
}

}  // namespace

TEST_CASE("Client: connections are reused, never more than the transfers at once") {
  const leat::tests::OriginProcess server;
  EventLoop loop;
  loop.run(many(loop, server, 1, 50, "/ok/"));
  CHECK(server.stats().connections == 2);  // one, and the one that asks
  loop.run(many(loop, server, 16, 800, "/ok/"));
  const auto stats = server.stats();
  CHECK(stats.requests == 850);
  CHECK(stats.connections <= 1 + 2 + 16);
}

TEST_CASE("Client: the semaphore's cap is reached and never exceeded") {
  const leat::tests::OriginProcess server;
  EventLoop loop;
  loop.run(many(loop, server, 20, 100, "/delay/30/"));
  CHECK(server.stats().peak == 20);
}

TEST_CASE("Client: cancelled transfers end at once and leave no handle behind") {
  const leat::tests::OriginProcess server;
  EventLoop loop;
  loop.run(cancelled_halfway(loop, server));
}
