#include "engine/http/message/status_text.hpp"

#include <doctest/doctest.h>

using namespace leat::http;

TEST_CASE("Status text: it is the registered reason phrase, if there is one") {
  CHECK(status_text(404) == "HTTP 404 Not Found");
  CHECK(status_text(503) == "HTTP 503 Service Unavailable");
  CHECK(status_text(599) == "HTTP 599");
  CHECK(reason_of(0).empty());
}
