#include "engine/http/connect/host_slots.hpp"

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

using leat::http::HostSlots;

TEST_CASE("HostSlots: a host's next transfer goes where the last one left its connection open") {
  HostSlots slots(16);
  std::optional<HostSlots::Lease> first(slots.lease("http://a:80"));
  const std::size_t shard = first->shard();
  first.reset();
  for (int i = 0; i < 100; ++i) CHECK(slots.lease("http://a:80").shard() == shard);
}

TEST_CASE("HostSlots: a slot is cold until its transfer says that it found a connection") {
  HostSlots slots(16);
  {
    HostSlots::Lease first = slots.lease("http://a:80");
    CHECK_FALSE(first.is_warm());
    first.set_warm(true);
  }
  std::optional<HostSlots::Lease> again(slots.lease("http://a:80"));
  CHECK(again->is_warm());
  CHECK_FALSE(slots.lease("http://a:80").is_warm());  // another slot
  CHECK_FALSE(slots.lease("http://b:80").is_warm());
  again->set_warm(false);
  again.reset();
  CHECK_FALSE(slots.lease("http://a:80").is_warm());
}

TEST_CASE("HostSlots: a busy host is spread over the shards, four transfers to each") {
  HostSlots slots(16);
  std::vector<HostSlots::Lease> leases;
  std::map<std::size_t, int> load;
  for (int i = 0; i < 64; ++i) {
    leases.push_back(slots.lease("http://a:80"));
    ++load[leases.back().shard()];
  }
  CHECK(load.size() == 16);
  for (const auto& [shard, count] : load) CHECK(count == 4);
}

TEST_CASE("HostSlots: a new host begins at the shard that is named, and a known host stays where it is") {
  HostSlots slots(4);
  CHECK(slots.lease("http://a:80", 2).shard() == 2);
  CHECK(slots.lease("http://a:80", 3).shard() == 2);
  CHECK(slots.lease("http://b:80", 3).shard() == 3);
}

TEST_CASE("HostSlots: idle hosts are forgotten, busy ones are kept") {
  HostSlots slots(4);
  const HostSlots::Lease busy = slots.lease("http://busy:80");
  for (int i = 0; i < 50'000; ++i) {
    const auto lease = slots.lease("http://" + std::to_string(i));
    REQUIRE(lease.shard() < 4);
  }
  CHECK(slots.hosts() < 20'000);
}

TEST_CASE("HostSlots: transfers that share connections stay in their host's first shard") {
  HostSlots slots(16);
  std::vector<HostSlots::Lease> leases;
  for (int i = 0; i < 20; ++i) leases.push_back(slots.lease("https://a:443", 3, true));
  for (const auto& lease : leases) CHECK(lease.shard() == 3);
}
