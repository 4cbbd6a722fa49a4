#include "engine/dns/private_address.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using leat::http::is_private;

TEST_CASE("is_private: loopback, private, link-local, shared, multicast and reserved addresses are private") {
  for (const char* address :
       {"127.0.0.1",      "127.255.255.255", "0.0.0.0",    "10.1.2.3",        "172.16.0.1", "172.31.255.255",
        "192.168.0.1",    "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8",  "198.18.0.1",
        "198.19.255.255", "203.0.113.5",     "224.0.0.1",  "255.255.255.255", "::",         "::1",
        "fe80::1",        "fe80::1%eth0",    "fc00::1",    "fdff::1",         "fec0::1",    "ff02::1",
        "2001:db8::1",    "2001::1",         "100::1"}) {
    CAPTURE(address);
    CHECK(is_private(address));
  }
}

TEST_CASE("is_private: an IPv4 address inside an IPv6 one counts as that IPv4 address") {
  for (const char* address :
       {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::127.0.0.1", "2002:7f00:1::", "::127.0.0.1"}) {
    CAPTURE(address);
    CHECK(is_private(address));
  }
  for (const char* address : {"::ffff:93.184.216.34", "64:ff9b::93.184.216.34", "2002:5db8:d822::"}) {
    CAPTURE(address);
    CHECK_FALSE(is_private(address));
  }
}

TEST_CASE("is_private: public addresses are not private") {
  for (const char* address :
       {"93.184.216.34", "8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1",
        "192.167.255.255", "198.17.255.255", "198.20.0.0", "223.255.255.255",
        "2606:2800:220:1:248:1893:25c8:1946", "2001:4860:4860::8888"}) {
    CAPTURE(address);
    CHECK_FALSE(is_private(address));
  }
}

TEST_CASE("is_private: a text that is no address counts as private") {
  CHECK(is_private(""));
  CHECK(is_private("/run/socket"));
}
