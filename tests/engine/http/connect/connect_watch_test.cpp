#include "engine/http/connect/connect_watch.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>

#include <string>
#include <vector>

#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"

using namespace leat::async;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

using Texts = std::vector<std::string>;

class Ends final : public ConnectWatch::Owner {
 public:
  int times = 0;

 private:
  bool connects_in_vain() noexcept override { return ++times > 0; }
};

sockaddr_in v4(const char* text) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, text, &address.sin_addr);
  return address;
}

void open(ConnectWatch& watch, const char* text) {
  const sockaddr_in address = v4(text);
  watch.opened(7, reinterpret_cast<const sockaddr&>(address));
}

ConnectBound patient(Duration patience, std::size_t untried) {
  ConnectBound bound;
  bound.patience = patience;
  bound.untried = untried;
  return bound;
}

Task<void> one_silent(EventLoop& loop) {
  Ends ends;
  ConnectWatch watch(loop, ends);
  watch.begin(patient(1s, 2));
  co_await sleep_for(1h);  // nothing was opened: a connection is used again
  CHECK(ends.times == 0);
  open(watch, "127.0.0.1");
  co_await sleep_for(999ms);
  CHECK(ends.times == 0);
  co_await sleep_for(3ms);
  CHECK(ends.times == 1);
  CHECK(watch.was_silent());
  CHECK(watch.tried() == Texts{"127.0.0.1"});
}

Task<void> each_anew(EventLoop& loop) {
  Ends ends;
  ConnectWatch watch(loop, ends);
  watch.begin(patient(1s, 3));
  for (const char* address : {"127.0.0.1", "127.0.0.2"}) {
    open(watch, address);
    co_await sleep_for(900ms);
  }
  CHECK(ends.times == 0);
  open(watch, "127.0.0.3");  // this is the last one: nobody waits after it
  co_await sleep_for(1h);
  CHECK(ends.times == 0);
  CHECK(watch.tried() == Texts{"127.0.0.1", "127.0.0.2", "127.0.0.3"});
  CHECK_FALSE(watch.was_silent());
}

Task<void> once_connected(EventLoop& loop) {
  Ends ends;
  ConnectWatch watch(loop, ends);
  watch.begin(patient(1s, 2));
  watch.connected("127.0.0.9");  // a connection that existed before
  CHECK(watch.used().empty());
  open(watch, "127.0.0.1");
  watch.connected("127.0.0.1");
  co_await sleep_for(1h);
  CHECK(ends.times == 0);
  CHECK(watch.used() == "127.0.0.1");
  watch.begin(patient(1s, 2));
  CHECK(watch.tried().empty());
  CHECK(watch.used().empty());
}

}  // namespace

TEST_CASE("ConnectWatch: a silent address ends the attempt if there is another address") {
  ManualClock clock;
  EventLoop loop(&clock);
  loop.run(one_silent(loop));
}

TEST_CASE("ConnectWatch: each address has a time limit of its own, and the last one has none") {
  ManualClock clock;
  EventLoop loop(&clock);
  loop.run(each_anew(loop));
}

TEST_CASE("ConnectWatch: nothing ends once the connection is made, and the address that took it is known") {
  ManualClock clock;
  EventLoop loop(&clock);
  loop.run(once_connected(loop));
}

TEST_CASE(
    "ConnectWatch: an IPv6 address is noted as text without brackets, and a Unix socket is no address") {
  EventLoop loop;
  Ends ends;
  ConnectWatch watch(loop, ends);
  watch.begin(ConnectBound());
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_addr = in6addr_loopback;
  watch.opened(7, reinterpret_cast<const sockaddr&>(six));
  sockaddr local{};
  local.sa_family = AF_UNIX;
  watch.opened(8, local);
  CHECK(watch.tried() == Texts{"::1"});
  CHECK(watch.sockets() == std::vector<int>{7, 8});
}
