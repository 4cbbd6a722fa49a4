#include "engine/http/gate/retry_on.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat;
using namespace leat::http;

namespace {

RetryOn parsed(std::string_view list) {
  auto on = parse_retry_on(list);
  REQUIRE(on.ok());
  return std::move(*on);
}

}  // namespace

TEST_CASE("RetryOn: a list names statuses, classes of statuses and error codes") {
  const RetryOn on = parsed("404, 5xx,truncated");
  CHECK(on.has_status(404));
  CHECK_FALSE(on.has_status(403));
  CHECK(on.has_status(500));
  CHECK(on.has_status(599));
  CHECK_FALSE(on.has_status(499));
  CHECK(on.has_code(Errc::truncated));
  CHECK_FALSE(on.has_code(Errc::reset));
}

TEST_CASE("RetryOn: an empty list names nothing") {
  const RetryOn on = parsed("");
  CHECK_FALSE(on.has_status(503));
  CHECK_FALSE(on.has_code(Errc::reset));
}

TEST_CASE(
    "RetryOn: all means every status of 400 and more and every failure of the network, but none of this "
    "machine") {
  const RetryOn on = parsed("all");
  CHECK(on.has_status(400));
  CHECK(on.has_status(599));
  CHECK_FALSE(on.has_status(302));
  CHECK(on.has_code(Errc::bad_response));
  CHECK(on.has_code(Errc::tls_untrusted));
  CHECK_FALSE(on.has_code(Errc::disk_full));
  CHECK_FALSE(on.has_code(Errc::bad_url));
  CHECK_FALSE(on.has_code(Errc::cancelled));
}

TEST_CASE("RetryOn: anything else is refused by name") {
  for (const std::string word : {"40", "4040", "0xx", "4x4", "disk_full", "often", "5XY"}) {
    CAPTURE(word);
    const auto refused = parse_retry_on("503," + word);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == Errc::bad_input);
    CHECK(refused.error().message.find('"' + word + '"') != std::string::npos);
  }
  CHECK_FALSE(parse_retry_on("404,,500").ok());
  CHECK_FALSE(parse_retry_on("404,").ok());
}
