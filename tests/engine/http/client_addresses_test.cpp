// What a Client does with the addresses of a name, some of which are dead.
#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/http/client.hpp"
#include "engine/http/client_pool.hpp"
#include "tests/support/black_hole.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/scripted_server.hpp"

using leat::Errc;
using leat::Result;
using leat::Status;
using leat::tests::BlackHole;
using leat::tests::OriginProcess;
using namespace leat::async;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

const OriginProcess& origin() {
  static const OriginProcess process;
  return process;
}

// A URL of the origin by that name.
std::string at(const std::string& host, const std::string& path) {
  return "http://" + host + ":" + std::to_string(origin().port()) + path;
}

class NoSink final : public BodySink {
 public:
  Status begin(const ResponseHead&) override { return std::nullopt; }
  Status write(std::string_view) override { return std::nullopt; }
};

// Gives every name these addresses, in that order.
Lookup everything_is(std::vector<std::string> v4) {
  return [v4 = std::move(v4)](const std::string&) -> Result<Addresses> {
    Addresses found;
    found.v4 = v4;
    return found;
  };
}

ClientPeers peers_of(std::vector<std::string> v4) {
  ClientPeers peers;
  peers.lookup = everything_is(std::move(v4));
  return peers;
}

struct Got {
  Got() = default;
  std::string what;  // "ok", or the error's code
  std::string ip;
  double time_connect = 0;
};

Task<Got> get(Performer& client, std::string url, std::string method = "GET") {
  Request request(std::move(url));
  request.method = std::move(method);
  NoSink sink;
  auto performing = client.perform(request, sink);
  const auto result = co_await std::move(performing);
  Got got;
  got.what = result.ok() ? "ok" : to_string(result.error().code);
  if (result.ok()) got.ip = result.value().remote_ip;
  if (result.ok()) got.time_connect = result.value().time_connect;
  co_return got;
}

using Count = std::map<std::string, int>;

// Asks that many times at once, and counts the results.
Task<Count> get_many(Performer& client, std::string url, int count) {
  std::vector<TaskHandle<Got>> tasks;
  for (int i = 0; i < count; ++i) tasks.push_back(spawn(get(client, url)));
  Count all;
  for (auto& task : tasks) {
    const Got got = co_await task;
    ++all[got.ip.empty() ? got.what : got.ip];
  }
  co_return all;
}

template <class F>
double seconds_of(F f) {
  const auto start = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Count many(std::vector<std::string> addresses, const std::string& url, int count) {
  EventLoop loop;
  Client client(loop, ClientOptions(), peers_of(std::move(addresses)));
  return loop.run(get_many(client, url, count));
}

}  // namespace

namespace {

Task<void> pass_over(Client& client, std::string url) {
  auto getting = get(client, url);
  const Got got = co_await std::move(getting);
  CHECK(got.ip == "127.0.0.1");
  CHECK(got.time_connect < 1);  // libcurl 7.88 by itself comes to the third address after more than a second
}

}  // namespace

TEST_CASE("Client: addresses that refuse are skipped at once, for each of many requests") {
  const std::string url = at("some.test", "/ok");
  EventLoop loop;
  Client client(loop, ClientOptions(), peers_of({"127.0.0.4", "127.0.0.3", "127.0.0.2", "127.0.0.1"}));
  loop.run(pass_over(client, url));
  CHECK(many({"127.0.0.2", "127.0.0.1"}, url, 64) == Count{{"127.0.0.1", 64}});
  CHECK(many({"127.0.0.4", "127.0.0.3", "127.0.0.2", "127.0.0.1"}, url, 64) == Count{{"127.0.0.1", 64}});
  CHECK(many({"127.0.0.2", "127.0.0.1", "127.0.0.3"}, url, 64) == Count{{"127.0.0.1", 64}});
}

TEST_CASE("Client: 64 transfers at once leave a silent address for the next one within two seconds") {
  const BlackHole silent("127.0.0.2", origin().port());
  Count all;
  const double took = seconds_of([&] { all = many({"127.0.0.2", "127.0.0.1"}, at("some.test", "/ok"), 64); });
  CHECK(all == Count{{"127.0.0.1", 64}});
  CHECK(took > 1);
  CHECK(took < 4);  // all of them try at once, not one after the other
}

namespace {

Task<void> remember(Client& client, std::string url) {
  auto first = get(client, url);
  const Got slow = co_await std::move(first);
  CHECK(slow.ip == "127.0.0.1");
  CHECK(slow.time_connect > 1);
  CHECK(slow.time_connect < 3);  // 1.25 s, plus what a busy machine takes
  for (int i = 0; i < 3; ++i) {
    auto next = get(client, url);
    const Got fast = co_await std::move(next);
    CHECK(fast.ip == "127.0.0.1");
    CHECK(fast.time_connect < 1);
  }
}

}  // namespace

TEST_CASE("Client: what one request finds out about an address holds for the next requests") {
  const BlackHole silent("127.0.0.2", origin().port());
  ClientOptions options;
  options.fresh_connections = true;
  options.jobs = 1;
  EventLoop loop;
  Client client(loop, options, peers_of({"127.0.0.2", "127.0.0.1"}));
  loop.run(remember(client, at("some.test", "/ok")));
}

TEST_CASE("Client: two silent addresses before a live one lose nothing") {
  const BlackHole one("127.0.0.2", origin().port());
  const BlackHole two("127.0.0.3", origin().port());
  CHECK(many({"127.0.0.2", "127.0.0.3", "127.0.0.1"}, at("some.test", "/ok"), 8) == Count{{"127.0.0.1", 8}});
}

TEST_CASE(
    "Client: if no address gives a connection, that is one failure, with the last reason, and in time") {
  CHECK(many({"127.0.0.2", "127.0.0.3"}, at("some.test", "/ok"), 4) == Count{{"connect_refused", 4}});
  const BlackHole one("127.0.0.2", origin().port());
  const BlackHole two("127.0.0.3", origin().port());
  ClientOptions options;
  options.connect_timeout = 1s;
  EventLoop loop;
  Client client(loop, options, peers_of({"127.0.0.2", "127.0.0.3"}));
  Count all;
  const double took = seconds_of([&] { all = loop.run(get_many(client, at("some.test", "/ok"), 4)); });
  CHECK(all == Count{{"connect_timeout", 4}});
  CHECK(took > 0.9);
  CHECK(took < 3);
}

TEST_CASE("Client: with several threads, each of them leaves a silent address") {
  const BlackHole silent("127.0.0.2", origin().port());
  EventLoop loop;
  ClientPool pool(loop, 2, ClientOptions(), everything_is({"127.0.0.2", "127.0.0.1"}));
  CHECK(loop.run(get_many(pool, at("some.test", "/ok"), 32)) == Count{{"127.0.0.1", 32}});
}

TEST_CASE("Client: --timeout leaves time for the next address") {
  const BlackHole silent("127.0.0.2", origin().port());
  ClientOptions options;
  options.timeout = 2s;
  EventLoop loop;
  Client client(loop, options, peers_of({"127.0.0.2", "127.0.0.1"}));
  CHECK(loop.run(get_many(client, at("some.test", "/ok"), 4)) == Count{{"127.0.0.1", 4}});
}

namespace {

Task<void> reset_at_once(EventLoop& loop) {
  Client client(loop, ClientOptions(), peers_of({"127.0.0.1", "127.0.0.2"}));
  const leat::tests::ScriptedServer resets(
      std::map<std::string, leat::tests::Script>{{"/x", ""}});  // ends without an answer
  const std::string url = resets.url("/x");
  const std::string port = url.substr(url.rfind(':') + 1, url.rfind('/') - url.rfind(':') - 1);
  const OriginProcess alive({"--host", "127.0.0.2", "--port", port});
  auto asking = get_many(client, "http://some.test:" + port + "/x", 1);
  const Count all = co_await std::move(asking);
  CHECK(all == Count{{"127.0.0.2", 1}});
  CHECK(resets.requests_of("/x") == 1);
  auto next = get(client, "http://some.test:" + port + "/x");
  const Got got = co_await std::move(next);
  CHECK(got.ip == "127.0.0.2");
  CHECK(resets.requests_of("/x") == 1);  // now it is tried last

  Client poster(loop, ClientOptions(), peers_of({"127.0.0.1", "127.0.0.2"}));
  auto posting = get(poster, "http://some.test:" + port + "/x", "POST");
  const Got posted = co_await std::move(posting);
  CHECK(posted.what == "reset");  // the server may have carried it out
}

}  // namespace

TEST_CASE(
    "Client: an address that ends each connection without an answer is left for a GET, but not for a POST") {
  EventLoop loop;
  loop.run(reset_at_once(loop));
}

TEST_CASE("Client: spread connections go to all addresses that work, and to none that is dead") {
  const OriginProcess second({"--host", "127.0.0.2", "--port", std::to_string(origin().port())});
  ClientOptions options;
  options.spread = 0;
  EventLoop loop;
  Client both(loop, options, peers_of({"127.0.0.1", "127.0.0.2"}));
  CHECK(loop.run(get_many(both, at("some.test", "/delay/50"), 8)) ==
        Count{{"127.0.0.1", 4}, {"127.0.0.2", 4}});
  Client one_dead(loop, options, peers_of({"127.0.0.1", "127.0.0.3", "127.0.0.2"}));
  const Count all = loop.run(get_many(one_dead, at("some.test", "/delay/50"), 9));
  CHECK(all.count("127.0.0.3") == 0);
  CHECK(all.size() == 2);
}
