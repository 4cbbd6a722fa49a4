#include "engine/http/connect/connect_to.hpp"

#include <doctest/doctest.h>

using leat::http::ConnectTo;

TEST_CASE("ConnectTo: the first entry that fits host and port counts, and an empty part stays as it is") {
  const ConnectTo to(
      {"A.test:80:B.test:8080", "a.test:443:[::1]:", "a.test:::81", "d.test:80::", "::c.test:"});
  CHECK(to.of("http://a.test:80") == "http://b.test:8080");
  CHECK(to.of("https://a.test:443") == "https://[::1]:443");
  CHECK(to.of("http://a.test:8080") == "http://a.test:81");
  CHECK(to.of("http://x.test:8080") == "http://c.test:8080");
  CHECK(to.of("http://d.test:80") == "http://c.test:80");  // libcurl looks further if nothing is replaced
}

TEST_CASE("ConnectTo: without an entry that fits, an origin stays as it is") {
  CHECK(ConnectTo({}).of("http://a.test:80") == "http://a.test:80");
  const ConnectTo to({"[::1]:80:b.test:81"});
  CHECK(to.of("http://a.test:80") == "http://a.test:80");
  CHECK(to.of("http://[::1]:81") == "http://[::1]:81");
  CHECK(to.of("http://[::1]:80") == "http://b.test:81");
}
