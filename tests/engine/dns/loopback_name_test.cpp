#include "engine/dns/loopback_name.hpp"

#include <doctest/doctest.h>

using leat::http::is_loopback_name;
using leat::http::loopback_addresses;

TEST_CASE(
    "loopback names: localhost and all names below it count, with a dot at the end or without, and no other "
    "names") {
  for (const char* name : {"localhost", "localhost.", "a.localhost", "a.b.localhost", "a.localhost."}) {
    CAPTURE(name);
    CHECK(is_loopback_name(name));
  }
  for (const char* name : {"", ".", "localhost.example", "mylocalhost", "localhos", "host", "localhost.."}) {
    CAPTURE(name);
    CHECK_FALSE(is_loopback_name(name));
  }
}

TEST_CASE("loopback names: each has an address of both families") {
  CHECK(loopback_addresses().v4 == std::vector<std::string>{"127.0.0.1"});
  CHECK(loopback_addresses().v6 == std::vector<std::string>{"::1"});
}
