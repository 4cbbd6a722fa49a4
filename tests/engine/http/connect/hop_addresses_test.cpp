#include "engine/http/connect/hop_addresses.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <doctest/doctest.h>
#include <netinet/in.h>

#include <string>
#include <utility>
#include <vector>

using leat::Errc;
using leat::Error;
using leat::Result;
using leat::Status;
using namespace leat::async;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

constexpr Duration kNone{0};

NameOptions two_addresses() {
  NameOptions options;
  options.lookup = [](const std::string& host) -> Result<Addresses> {
    Addresses found;
    if (host == "peer.test") found.v4 = {"192.0.2.1", "192.0.2.2"};
    if (host != "peer.test") found.v4 = {"192.0.2.7"};
    return found;
  };
  options.fixed = FixedAddresses({"pinned.test:80:192.0.2.9"});
  return options;
}

class Patient final : public ConnectWatch::Owner {
  bool connects_in_vain() noexcept override { return false; }
};

void open(ConnectWatch& watch, const ConnectBound& bound, const char* text) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, text, &address.sin_addr);
  watch.begin(bound);
  watch.opened(3, reinterpret_cast<const sockaddr&>(address));
}

Error refused() {
  Error error(Errc::connect_refused, "refused");
  error.curl_code = CURLE_COULDNT_CONNECT;
  return error;
}

using Entries = std::vector<std::string>;

Task<void> find(HopAddresses& addresses) {
  auto finding = addresses.find(1s);
  const Status none = co_await std::move(finding);
  CHECK_FALSE(none);
  CHECK_FALSE(addresses.are_known());  // not before a transfer has been told of it
}

Task<void> one_after_the_other(EventLoop& loop) {
  NameService names(loop, two_addresses());
  const std::string origin = "http://some.test:80";
  HopAddresses addresses(names, origin, "http://peer.test:81", 10s);
  Patient owner;
  ConnectWatch watch(loop, owner);
  auto finding = find(addresses);
  co_await std::move(finding);
  auto route = addresses.next(0, true, kNone, loop.now());
  CHECK(route.entries == Entries{"peer.test:81:192.0.2.1"});
  CHECK(addresses.are_known());
  open(watch, route.bound, "192.0.2.1");
  CHECK(addresses.goes_on(watch, refused(), false, loop.now()));
  route = addresses.next(0, true, kNone, loop.now());
  CHECK(route.entries == Entries{"peer.test:81:192.0.2.2"});
  open(watch, route.bound, "192.0.2.2");
  watch.connected("192.0.2.2");
  addresses.connected(watch);
  HopAddresses later(names, origin, "http://peer.test:81", 10s);
  CHECK(later.next(0, true, kNone, loop.now()).entries == Entries{"peer.test:81:192.0.2.2"});
}

Task<void> not_for_everything(EventLoop& loop) {
  NameService names(loop, two_addresses());
  const std::string origin = "http://peer.test:80";
  HopAddresses addresses(names, origin, "", 10s);
  Patient owner;
  ConnectWatch watch(loop, owner);
  auto finding = find(addresses);
  co_await std::move(finding);
  const auto route = addresses.next(0, true, kNone, loop.now());
  watch.begin(route.bound);
  CHECK_FALSE(addresses.goes_on(watch, refused(), false, loop.now()));  // nothing was tried
  open(watch, route.bound, "192.0.2.1");
  const Error untrusted(Errc::tls_untrusted, "no");
  CHECK_FALSE(addresses.goes_on(watch, untrusted, false, loop.now()));
  CHECK(addresses.next(0, true, kNone, loop.now()).entries == Entries{"peer.test:80:192.0.2.1"});
  CHECK_FALSE(addresses.goes_on(watch, refused(), true, loop.now()));
  CHECK(addresses.next(0, true, kNone, loop.now()).entries == Entries{"peer.test:80:192.0.2.2"});
}

Task<void> pinned_beside(EventLoop& loop) {
  NameService names(loop, two_addresses());
  const std::string origin = "http://pinned.test:80";
  HopAddresses addresses(names, origin, "http://proxy.test:1080", 10s);
  auto finding = find(addresses);
  co_await std::move(finding);
  CHECK(addresses.next(0, true, kNone, loop.now()).entries ==
        Entries{"proxy.test:1080:192.0.2.7", "pinned.test:80:192.0.2.9"});
}

}  // namespace

TEST_CASE(
    "HopAddresses: a hop goes on from an address that refuses to the next one, and later hops begin there") {
  EventLoop loop;
  loop.run(one_after_the_other(loop));
}

TEST_CASE("HopAddresses: a hop goes on only if an address is to blame and its request may be sent again") {
  EventLoop loop;
  loop.run(not_for_everything(loop));
}

TEST_CASE(
    "HopAddresses: what a user pinned for a URL's host is told together with the addresses of its proxy") {
  EventLoop loop;
  loop.run(pinned_beside(loop));
}
