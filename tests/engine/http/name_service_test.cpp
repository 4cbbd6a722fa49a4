#include "engine/http/name_service.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/http/client.hpp"
#include "tests/support/origin_process.hpp"

using leat::Errc;
using leat::Error;
using leat::Result;
using leat::Status;
using namespace leat::async;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

NameOptions answers(std::vector<std::string> v4, std::vector<std::string> v6 = {}) {
  NameOptions options;
  options.lookup = [v4 = std::move(v4), v6 = std::move(v6)](const std::string& host) -> Result<Addresses> {
    if (host == "missing.test") return Error(Errc::dns_failed, "no such name");
    Addresses found;
    found.v4 = v4;
    found.v6 = v6;
    return found;
  };
  return options;
}

// What a transfer in that shard is to be given.
Task<std::string> asked(NameService& names, std::string origin, std::size_t shard) {
  auto preparing = names.prepare(origin, Duration(0));
  auto prepared = co_await std::move(preparing);
  REQUIRE(prepared.ok());
  co_return names.inject(origin, shard, std::move(*prepared));
}

Task<void> tell_each_shard(EventLoop& loop) {
  NameService names(loop, answers({"192.0.2.1", "192.0.2.2"}, {"2001:db8::1"}));
  const std::string origin = "http://a.test:80";
  CHECK_FALSE(names.is_known(origin));
  auto first = asked(names, origin, 0);
  CHECK(co_await std::move(first) == "+a.test:80:[2001:db8::1],192.0.2.1");
  CHECK(names.is_known(origin));
  CHECK(names.inject(origin, 0, Injection()).empty());
  CHECK(names.inject(origin, 63, Injection()) == "+a.test:80:[2001:db8::1],192.0.2.1");
  CHECK(names.inject(origin, 63, Injection()).empty());
  auto other_port = asked(names, "http://a.test:81", 0);
  CHECK(co_await std::move(other_port) == "+a.test:81:[2001:db8::1],192.0.2.1");
}

Task<void> turn_to_the_next(EventLoop& loop) {
  NameService names(loop, answers({"192.0.2.1", "192.0.2.2"}));
  const std::string origin = "http://a.test:80";
  for (const std::size_t shard : {0U, 1U}) {
    auto telling = asked(names, origin, shard);
    CHECK(co_await std::move(telling) == "+a.test:80:192.0.2.1");
  }
  names.failed(origin);
  CHECK_FALSE(names.is_known(origin));
  for (const std::size_t shard : {0U, 1U}) {
    auto telling = asked(names, origin, shard);
    CHECK(co_await std::move(telling) == "+a.test:80:192.0.2.2");
  }
  CHECK(names.is_known(origin));
}

Task<void> leave_alone(EventLoop& loop) {
  NameService names(loop, answers({"192.0.2.1"}));
  for (const std::string origin : {"http://192.0.2.7:80", "http://[::1]:80", "http://b%61d.test:80"}) {
    CAPTURE(origin);
    CHECK(names.is_known(origin));
    CHECK(names.inject(origin, 0, Injection()).empty());
  }
  auto failing = names.prepare("http://missing.test:80", Duration(0));
  const auto missing = co_await std::move(failing);
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().code == Errc::dns_failed);
}

Task<void> tell_what_is_pinned(EventLoop& loop) {
  NameOptions options = answers({"192.0.2.1"});
  options.fixed = FixedAddresses({"a.test:80:192.0.2.9"});
  NameService names(loop, std::move(options));
  for (const std::size_t shard : {0U, 1U}) {
    auto telling = asked(names, "http://a.test:80", shard);
    CHECK(co_await std::move(telling) == "+a.test:80:192.0.2.9");
  }
  CHECK(names.is_known("http://a.test:80"));
  CHECK(names.inject("http://a.test:80", 1, Injection()).empty());
}

class Discard final : public BodySink {
 public:
  Status begin(const ResponseHead&) override { return std::nullopt; }
  Status write(std::string_view) override { return std::nullopt; }
};

Task<int> ask(Client& client, std::string url) {
  const Request request(std::move(url));
  Discard sink;
  auto performing = client.perform(request, sink);
  const auto response = co_await std::move(performing);
  co_return response.ok() ? response.value().head.status : 0;
}

// `.test` resolves nowhere (RFC 6761), so that a shard which was told nothing fails.
Task<void> ask_by_name(EventLoop& loop, std::string port) {
  ClientOptions options;
  options.jobs = 40;
  ClientPeers peers;
  peers.lookup = answers({"127.0.0.1"}).lookup;
  Client client(loop, options, std::move(peers));
  for (int round = 0; round < 2; ++round) {
    std::vector<TaskHandle<int>> tasks;
    for (int i = 0; i < 80; ++i) {
      const std::string name = i % 2 == 0 ? "all.test" : "n" + std::to_string(i) + ".test";
      tasks.push_back(spawn(ask(client, "http://" + name + ":" + port + "/delay/20")));
    }
    for (auto& task : tasks) CHECK(co_await task == 200);
  }
}

}  // namespace

TEST_CASE("NameService: each shard is told of a name's addresses once") {
  EventLoop loop;
  loop.run(tell_each_shard(loop));
}

TEST_CASE("NameService: after a failed connection every shard is told the next address") {
  EventLoop loop;
  loop.run(turn_to_the_next(loop));
}

TEST_CASE("NameService: every shard is told of a pinned address, and nothing is looked up") {
  EventLoop loop;
  loop.run(tell_what_is_pinned(loop));
}

TEST_CASE("NameService: addresses and what libcurl rewrites are left alone, a missing name is dns_failed") {
  EventLoop loop;
  loop.run(leave_alone(loop));
}

TEST_CASE("Client: names are resolved by its own lookup alone, in whichever shard a transfer runs") {
  leat::tests::OriginProcess origin;
  const std::string url = origin.url("");
  EventLoop loop;
  loop.run(ask_by_name(loop, url.substr(url.rfind(':') + 1)));
}
