#include "pipelines/expr/json_number.hpp"

#include <doctest/doctest.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>

using namespace leat::pipelines;

namespace {

std::string canonical(std::string_view number) {
  std::string out;
  append_canonical_number(out, number);
  return out;
}

std::string written(double value, int digits) {
  std::string text(400, ' ');
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific, digits - 1)
          .ptr;
  text.resize(static_cast<std::size_t>(end - text.data()));
  return text;
}

}  // namespace

TEST_CASE("json_number: numbers are compared by their values, not as doubles") {
  const std::string ascending[] = {"-1e401",
                                   "-1e400",
                                   "-9007199254740993",
                                   "-9007199254740992",
                                   "-1.5",
                                   "-1e-400",
                                   "0",
                                   "1e-401",
                                   "1e-400",
                                   "0.3",
                                   "0.30000000000000000001",
                                   "1",
                                   "1.0000000000000000000001",
                                   "9007199254740992",
                                   "9007199254740993",
                                   "1e400",
                                   "1.5e400",
                                   "1e99999999999999999999"};
  for (const auto& a : ascending) {
    for (const auto& b : ascending) {
      CAPTURE(a);
      CAPTURE(b);
      CHECK((compare_numbers(a, b) < 0) == (&a < &b));
      CHECK((compare_numbers(a, b) == 0) == (&a == &b));
    }
  }
  for (const char* one : {"1", "1.0", "1.000", "1e0", "10e-1", "0.1e1", "1E+00"}) {
    for (const char* other : {"1", "1.0", "1.000", "1e0", "10e-1", "0.1e1", "1E+00"}) {
      CHECK(compare_numbers(one, other) == 0);
    }
  }
  CHECK(compare_numbers("0", "-0.0") == 0);
  CHECK(compare_numbers("0e5", "-0e-7") == 0);
}

TEST_CASE("json_number: a double keeps what was written from it, and no other long number") {
  for (const char* kept :
       {"0", "-0.0", "1", "1.10", "100", "0.1", "1e2", "9007199254740992", "-9007199254740992",
        "10000000000000000", "12345678901234567000", "1.7976931348623157e308", "5e-324",
        "0.10000000000000001", "0.30000000000000004", "1e22", "123456789012345"}) {
    CAPTURE(kept);
    CHECK(fits_double(kept));
  }
  for (const char* changed :
       {"9007199254740993", "-9007199254740993", "12345678901234567890", "1e400", "-1e400", "1e-400",
        "3.14159265358979323846", "0.30000000000000000001", "18446744073709551615"}) {
    CAPTURE(changed);
    CHECK_FALSE(fits_double(changed));
  }
  std::mt19937_64 random(7);
  for (int round = 0; round < 20'000; ++round) {
    double value = 0;
    const std::uint64_t bits = random();
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    CHECK(fits_double(written(value, 17)));
    const bool normal = std::fabs(value) >= std::numeric_limits<double>::min();
    if (normal) CHECK(fits_double(written(value, 15)));
  }
}

TEST_CASE("json_number: a value has one spelling, and another value has another") {
  CHECK(canonical("1.0") == "1");
  CHECK(canonical("10e-1") == "1");
  CHECK(canonical("-0.0") == "0");
  CHECK(canonical("100") == "100");
  CHECK(canonical("1e2") == "100");
  CHECK(canonical("1.10") == "1.1");
  CHECK(canonical("0.0010") == "0.001");
  CHECK(canonical("9007199254740993") == "9007199254740993");
  CHECK(canonical("-12.50e1") == "-125");
  CHECK(canonical("1e400") == "1e400");
  CHECK(canonical("10e399") == "1e400");
  CHECK(canonical("0.1e-400") == "1e-401");
  CHECK(canonical("1e-400") != canonical("1e-401"));
}

TEST_CASE("json_number: sums are doubles where those suffice, and exact for integers") {
  CHECK(add_numbers("0.1", "0.2") == "0.30000000000000004");
  CHECK(add_numbers("1", "2.50") == "3.5");
  CHECK(add_numbers("9007199254740993", "1") == "9007199254740994");
  CHECK(add_numbers("9007199254740992", "1") == "9007199254740993");  // of which doubles have only the parts
  CHECK(add_numbers("-9223372036854775807", "-1") == "-9223372036854775808");
  CHECK(add_numbers("50000000000000000", "50000000000000000") == "1e+17");  // as jq writes it
  CHECK_FALSE(add_numbers("9007199254740993", "0.5"));
  CHECK_FALSE(add_numbers("9223372036854775807", "9223372036854775807"));
  CHECK_FALSE(add_numbers("1e400", "1"));
}

TEST_CASE("json_number: the first number that a double would change is found, but none in a string") {
  CHECK(find_too_exact(R"({"a":[1,2.50,1e2],"9007199254740993":"9007199254740993 \" 1e400"})").empty());
  CHECK(find_too_exact(R"({"a":[1,-9007199254740993,1e400]})") == "-9007199254740993");
  CHECK(find_too_exact("1e400") == "1e400");
  CHECK(find_too_exact("").empty());
  CHECK(find_too_exact("\"\\").empty());
}
