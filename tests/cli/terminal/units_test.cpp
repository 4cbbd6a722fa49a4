#include "cli/terminal/units.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace leat::cli;
using namespace std::chrono_literals;
using leat::async::Duration;

TEST_CASE("format_bytes: it has one decimal from a kilobyte on, and is never 1000.0") {
  CHECK(format_bytes(0) == "0 B");
  CHECK(format_bytes(999) == "999 B");
  CHECK(format_bytes(1000) == "1.0 kB");
  CHECK(format_bytes(1234) == "1.2 kB");
  CHECK(format_bytes(999'949) == "999.9 kB");
  CHECK(format_bytes(999'950) == "1.0 MB");
  CHECK(format_bytes(1.2e6) == "1.2 MB");
  CHECK(format_bytes(5e18) == "5000.0 PB");
}

TEST_CASE("format_elapsed: it is as fine as its length needs") {
  CHECK(format_elapsed(Duration(0)) == "0.0 ms");
  CHECK(format_elapsed(1540us) == "1.5 ms");
  CHECK(format_elapsed(100ms) == "0.10 s");
  CHECK(format_elapsed(350ms) == "0.35 s");
  CHECK(format_elapsed(9999ms) == "10.0 s");
  CHECK(format_elapsed(12345ms) == "12.3 s");
  CHECK(format_elapsed(59990ms) == "1m00s");
  CHECK(format_elapsed(125s) == "2m05s");
  CHECK(format_elapsed(3600s) == "1h00m");
  CHECK(format_elapsed(2h + 3min) == "2h03m");
}
