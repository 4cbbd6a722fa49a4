#include "engine/text/units.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace leat::text;
using namespace std::chrono_literals;
using Duration = std::chrono::nanoseconds;

TEST_CASE("parse_duration: a plain number is seconds, as in curl") {
  CHECK(parse_duration("0") == Duration(0));
  CHECK(parse_duration("30") == Duration(30s));
  CHECK(parse_duration("0.5") == Duration(500ms));
}

TEST_CASE("parse_duration: it takes every unit, in upper or lower case, with decimals") {
  CHECK(parse_duration("30s") == Duration(30s));
  CHECK(parse_duration("250ms") == Duration(250ms));
  CHECK(parse_duration("250us") == Duration(250us));
  CHECK(parse_duration("2m") == Duration(2min));
  CHECK(parse_duration("10min") == Duration(10min));
  CHECK(parse_duration("1.5h") == Duration(90min));
  CHECK(parse_duration("1d") == Duration(24h));
  CHECK(parse_duration("5S") == Duration(5s));
}

TEST_CASE("parse_duration: it adds up several units, the larger ones first") {
  CHECK(parse_duration("1m30s") == Duration(90s));
  CHECK(parse_duration("1h30min500ms") == Duration(90min + 500ms));
  CHECK(parse_duration("1d2h") == Duration(26h));
  CHECK(parse_duration("0h1s") == Duration(1s));
}

TEST_CASE("parse_duration: it refuses a text that is no time") {
  for (const char* text : {"",     "s",      "ms",    "-1",  "+1",   "1 s", " 1",         "1s ",  "1.",
                           ".5",   "1..5",   "1.5.5", "1e3", "0x10", "inf", "nan",        "1m30", "30s1m",
                           "1m1m", "1m30s5", "1ms1",  "1w",  "5ss",  "1,5", "99999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
  CHECK_FALSE(parse_duration(std::string(400, '9')).has_value());
}

TEST_CASE("parse_rate: it counts per second, minute or hour, and refuses a text that is no rate") {
  CHECK(parse_rate("50/s") == 50.0);
  CHECK(parse_rate("50") == 50.0);
  CHECK(parse_rate("2.5/s") == 2.5);
  CHECK(parse_rate("120/min").value() == doctest::Approx(2.0));
  CHECK(parse_rate("7200/h").value() == doctest::Approx(2.0));
  for (const char* text :
       {"", "0", "0/s", "-1/s", "5/", "5/day", "/s", "5 /s", "5s", "1e3/s", "99999999999/s"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rate(text).has_value());
  }
}

TEST_CASE("parse_size: units with B are powers of 1000, and those with iB or alone are powers of 1024") {
  CHECK(parse_size("0") == 0u);
  CHECK(parse_size("4096") == 4096u);
  CHECK(parse_size("10B") == 10u);
  CHECK(parse_size("4k") == 4096u);
  CHECK(parse_size("4K") == 4096u);
  CHECK(parse_size("4kB") == 4000u);
  CHECK(parse_size("10MB") == 10'000'000u);
  CHECK(parse_size("16MiB") == 16u << 20);
  CHECK(parse_size("1.5M") == 3u << 19);
  CHECK(parse_size("2G") == std::uint64_t{2} << 30);
  CHECK(parse_size("2gb") == 2'000'000'000u);
  CHECK(parse_size("1TiB") == std::uint64_t{1} << 40);
}

TEST_CASE("parse_size: it keeps every digit of a plain number and refuses one that does not fit") {
  CHECK(parse_size("9223372036854775807") == 9223372036854775807u);
  CHECK(parse_size("9007199254740993") == 9007199254740993u);
  for (const char* text :
       {"", "k", "-1", "10 MB", "10XB", "9223372036854775808", "8388608T", "1e9", "10MBs", "1.k"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_size(text).has_value());
  }
}

TEST_CASE("parse_count: it takes decimal digits within limits, and thousands and millions") {
  CHECK(parse_count("1", 1, 65535) == 1u);
  CHECK(parse_count("65535", 1, 65535) == 65535u);
  CHECK(parse_count("007", 1, 65535) == 7u);
  CHECK(parse_count("1k", 1, 65535) == 1000u);
  CHECK(parse_count("2M", 1, 5'000'000) == 2'000'000u);
  CHECK(parse_count("1e6", 1, 5'000'000) == 1'000'000u);
  CHECK(parse_count("5e0", 1, 65535) == 5u);
  for (const auto* bad : {"1e", "e6", "1e-3", "1e+3", "1e999", "1e20", "2e19", "1e3k", "1ek"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_count(bad, 1, UINT64_MAX));
  }
  for (const char* text : {"", "0", "65536", "-1", "+1", "1 ", " 1", "1.0", "1M", "66k", "k", "1K", "1kk",
                           "18446744073709552k", "99999999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_count(text, 1, 65535).has_value());
  }
}

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

TEST_CASE("Times and rates have three digits and their unit") {
  CHECK(format_nanoseconds(812) == "812 ns");
  CHECK(format_nanoseconds(85'200) == "85.2 us");
  CHECK(format_nanoseconds(1'534'000) == "1.53 ms");
  CHECK(format_nanoseconds(999'600) == "1.00 ms");
  CHECK(format_nanoseconds(231'000'000) == "231 ms");
  CHECK(format_nanoseconds(61e9) == "61.0 s");
  CHECK(format_rate(9.531) == "9.53/s");
  CHECK(format_rate(0.5) == "0.50/s");
  CHECK(format_rate(1.0 / 60) == "1.00/min");
  CHECK(format_rate(1.0 / 3600) == "1.00/h");
  CHECK(format_rate(0) == "0.00/s");
  CHECK(format_rate(18'123.4) == "18,123/s");
  CHECK(format_count(0) == "0");
  CHECK(format_count(1'234'567) == "1,234,567");
}

TEST_CASE("format_in_largest_unit: a time is written in the largest unit of which it is a whole number") {
  CHECK(format_in_largest_unit(0s) == "0");
  CHECK(format_in_largest_unit(1h) == "1h");
  CHECK(format_in_largest_unit(90min) == "90min");
  CHECK(format_in_largest_unit(90s) == "90s");
  CHECK(format_in_largest_unit(60s) == "1min");
  CHECK(format_in_largest_unit(1500us) == "1500us");
  CHECK(format_in_largest_unit(250ms) == "250ms");
  CHECK(format_in_largest_unit(7ns) == "7ns");
}
