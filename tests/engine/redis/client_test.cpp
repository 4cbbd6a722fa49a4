#include "engine/redis/client.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/gather.hpp"
#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"
#include "engine/async/wait_for.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/process.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat;
using namespace leat::async;
using namespace leat::redis;
using namespace std::chrono_literals;
using leat::tests::RedisServer;

namespace {

ClientOptions options_of(const std::string& url) {
  auto parsed = parse_redis_url(url);
  REQUIRE_MESSAGE(parsed.ok(), parsed.error().message);
  return ClientOptions(std::move(*parsed));
}

Result<Replies> ask(EventLoop& loop, Client& client, std::vector<Command> commands) {
  return loop.run(client.call(std::move(commands)));
}

Error error_of(EventLoop& loop, ClientOptions options) {
  Client client(loop, std::move(options));
  auto replies = ask(loop, client, {{"PING"}});
  REQUIRE(!replies.ok());
  return replies.error();
}

}  // namespace

TEST_CASE("redis::Client: commands of one call are sent at once, and their replies come in their order") {
  const RedisServer server;
  EventLoop loop;
  Client client(loop, options_of(server.url() + "?db=3"));
  const auto replies =
      ask(loop, client, {{"SET", "k", "v"}, {"GET", "k"}, {"INCR", "n"}, {"LPUSH", "k", "x"}});
  REQUIRE(replies.ok());
  REQUIRE(replies.value().size() == 4);
  CHECK(replies.value()[0].text == "OK");
  CHECK(replies.value()[1].text == "v");
  CHECK(replies.value()[2].integer == 1);
  CHECK(replies.value()[3].error_code() == "WRONGTYPE");
  CHECK(client.error_of(replies.value()[3]).message.find(server.socket()) != std::string::npos);
  CHECK(client.connections() == 1);
  CHECK(client.calls() == 2);  // the first of them greets
  CHECK(server.ask({"-n", "3", "GET", "k"}) == "v");
}

TEST_CASE("redis::Client: calls of several tasks take their turns on one connection") {
  const RedisServer server;
  EventLoop loop;
  Client client(loop, options_of(server.url()));
  std::vector<Task<Result<Replies>>> tasks;
  for (int i = 0; i < 20; ++i) tasks.push_back(client.call({{"INCR", "n"}}));
  const auto all = loop.run(gather(std::move(tasks)));
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i].value()[0].integer == static_cast<int>(i) + 1);
  CHECK(client.connections() == 1);
}

TEST_CASE("redis::Client: eight megabytes in one call goes there and comes back whole") {
  const RedisServer server;
  EventLoop loop;
  Client client(loop, options_of(server.url()));
  const std::string large(8u << 20, 'x');
  const auto replies = ask(loop, client, {{"SET", "k", large}, {"GET", "k"}, {"GET", "k"}});
  REQUIRE(replies.ok());
  CHECK(replies.value()[1].text == large);
  CHECK(replies.value()[2].text == large);
}

TEST_CASE("redis::Client: a password is sent, and a wrong or missing one is said without being shown") {
  const RedisServer server({"--requirepass", "right"});
  EventLoop loop;
  auto options = options_of(server.url());
  const Error missing = error_of(loop, options);
  CHECK(missing.code == Errc::bad_input);
  CHECK(missing.message.find("NOAUTH") != std::string::npos);
  CHECK(missing.message.find("redis://user:pass@host") != std::string::npos);
  options.url.password = "wr0ng";
  const Error wrong = error_of(loop, options);
  CHECK(wrong.message.find("WRONGPASS") != std::string::npos);
  CHECK(wrong.message.find("wr0ng") == std::string::npos);
  CHECK_FALSE(wrong.retryable);
  options.url.password = "right";
  Client client(loop, options);
  CHECK(ask(loop, client, {{"PING"}}).value()[0].text == "PONG");
}

TEST_CASE("redis::Client: a database that is not there is refused, and nothing is done in another one") {
  const RedisServer server;
  EventLoop loop;
  const Error error = error_of(loop, options_of(server.url() + "?db=99"));
  CHECK(error.code == Errc::bad_input);
  CHECK(error.message.find("DB index is out of range") != std::string::npos);
}

TEST_CASE("redis::Client: what is no Redis server is said") {
  const tests::TempDir dir;
  tests::Process other({"python3", "-c",
                        "import socket, sys\n"
                        "server = socket.socket(socket.AF_UNIX)\n"
                        "server.bind(sys.argv[1])\n"
                        "server.listen()\n"
                        "print('up', flush=True)\n"
                        "peer = server.accept()[0]\n"
                        "peer.sendall(b'HTTP/1.1 400 Bad Request\\r\\n\\r\\n')\n"
                        "while peer.recv(99): pass\n",
                        dir / "other.sock"});
  REQUIRE(other.read_line() == "up");
  EventLoop loop;
  const Error error = error_of(loop, options_of("unix:" + dir / "other.sock"));
  CHECK(error.code == Errc::bad_response);
  CHECK(error.message.find("no Redis server") != std::string::npos);
}

TEST_CASE(
    "redis::Client: a server that is not there is an error at once for call, and after its time for insist") {
  EventLoop loop;
  const tests::TempDir dir;
  Client client(loop, options_of("unix:" + dir / "none.sock"));
  const auto replies = ask(loop, client, {{"PING"}});
  REQUIRE(!replies.ok());
  CHECK(replies.error().retryable);
  CHECK(replies.error().message.find("none.sock") != std::string::npos);
  const TimePoint began = loop.now();
  const auto insisted = loop.run(client.insist({{"PING"}}, 400ms));
  CHECK(!insisted.ok());
  CHECK(loop.now() - began >= 150ms);
  CHECK(loop.now() - began < 5s);
}

TEST_CASE("redis::Client: a server that was killed and started again is found again, and its data with it") {
  RedisServer server;
  EventLoop loop;
  Client client(loop, options_of(server.url()));
  REQUIRE(ask(loop, client, {{"SET", "k", "v"}}).ok());
  server.kill();
  CHECK_FALSE(ask(loop, client, {{"GET", "k"}}).ok());
  server.start();
  const auto replies = loop.run(client.insist({{"GET", "k"}}, 20s));
  REQUIRE(replies.ok());
  CHECK(replies.value()[0].text == "v");
}

TEST_CASE("redis::Client: a connection that ended while nobody used it is replaced without an error") {
  RedisServer server;
  EventLoop loop;
  Client client(loop, options_of(server.url()));
  REQUIRE(ask(loop, client, {{"SET", "k", "v"}}).ok());
  server.kill();
  server.start();
  CHECK(ask(loop, client, {{"GET", "k"}}).value()[0].text == "v");
  CHECK(client.connections() == 2);
}

TEST_CASE(
    "redis::Client: a server that is stopped is left after the time limit, and does as before when it goes "
    "on") {
  const RedisServer server;
  EventLoop loop;
  auto options = options_of(server.url());
  options.answer_limit = 200ms;
  options.connect_limit = 200ms;
  Client client(loop, options);
  REQUIRE(ask(loop, client, {{"SET", "k", "v"}}).ok());
  server.pause();
  const auto late = ask(loop, client, {{"GET", "k"}});
  REQUIRE(!late.ok());
  CHECK(late.error().code == Errc::timeout);
  CHECK(late.error().message.find("200ms") != std::string::npos);
  CHECK_FALSE(ask(loop, client, {{"GET", "k"}}).ok());
  server.go_on();
  CHECK(loop.run(client.insist({{"GET", "k"}}, 20s)).value()[0].text == "v");
}

TEST_CASE("redis::Client: a connection that lay long is asked first, so that a dead one costs no call") {
  const RedisServer server;
  EventLoop loop;
  auto options = options_of(server.url());
  options.idle_limit = 0ms;
  Client client(loop, options);
  REQUIRE(ask(loop, client, {{"PING"}}).ok());
  const auto calls = client.calls();
  REQUIRE(ask(loop, client, {{"PING"}}).ok());
  CHECK(client.calls() == calls + 2);
}

TEST_CASE("redis::Client: a call that is cancelled leaves no answer behind for the next one") {
  const RedisServer server;
  EventLoop loop;
  Client client(loop, options_of(server.url()));
  const auto body = [](Client& c) -> Task<void> {
    auto blocking = spawn(c.call({{"BLPOP", "nothing", "0"}}, 60s), "blocked");
    while (c.calls() < 2) co_await sleep_for(1ms);
    blocking.cancel();
    try {
      static_cast<void>(co_await blocking);
    } catch (const Cancelled&) {
    }
    auto calling = c.call({{"ECHO", "mine"}});
    const auto replies = co_await std::move(calling);
    CHECK(replies.value()[0].text == "mine");
  };
  loop.run(body(client));
  CHECK(client.connections() == 2);
}

TEST_CASE(
    "redis::Client: without memory a command is tried again until there is some, and no other is repeated") {
  const RedisServer server({"--maxmemory-policy", "noeviction"});
  REQUIRE(server.ask({"CONFIG", "SET", "maxmemory", "1"}) == "OK");
  EventLoop loop;
  Client client(loop, options_of(server.url()));
  const auto refused = loop.run(client.insist({{"SET", "k", "v"}}, 200ms));
  REQUIRE(refused.ok());
  CHECK(refused.value()[0].error_code() == "OOM");
  CHECK(client.error_of(refused.value()[0]).message.find("maxmemory") != std::string::npos);
  const auto body = [](Client& c, const RedisServer& s) -> Task<void> {
    auto insisting = spawn(c.insist({{"DEL", "k"}, {"SET", "k", "v"}}, 20s), "insists");
    const auto before = c.calls();
    while (c.calls() < before + 2) co_await sleep_for(1ms);
    CHECK(s.ask({"CONFIG", "SET", "maxmemory", "0"}) == "OK");
    const auto replies = co_await insisting;
    CHECK(replies.value()[0].integer == 0);
    CHECK(replies.value()[1].text == "OK");
  };
  loop.run(body(client, server));
  CHECK(server.ask({"INFO", "commandstats"}).find("cmdstat_del:calls=1,") != std::string::npos);
}

TEST_CASE("redis::Client: a replica that takes no writes is named, and not tried again") {
  const RedisServer server({"--replicaof", "127.0.0.1", "1"});
  EventLoop loop;
  Client client(loop, options_of(server.url()));
  const auto replies = loop.run(client.insist({{"SET", "k", "v"}}, 20s));
  REQUIRE(replies.ok());
  CHECK(replies.value()[0].error_code() == "READONLY");
  CHECK(client.error_of(replies.value()[0]).message.find("its master") != std::string::npos);
}

TEST_CASE("redis::Client: TLS is spoken to a server whose certificate is trusted, and to no other") {
  const tests::Certificates made;
  const std::string port = tests::free_port();
  const RedisServer server({"--tls-port", port, "--tls-cert-file", made.certificate(), "--tls-key-file",
                            made.key(), "--tls-ca-cert-file", made.certificate(), "--tls-auth-clients",
                            "no"});
  EventLoop loop;
  const std::string url = "rediss://127.0.0.1:" + port;
  const Error untrusted = error_of(loop, options_of(url));
  CHECK(untrusted.code == Errc::tls_untrusted);
  Client client(loop, options_of(url + "?cacert=" + made.certificate()));
  const std::string large(300'000, 'y');
  const auto replies = ask(loop, client, {{"SET", "k", large}, {"GET", "k"}});
  REQUIRE_MESSAGE(replies.ok(), replies.error().message);
  CHECK(replies.value()[1].text == large);
}
