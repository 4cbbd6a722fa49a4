#include "pipelines/spec/arg_type.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat::pipelines;

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

ArgRow row(ArgType type) {
  ArgRow made;
  made.type = type;
  return made;
}

template <class T>
T good(const ArgRow& taker, const std::string& text) {
  const auto result = read_type(taker, text);
  REQUIRE(result.has_value());
  REQUIRE(std::holds_alternative<T>(result->value));
  return std::get<T>(result->value);
}

bool is_good(ArgType type, const std::string& text) { return read_type(row(type), text).has_value(); }

}  // namespace

TEST_CASE("read_type: it reads numbers with their units") {
  CHECK(good<std::uint64_t>(row(ArgType::count), "50") == 50);
  CHECK(good<std::uint64_t>(row(ArgType::count), "100k") == 100'000);
  CHECK(good<std::uint64_t>(row(ArgType::count), "2M") == 2'000'000);
  CHECK(good<std::uint64_t>(row(ArgType::size), "16MiB") == 16u << 20);
  CHECK(good<std::uint64_t>(row(ArgType::size), "10mb") == 10'000'000);
  CHECK(good<std::uint64_t>(row(ArgType::duration), "250ms") == 250'000'000);
  CHECK(good<std::uint64_t>(row(ArgType::duration), "30") == 30 * kSecond);
  CHECK(good<double>(row(ArgType::rate), "120/min") == doctest::Approx(2.0));
  CHECK(good<double>(row(ArgType::fraction), "0.25") == 0.25);
  CHECK(good<double>(row(ArgType::fraction), "10%") == 0.1);
  CHECK(good<bool>(row(ArgType::flag), "true"));
  for (const char* text : {"", "-1", "1.5", "k", "99999999999999999999", "99999999999999999k", " 1"}) {
    CHECK_FALSE(is_good(ArgType::count, text));
  }
  for (const char* text : {"", ".", "%", "1.1", "101%", "-0.1", "1e-3", "nan", "0x1"}) {
    CHECK_FALSE(is_good(ArgType::fraction, text));
  }
}

TEST_CASE("read_type: statuses are codes, classes and ranges") {
  const auto ranges = good<std::vector<StatusRange>>(row(ArgType::statuses), "4xx,503,500-502");
  REQUIRE(ranges.size() == 3);
  CHECK(ranges[0].first == 400);
  CHECK(ranges[0].last == 499);
  CHECK(ranges[1].first == 503);
  CHECK(ranges[1].last == 503);
  CHECK(ranges[2].last == 502);
  for (const char* text :
       {"", "4x", "xx", "0xx", "99", "1000", "500-", "500-400", "4xx,", ",4xx", "4xx 5xx"}) {
    CHECK_FALSE(is_good(ArgType::statuses, text));
  }
}

TEST_CASE("read_type: lists have no empty entries, and headers have a name") {
  CHECK(good<std::vector<std::string>>(row(ArgType::list), "a,b c,d") ==
        std::vector<std::string>{"a", "b c", "d"});
  CHECK(good<std::vector<std::string>>(row(ArgType::list), "url,x=meta[\"a,b\"]") ==
        std::vector<std::string>{"url", "x=meta[\"a,b\"]"});
  for (const char* text : {"", ",", "a,", ",a", "a,,b"}) CHECK_FALSE(is_good(ArgType::list, text));
  for (const char* text : {"Accept: x", "X-Empty;", "Host:"}) CHECK(is_good(ArgType::header, text));
  for (const char* text : {"", "Accept", ": x", "A b: c", "A: b\r\nC: d"}) {
    CHECK_FALSE(is_good(ArgType::header, text));
  }
}

TEST_CASE("takes_in_place_of: if only the range is wrong, it is told in the largest unit that fits") {
  auto made = row(ArgType::duration);
  made.least = 1'000'000;
  made.most = 90 * 60 * kSecond;
  CHECK(takes_in_place_of(made, "2h") == "a time from 1ms to 90min");
  CHECK(takes_in_place_of(made, "soon") == takes(made));
  made.most = UINT64_MAX;
  CHECK(takes_in_place_of(made, "1us") == "a time of at least 1ms");
  made = row(ArgType::size);
  made.most = 3u << 20;
  CHECK(takes_in_place_of(made, "4MiB") == "a size of at most 3MiB");
  made = row(ArgType::count);
  made.least = 1;
  CHECK(takes(made) == "a whole number of at least 1");
  CHECK(takes_in_place_of(made, "0") == takes(made));
}

TEST_CASE("arg_type: the limits of a count are written as they are read, and other types have none") {
  ArgRow limits = row(ArgType::count);
  CHECK(count_limits(limits).empty());
  limits.most = 100;
  CHECK(count_limits(limits) == "0 to 100");
  limits.least = 1;
  limits.most = 65535;
  CHECK(count_limits(limits) == "1 to 65535");
  limits.most = 10'000'000;
  CHECK(count_limits(limits) == "1 to 10M");
  limits.most = UINT32_MAX;
  CHECK(count_limits(limits).empty());
  limits.most = 1'000'000'000'000;
  CHECK(takes(limits) == "a whole number from 1 to 1e12");
  limits.type = ArgType::size;
  CHECK(count_limits(limits).empty());
}
