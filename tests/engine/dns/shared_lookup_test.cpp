#include "engine/dns/shared_lookup.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

using leat::Errc;
using leat::Error;
using leat::Result;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

Addresses loopback() {
  Addresses found;
  found.v4.push_back("127.0.0.1");
  return found;
}

}  // namespace

TEST_CASE("SharedLookup: threads that want a name at the same time share one look-up") {
  std::atomic<int> calls{0};
  std::promise<void> opener;
  const std::shared_future<void> gate = opener.get_future();
  const SharedLookup lookup(
      [&](const std::string&) -> Result<Addresses> {
        ++calls;
        gate.wait();
        return loopback();
      },
      60s);
  std::atomic<int> answered{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto answer = lookup("a");
      if (answer.ok() && answer.value().v4.size() == 1) ++answered;
    });
  }
  opener.set_value();
  for (auto& thread : threads) thread.join();
  CHECK(calls == 1);
  CHECK(answered == 8);
}

TEST_CASE("SharedLookup: an answer is given again, with its age, until it is too old") {
  int calls = 0;
  const auto count = [&](const std::string&) -> Result<Addresses> {
    ++calls;
    return loopback();
  };
  const SharedLookup kept(count, 1h);
  CHECK(kept("a").value().age == 0s);
  CHECK(kept("a").value().age > 0s);
  CHECK(kept("b").ok());
  CHECK(calls == 2);
  const SharedLookup forgotten(count, 0s);
  CHECK(forgotten("a").ok());
  CHECK(forgotten("a").ok());
  CHECK(calls == 4);
}

TEST_CASE("SharedLookup: a failure is not kept") {
  int calls = 0;
  const SharedLookup lookup(
      [&](const std::string&) -> Result<Addresses> {
        if (++calls == 1) return Error(Errc::dns_failed, "try again");
        return loopback();
      },
      1h);
  CHECK_FALSE(lookup("a").ok());
  CHECK(lookup("a").ok());
}
