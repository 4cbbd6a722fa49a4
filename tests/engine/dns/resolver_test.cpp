#include "engine/dns/resolver.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/sleep.hpp"

using leat::Errc;
using leat::Error;
using leat::Result;
using namespace leat::async;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

// Look-ups that answer when the gate opens, and that are counted.
struct Names {
  std::promise<void> opener;
  std::shared_future<void> gate{opener.get_future()};
  std::atomic<int> calls{0};

  ResolverOptions options() {
    ResolverOptions made;
    made.lookup = [this, held = gate](const std::string& host) -> Result<Addresses> {
      ++calls;
      held.wait();
      if (host == "missing") {
        Error error(Errc::dns_failed, "no such name");
        error.retryable = false;
        return error;
      }
      if (host == "shaky") return Error(Errc::dns_failed, "try again");
      Addresses found;
      found.v4.push_back("127.0.0.1");
      return found;
    };
    return made;
  }
};

Task<void> expect(Resolver& resolver, std::string host, bool ok) {
  auto resolving = resolver.resolve(std::move(host), Duration(0));
  const auto answer = co_await std::move(resolving);
  CHECK(answer.ok() == ok);
}

Task<void> ask_together(EventLoop& loop, Names& names) {
  Resolver resolver(loop, names.options());
  std::vector<TaskHandle<void>> tasks;
  for (int i = 0; i < 300; ++i) tasks.push_back(spawn(expect(resolver, "a", true)));
  co_await yield();
  names.opener.set_value();
  for (auto& task : tasks) co_await task;
  CHECK(names.calls == 1);
  CHECK(resolver.cached("a") != nullptr);
  auto again = expect(resolver, "a", true);
  co_await std::move(again);
  CHECK(names.calls == 1);
}

Task<void> ask_for_missing(EventLoop& loop, Names& names) {
  names.opener.set_value();
  Resolver resolver(loop, names.options());
  for (int i = 0; i < 3; ++i) {
    auto missing = expect(resolver, "missing", false);
    co_await std::move(missing);
  }
  CHECK(names.calls == 1);
  for (int i = 0; i < 3; ++i) {
    auto shaky = expect(resolver, "shaky", false);
    co_await std::move(shaky);
  }
  CHECK(names.calls == 4);
}

Task<void> give_up(EventLoop& loop, Names& names, std::promise<void>& over) {
  ResolverOptions options = names.options();
  options.lookup = [&over, inner = options.lookup](const std::string& host) {
    auto answer = inner(host);
    over.set_value();
    return answer;
  };
  Resolver resolver(loop, std::move(options));
  auto resolving = resolver.resolve("slow", 20ms);
  const auto answer = co_await std::move(resolving);
  CHECK_FALSE(answer.ok());
  CHECK(answer.error().code == Errc::dns_timeout);
  while (names.calls == 0) co_await sleep_for(1ms);  // a thread that starts late would not look anything up
  auto waiting = spawn(expect(resolver, "slow", true));
  co_await yield();
  waiting.cancel();
  bool cancelled = false;
  try {
    co_await waiting;
  } catch (const Cancelled&) {
    cancelled = true;
  }
  CHECK(cancelled);
}

}  // namespace

TEST_CASE("Resolver: 300 callers that ask for one name share one look-up, and later callers get its answer") {
  Names names;
  EventLoop loop;
  loop.run(ask_together(loop, names));
}

TEST_CASE("Resolver: it remembers a missing name, but not a failure that may pass") {
  Names names;
  EventLoop loop;
  loop.run(ask_for_missing(loop, names));
}

TEST_CASE(
    "Resolver: a look-up that hangs times out, can be cancelled, and holds up neither the loop nor the "
    "destructor") {
  Names names;
  std::promise<void> over;
  EventLoop loop;
  loop.run(give_up(loop, names, over));
  names.opener.set_value();
  over.get_future().wait();  // the thread ends by itself, later than the Resolver
}

TEST_CASE("system_lookup: localhost has an address, and a name under .invalid has none") {
  auto local = system_lookup("localhost");
  REQUIRE(local.ok());
  CHECK_FALSE(local->empty());
  const auto none = system_lookup("nosuch.invalid");
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().code == Errc::dns_failed);
  CHECK(none.error().message.find("nosuch.invalid") != std::string::npos);
  CHECK(none.error().retryable == (none.error().message.find("emporary") != std::string::npos));
}

TEST_CASE("is_address: it tells addresses from names") {
  CHECK(is_address("127.0.0.1"));
  CHECK(is_address("[::1]"));
  CHECK_FALSE(is_address("localhost"));
  CHECK_FALSE(is_address("1.2.3.4.example"));
}
