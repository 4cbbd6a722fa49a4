#include "engine/dns/name_service.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/async/sleep.hpp"
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

std::string entry_of(const Told& told) { return told.entries.empty() ? "" : told.entries.at(0); }

// What a transfer in that shard has to be told.
Task<std::string> asked(NameService& names, std::string origin, std::size_t shard, bool connects = true) {
  auto preparing = names.prepare(origin, Duration(0));
  auto prepared = co_await std::move(preparing);
  REQUIRE(prepared.ok());
  co_return entry_of(names.inject(origin, shard, std::move(*prepared), connects));
}

Task<void> tell_each_shard(EventLoop& loop) {
  NameService names(loop, answers({"192.0.2.1", "192.0.2.2"}, {"2001:db8::1"}));
  const std::string origin = "http://a.test:80";
  const std::string entry = "a.test:80:[2001:db8::1],192.0.2.1";
  CHECK_FALSE(names.is_known(origin));
  auto first = asked(names, origin, 0);
  CHECK(co_await std::move(first) == entry);
  CHECK(names.is_known(origin));
  CHECK(entry_of(names.inject(origin, 0, Injection(), false)).empty());
  CHECK(names.inject(origin, 0, Injection(), false).addresses == 3);
  CHECK(entry_of(names.inject(origin, 0, Injection(), true)) == entry);
  CHECK(entry_of(names.inject(origin, 63, Injection(), false)) == entry);
  CHECK(entry_of(names.inject(origin, 63, Injection(), false)).empty());
  auto other_port = asked(names, "http://a.test:81", 0);
  CHECK(co_await std::move(other_port) == "a.test:81:[2001:db8::1],192.0.2.1");
}

// The order in which the addresses of http://a.test:80 are tried now.
std::string order(NameService& names) {
  const std::string entry = entry_of(names.inject("http://a.test:80", 0, Injection(), true));
  return entry.substr(entry.find(":80:") + 4);
}

Task<void> put_last(EventLoop& loop) {
  NameOptions options = answers({"192.0.2.1", "192.0.2.2", "192.0.2.3"}, {"2001:db8::1"});
  options.ttl = 24h;
  NameService names(loop, std::move(options));
  const std::string origin = "http://a.test:80";
  auto first = asked(names, origin, 0);
  CHECK(co_await std::move(first) == "a.test:80:[2001:db8::1],192.0.2.1");
  names.tried(origin, {"2001:db8::1", "192.0.2.1", "192.0.2.2"}, "192.0.2.2");
  CHECK(names.is_known(origin));  // whoever found it out tells nobody to wait
  CHECK(entry_of(names.inject(origin, 0, Injection(), false)) == "a.test:80:192.0.2.2,[2001:db8::1]");
  co_await sleep_for(1s);
  names.tried(origin, {"192.0.2.2", "2001:db8::1"}, "");
  CHECK(order(names) == "192.0.2.3,[2001:db8::1]");
  names.tried(origin, {"192.0.2.3"}, "");
  CHECK(order(names) == "192.0.2.1,[2001:db8::1]");  // the one that failed first comes first
  names.tried(origin, {"192.0.2.1"}, "192.0.2.1");
  CHECK(order(names) == "192.0.2.1,[2001:db8::1]");
  co_await sleep_for(31s);
  CHECK(order(names) == "[2001:db8::1],192.0.2.1");
  auto other_port = asked(names, "http://a.test:81", 0);
  names.tried(origin, {"192.0.2.1"}, "");
  CHECK(co_await std::move(other_port) == "a.test:81:[2001:db8::1],192.0.2.1");
}

Task<void> alone(EventLoop& loop) {
  NameService names(loop, answers({"192.0.2.1"}));
  const std::string origin = "http://a.test:80";
  auto first = asked(names, origin, 0);
  CHECK(co_await std::move(first) == "a.test:80:192.0.2.1");
  names.tried(origin, {"192.0.2.1"}, "");
  CHECK(names.is_known(origin));
  CHECK(entry_of(names.inject(origin, 0, Injection(), false)).empty());
}

Task<void> spread(EventLoop& loop) {
  NameOptions options = answers({"192.0.2.1", "192.0.2.2", "192.0.2.3"});
  options.spread = 1;
  NameService names(loop, std::move(options));
  auto first = asked(names, "http://a.test:80", 0);
  CHECK(co_await std::move(first) == "a.test:80:192.0.2.2");
  for (const char* last : {"3", "1", "2", "3"}) CHECK(order(names) == std::string("192.0.2.") + last);
  names.tried("http://a.test:80", {"192.0.2.2", "192.0.2.3"}, "192.0.2.3");
  for (const char* last : {"1", "3", "1", "3"}) CHECK(order(names) == std::string("192.0.2.") + last);
}

Task<void> localhost(EventLoop& loop) {
  NameOptions options;
  options.lookup = [](const std::string&) -> Result<Addresses> { return Error(Errc::dns_failed, "asked"); };
  options.fixed = FixedAddresses({"mine.localhost:80:192.0.2.9"});
  NameService names(loop, std::move(options));
  for (const std::string host : {"localhost", "a.localhost", "localhost."}) {
    CAPTURE(host);
    auto telling = asked(names, "http://" + host + ":80", 0);
    CHECK(co_await std::move(telling) == host + ":80:[::1],127.0.0.1");
    CHECK(names.is_known("http://" + host + ":80"));
  }
  auto pinned = asked(names, "http://mine.localhost:80", 0);
  CHECK(co_await std::move(pinned) == "mine.localhost:80:192.0.2.9");
}

Task<void> fail_for(EventLoop& loop, WireOptions::Ip ip, std::string origin, std::string words) {
  NameOptions options = ip == WireOptions::Ip::v6 ? answers({"192.0.2.1"}) : answers({}, {"2001:db8::1"});
  options.ip = ip;
  options.fixed = FixedAddresses({"pinned.test:80:192.0.2.9"});
  NameService names(loop, std::move(options));
  CHECK_FALSE(names.is_known(origin));
  auto preparing = names.prepare(origin, Duration(0));
  const auto prepared = co_await std::move(preparing);
  REQUIRE_FALSE(prepared.ok());
  CHECK(prepared.error().code == Errc::dns_failed);
  CHECK_FALSE(prepared.error().retryable);
  CHECK_MESSAGE(prepared.error().message.find(words) == 0, prepared.error().message);
}

Task<void> one_family(EventLoop& loop) {
  NameOptions options = answers({"192.0.2.1", "192.0.2.1"}, {"2001:db8::1"});
  options.ip = WireOptions::Ip::v4;
  NameService names(loop, std::move(options));
  auto telling = asked(names, "http://a.test:80", 0);
  CHECK(co_await std::move(telling) == "a.test:80:192.0.2.1");
  CHECK(names.is_known("http://192.0.2.7:80"));
}

Task<void> leave_alone(EventLoop& loop) {
  NameService names(loop, answers({"192.0.2.1"}));
  for (const std::string origin : {"http://192.0.2.7:80", "http://[::1]:80", "http://b%61d.test:80"}) {
    CAPTURE(origin);
    CHECK(names.is_known(origin));
    CHECK(entry_of(names.inject(origin, 0, Injection(), true)).empty());
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
    CHECK(co_await std::move(telling) == "a.test:80:192.0.2.9");
  }
  CHECK(names.is_known("http://a.test:80"));
  CHECK(entry_of(names.inject("http://a.test:80", 1, Injection(), false)).empty());
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

// `.test` resolves nowhere (RFC 6761), so a shard that was told nothing fails.
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

TEST_CASE(
    "NameService: each shard is told the first address of each family once, and a caller that connects "
    "itself is told every time") {
  EventLoop loop;
  loop.run(tell_each_shard(loop));
}

TEST_CASE(
    "NameService: addresses that gave no connection come last for a while, the latest failure at the end") {
  ManualClock clock;
  EventLoop loop(&clock);
  loop.run(put_last(loop));
}

TEST_CASE("NameService: a failure says nothing about a name that has only one address") {
  EventLoop loop;
  loop.run(alone(loop));
}

TEST_CASE("NameService: spread connections begin in turn with each address that works") {
  EventLoop loop;
  loop.run(spread(loop));
}

TEST_CASE("NameService: localhost has both loopback addresses and is not looked up, unless it is pinned") {
  EventLoop loop;
  loop.run(localhost(loop));
}

TEST_CASE(
    "NameService: a host without an address of the wanted family is an error that says so, and is not "
    "retried") {
  EventLoop loop;
  loop.run(fail_for(loop, WireOptions::Ip::v6, "http://a.test:80", "a.test has no IPv6 address"));
  loop.run(fail_for(loop, WireOptions::Ip::v6, "http://pinned.test:80", "pinned.test has no IPv6 address"));
  loop.run(fail_for(loop, WireOptions::Ip::v6, "http://127.0.0.1:80", "127.0.0.1 has no IPv6 address"));
  loop.run(fail_for(loop, WireOptions::Ip::v4, "http://a.test:80", "a.test has no IPv4 address"));
  loop.run(fail_for(loop, WireOptions::Ip::v4, "http://[::1]:80", "[::1] has no IPv4 address"));
}

TEST_CASE("NameService: only addresses of the wanted family are told, each once") {
  EventLoop loop;
  loop.run(one_family(loop));
}

TEST_CASE("NameService: every shard is told of a pinned address, and nothing is looked up") {
  EventLoop loop;
  loop.run(tell_what_is_pinned(loop));
}

TEST_CASE(
    "NameService: addresses and names that libcurl rewrites are left alone, and a missing name is "
    "dns_failed") {
  EventLoop loop;
  loop.run(leave_alone(loop));
}

TEST_CASE("Client: names are resolved only by its own look-up, whichever shard a transfer runs in") {
  leat::tests::OriginProcess origin;
  const std::string url = origin.url("");
  EventLoop loop;
  loop.run(ask_by_name(loop, url.substr(url.rfind(':') + 1)));
}
