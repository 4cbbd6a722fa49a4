#include "engine/http/tls/wire.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <array>
#include <optional>
#include <string_view>
#include <thread>

#include "tests/support/loopback_pair.hpp"

using namespace leat::tests;
using namespace std::chrono_literals;
using Time = LoopbackPair::Time;

TEST_CASE("Wire: bytes that are received with a stamp say when they came, not when they were read") {
  const KernelStamps stamps;
  LoopbackPair pair;
  pair.wire.stamp_arrivals();
  std::array<char, 64> buffer{};
  std::optional<Time> arrived;
  for (const std::string_view bytes : {"first", "second"}) {
    const auto [sent, there] = pair.send_to_wire(bytes);
    std::this_thread::sleep_for(5ms);  // they lie there
    REQUIRE(pair.wire.receive_stamped(buffer.data(), buffer.size(), arrived) ==
            static_cast<long>(bytes.size()));
    CHECK(std::string_view(buffer.data(), bytes.size()) == bytes);
    REQUIRE(arrived);
    CHECK(*arrived >= sent);
    CHECK(*arrived <= there);
  }
}

TEST_CASE("Wire: bytes that were received in one piece have the time of the last one") {
  const KernelStamps stamps;
  LoopbackPair pair;
  pair.wire.stamp_arrivals();
  const auto first = pair.send_to_wire("first");
  const auto second = pair.send_to_wire("second");
  std::array<char, 64> buffer{};
  std::optional<Time> arrived;
  REQUIRE(pair.wire.receive_stamped(buffer.data(), buffer.size(), arrived) == 11);
  REQUIRE(arrived);
  CHECK(*arrived >= second.first);
  CHECK(*arrived >= first.second);
}

TEST_CASE(
    "Wire: no stamp is made up if there is none: if it was not asked for, if nothing is there, and at the "
    "end") {
  const KernelStamps stamps;
  LoopbackPair pair;
  std::array<char, 64> buffer{};
  std::optional<Time> arrived = 1ns;
  pair.send_to_wire("unasked");
  CHECK(pair.wire.receive_stamped(buffer.data(), buffer.size(), arrived) == 7);
  CHECK_FALSE(arrived);
  pair.wire.stamp_arrivals();
  pair.send_to_wire("asked");
  CHECK(pair.wire.receive_stamped(buffer.data(), buffer.size(), arrived) == 5);
  CHECK(arrived);
  shutdown(pair.far.get(), SHUT_WR);
  CHECK(pair.wire.receive_stamped(buffer.data(), buffer.size(), arrived) == 0);
  CHECK_FALSE(arrived);
}
