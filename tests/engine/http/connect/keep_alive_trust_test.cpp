#include "engine/http/connect/keep_alive_trust.hpp"

#include <doctest/doctest.h>

using leat::async::TimePoint;
using leat::http::KeepAliveTrust;
using Use = KeepAliveTrust::Use;
using namespace std::chrono_literals;

TEST_CASE("KeepAliveTrust: before the first answer no connection may be used") {
  const KeepAliveTrust trust;
  CHECK(trust.use(TimePoint(1s)) == Use::none);
  CHECK_FALSE(trust.tested_from());
}

TEST_CASE(
    "KeepAliveTrust: after the first answer a connection is tested, and a connection that was used twice is "
    "proof") {
  KeepAliveTrust trust;
  trust.answered(false, TimePoint(1s));
  trust.answered(false, TimePoint(2s));
  CHECK(trust.use(TimePoint(2s)) == Use::tested);
  CHECK(trust.tested_from() == TimePoint(1s) + KeepAliveTrust::kTest);
  trust.answered(true, TimePoint(3s));
  CHECK(trust.use(TimePoint(3s)) == Use::any);
}

TEST_CASE(
    "KeepAliveTrust: a host that was seen to close connections is not relied on for a while, and then tested "
    "again") {
  KeepAliveTrust trust;
  trust.answered(true, TimePoint(1s));
  trust.closed(TimePoint(2s));
  CHECK(trust.use(TimePoint(2s)) == Use::none);
  CHECK(trust.use(TimePoint(2s) + KeepAliveTrust::kDoubt - 1ns) == Use::none);
  CHECK(trust.use(TimePoint(2s) + KeepAliveTrust::kDoubt) == Use::tested);
  trust.answered(true, TimePoint(3s));
  CHECK(trust.use(TimePoint(2s) + KeepAliveTrust::kDoubt) == Use::any);
}
