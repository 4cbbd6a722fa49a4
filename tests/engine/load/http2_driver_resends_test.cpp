// Requests that an Http2Driver sends again: see http2_driver_test.cpp for all else.
#include <doctest/doctest.h>

#include <cstddef>
#include <string>

#include "tests/engine/load/http2_run.hpp"

using namespace leat::load_test;
using leat::Errc;

TEST_CASE("Http2Driver: a request beyond the last stream of a GOAWAY is sent again, also a POST") {
  for (const std::string behaviour : {"GoawayMiddle", "GoawayTwice"}) {
    for (const bool post : {false, true}) {
      CAPTURE(behaviour);
      CAPTURE(post);
      Run run(behaviour, 100, 4, 4);
      if (post) set_body(run.plan, "body");
      run.go();
      CHECK(run.result.totals.ok == 100);
      CHECK(run.counts["answers"] == 100);
      CHECK(run.counts["requests"] == 100 + run.counts["left_out"]);
      CHECK(run.counts["left_out"] > 0);
      CHECK(run.result.totals.resent == run.counts["left_out"]);
      CHECK(run.counts["connections"] >= 10);
    }
  }
}

TEST_CASE("Http2Driver: GOAWAY behind each request or each third one costs no request, however many wait") {
  for (const std::string behaviour : {"GoawayEach", "GoawayEachThird"}) {
    for (const std::size_t streams : {std::size_t{4}, std::size_t{16}}) {
      for (const bool post : {false, true}) {
        CAPTURE(behaviour);
        CAPTURE(streams);
        CAPTURE(post);
        Run run(behaviour, 120, 16, streams);
        if (post) set_body(run.plan, "body");
        run.go();
        CHECK(run.result.totals.ok == 120);
        CHECK(errors_of(run.result) == Errors());
        CHECK(run.counts["answers"] == 120);
        CHECK(run.counts["requests"] == 120 + run.counts["left_out"]);
        CHECK(run.result.totals.resent == run.counts["left_out"]);
      }
    }
  }
}

TEST_CASE(
    "Http2Driver: what a server that has sent GOAWAY closes without answering is sent again only if it is "
    "idempotent") {
  Run get("GoawayUnanswered", 90, 3, 3);
  get.go();
  CHECK(get.result.totals.ok == 90);
  CHECK(get.counts["answers"] == 90);
  CHECK(get.counts["unanswered"] > 0);
  CHECK(get.counts["requests"] == 90 + get.counts["unanswered"]);
  CHECK(get.result.totals.resent >= get.counts["unanswered"]);
  Run post("GoawayUnanswered", 90, 3, 3);
  set_body(post.plan, "body");
  post.go();
  CHECK(post.counts["unanswered"] > 0);
  CHECK(post.result.totals.ok == post.counts["answers"]);
  CHECK(post.result.totals.ok + post.counts["unanswered"] == 90);
  CHECK(errors_of(post.result) == Errors{{Errc::reset, post.counts["unanswered"]}});
}

TEST_CASE(
    "Http2Driver: a server that sends each connection away fails requests, and does not hold the run up") {
  Run always("GoawayAlways", 8, 2, 2);
  always.go();
  CHECK(errors_of(always.result) == Errors{{Errc::reset, 8}});
  CHECK(holds(example_of(always.result, Errc::reset), "GOAWAY"));
  Run first("GoawayFirst", 8, 2, 2);
  first.go();
  CHECK(errors_of(first.result) == Errors{{Errc::reset, 8}});
  CHECK(holds(example_of(first.result, Errc::reset), "ENHANCE_YOUR_CALM"));
  CHECK(first.counts["requests"] == 0);
}
