#include "engine/dns/fixed_addresses.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using leat::http::FixedAddresses;

TEST_CASE("FixedAddresses: a host and port have the addresses that were given for them last") {
  const FixedAddresses fixed(
      {"A.example:80:10.0.0.1", "a.example:443:10.0.0.1,[::2],10.0.0.3", "+a.example:80:10.0.0.9"});
  REQUIRE(fixed.find("a.example:80") != nullptr);
  CHECK(fixed.find("a.example:80")->v4 == std::vector<std::string>{"10.0.0.9"});
  CHECK(fixed.find("a.example:443")->v4 == std::vector<std::string>{"10.0.0.1", "10.0.0.3"});
  CHECK(fixed.find("a.example:443")->v6 == std::vector<std::string>{"::2"});
  CHECK(fixed.find("a.example:8080") == nullptr);
  CHECK(fixed.find("b.example:80") == nullptr);
}

TEST_CASE(
    "FixedAddresses: the family of the first address goes first, and IPv6 is written as sockets show it") {
  const FixedAddresses fixed({"four:80:10.0.0.1,::2", "six:80:0:0:0:0:0:0:0:2,10.0.0.1"});
  CHECK(fixed.find("four:80")->v4_first);
  CHECK_FALSE(fixed.find("six:80")->v4_first);
  CHECK(fixed.find("six:80")->v6 == std::vector<std::string>{"::2"});
}

TEST_CASE("FixedAddresses: * stands for every host that has no addresses of its own") {
  const FixedAddresses fixed({"*:80:10.0.0.1", "a.example:80:::1"});
  CHECK(fixed.find("b.example:80")->v4.size() == 1);
  CHECK(fixed.find("a.example:80")->v6 == std::vector<std::string>{"::1"});
  CHECK(fixed.find("b.example:81") == nullptr);
}

TEST_CASE("FixedAddresses: an error says what is wrong with an entry") {
  for (const char* entry :
       {"", "a", "a:80", "a:b:10.0.0.1", ":80:10.0.0.1", "a:80:", "a:80:host", "a:80:10.0.0.1,"}) {
    CAPTURE(entry);
    CHECK(FixedAddresses::check(entry).has_value());
  }
  CHECK_FALSE(FixedAddresses::check("[::1]:80:10.0.0.1").has_value());
}
