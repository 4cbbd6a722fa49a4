#include "cli/bench/hdr_encoding.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace leat::cli;
using leat::load::Histogram;

namespace {

// What HdrHistogram 2.1.11 for Java writes for a histogram (1, 2^43 - 1, 3) of 37 i^2 for i from 1 to 1000,
// of 300 times 5, and of 1,000,000 times 123456789.
constexpr const char* kOfJava =
    "HISTFAAAAe14nJWRP2gTURzH7/e5XM8QQgjlCCWWICIiEqSIBJFSRERERERERJxEioiIg4M6qFQHcXDI0KmDgzgUcRKnIk4O4uSg"
    "4CBO4iAaHJxE3737k3fvXq4xn3z//d4SyNZ7w1nP2+J7ySdL8bzwb/xZ+pkc6h9ri3wSfsBKjdWA9RlehQxnGNXYCHhT46nPW5+R"
    "zy+fNXgGr+E9fIXf8E7i7wfhs/BNGAl/hBX4LjwUHglDYVVYEx4LT4R14bnwQngpbAjLXFAsc4nLXOEq17iuuMEtbivuCveFixzi"
    "sOKI4qjiGMcVJxQnFac4rTjDWc05zisG9NnDgtYCe1P2KQ2UDzT7Uw4oFrWWtGIOarYpetoTtmtl7NDK2KmVsUsrYbdW7H2dfa2E"
    "eTpEio5Wx8gOc7knmsuzm65uLpv5XJnH9Izs5Z7RSmnmzaZtZFFtI8vMWp4o83GaREZGaYvyHRlp0qZOQymjUchGqY1ltnI2HLtp"
    "vTUd2Sy0scxWTrtntJyrZXmxJf9oSKAVVLbJMt3erjRbeU1HfcKqO9P2YquW6ea2l7uVVxUBviLxMvY9cPaqFky5gspdbMGm12DT"
    "q93KV9ervez7pFZe5T3NS5HwP95CZ69qxQzTX+Zpsix219X1ar+N80v3zoOb/wC5/G+C";

Histogram same_as_java() {
  Histogram histogram;
  for (std::uint64_t i = 1; i <= 1000; ++i) histogram.record(i * i * 37);
  histogram.record_many(5, 300);
  histogram.record_many(123456789, 1000000);
  return histogram;
}

void check_alike(const Histogram& a, const Histogram& b) {
  REQUIRE(a.count() == b.count());
  for (const double p : {0.01, 0.05, 0.1, 1.0, 50.0, 99.0, 100.0}) {
    CAPTURE(p);
    const auto want = static_cast<double>(a.percentile(p).value);
    CHECK(static_cast<double>(b.percentile(p).value) == doctest::Approx(want).epsilon(0.001));
  }
}

}  // namespace

TEST_CASE("hdr: a histogram that HdrHistogram's own tool wrote is read") {
  const auto histogram = decode_hdr(kOfJava);
  REQUIRE(histogram);
  check_alike(same_as_java(), *histogram);
}

TEST_CASE("hdr: a histogram that is written is read back, bucket for bucket") {
  std::mt19937_64 random(9);
  std::lognormal_distribution<double> time(14, 2);
  Histogram histogram;
  for (int i = 0; i < 50'000; ++i) histogram.record(static_cast<std::uint64_t>(time(random)));
  const auto back = decode_hdr(encode_hdr(histogram));
  REQUIRE(back);
  std::vector<std::pair<std::size_t, std::uint64_t>> want;
  std::vector<std::pair<std::size_t, std::uint64_t>> got;
  histogram.for_each([&](const Histogram::Bucket& bucket) { want.emplace_back(bucket.index, bucket.count); });
  back->for_each([&](const Histogram::Bucket& bucket) { got.emplace_back(bucket.index, bucket.count); });
  CHECK(want == got);
  check_alike(same_as_java(), *decode_hdr(encode_hdr(same_as_java())));
  const auto none = decode_hdr(encode_hdr(Histogram()));
  REQUIRE(none);
  CHECK(none->total() == 0);
}

TEST_CASE("hdr: counts of every size survive, and so do the longest times") {
  Histogram histogram;
  for (unsigned bits = 0; bits < 60; bits += 7)
    histogram.record_many(std::uint64_t{bits} + 1, std::uint64_t{1} << bits);
  histogram.record(Histogram::kMost);
  const auto back = decode_hdr(encode_hdr(histogram));
  REQUIRE(back);
  CHECK(back->count() == histogram.count());
  CHECK(back->max() > Histogram::kMost / 1024 * 1023);
}

TEST_CASE("hdr: any other text gives no histogram") {
  const std::string good = encode_hdr(same_as_java());
  CHECK_FALSE(decode_hdr(""));
  CHECK_FALSE(decode_hdr("no base64!"));
  CHECK_FALSE(decode_hdr("AAAA"));
  CHECK_FALSE(decode_hdr(good.substr(0, good.size() - 8)));
  for (std::size_t at = 0; at < good.size(); at += 3) {  // it never crashes
    std::string bad = good;
    bad[at] = bad[at] == 'A' ? 'B' : 'A';
    (void)decode_hdr(bad);
  }
}
