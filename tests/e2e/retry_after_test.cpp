// Servers that are overloaded and say so: see tests/e2e/faults, Status, DNS, TLS.
#include <doctest/doctest.h>

#include <chrono>
#include <ctime>
#include <string>
#include <vector>

#include "tests/support/one_fetch.hpp"
#include "tests/support/origin_process.hpp"

using namespace leat::tests;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

// A path whose first request is answered with that status and Retry-After, and later ones with ok.
std::string overloaded(const std::string& status, const std::string& retry_after) {
  static int last = 0;
  return origin().url("/flaky/1/" + std::to_string(++last) + "/x?status=" + status +
                      "&retry-after=" + retry_after);
}

std::string http_date(std::time_t when) {
  std::tm parts{};
  gmtime_r(&when, &parts);
  char text[64];
  const auto size = std::strftime(text, sizeof text, "%a,%%20%d%%20%b%%20%Y%%20%H:%M:%S%%20GMT", &parts);
  return {text, size};
}

}  // namespace

TEST_CASE("Retry-After: seconds and a date in the future are waited for") {
  for (const std::string status : {"429", "503"}) {
    for (const bool date : {false, true}) {
      CAPTURE(status);
      CAPTURE(date);
      const auto before = Clock::now();
      // A date has whole seconds, so two seconds from now are more than one.
      const OneFetch got(overloaded(status, date ? http_date(std::time(nullptr) + 3) : "2"),
                         {"--retry", "1"});
      CHECK(got.outcome() == "ok");
      CHECK(got.attempts() == 2);
      CHECK(Clock::now() - before >= 1900ms);
    }
  }
}

TEST_CASE("Retry-After: a fraction of a second is rounded up and waited for") {
  const auto before = Clock::now();
  const OneFetch got(overloaded("503", "1.5"), {"--retry", "1"});
  CHECK(got.outcome() == "ok");
  CHECK(got.attempts() == 2);
  CHECK(Clock::now() - before >= 1900ms);
}

TEST_CASE(
    "Retry-After: a POST that is answered 429, or 503 with Retry-After, was not carried out and is sent "
    "again") {
  CHECK(OneFetch(overloaded("429", "1"), {"--retry", "1", "-d", "x"}).outcome() == "ok");
  CHECK(OneFetch(overloaded("503", "1"), {"--retry", "1", "-d", "x"}).outcome() == "ok");
  CHECK(OneFetch(overloaded("502", "1"), {"--retry", "1", "-d", "x"}).attempts() == 1);
}

TEST_CASE("Retry-After: a value in the past, a malformed one and a negative one are ignored") {
  for (const std::string value : {"0", "-5", "soon", "", "Thu,%2001%20Jan%201970%2000:00:00%20GMT"}) {
    CAPTURE(value);
    const OneFetch got(overloaded("503", value), {"--retry", "1"});
    CHECK(got.outcome() == "ok");
    CHECK(got.attempts() == 2);
  }
}

TEST_CASE("Retry-After: a value beyond --retry-max-time is not waited for, and the record fails at once") {
  for (const std::string& value :
       {std::string("3600"), std::string("99999999999999999999"), http_date(std::time(nullptr) + 86400),
        std::string("Fri,%2031%20Dec%209999%2023:59:59%20GMT")}) {
    CAPTURE(value);
    const auto before = Clock::now();
    const OneFetch got(overloaded("503", value), {"--retry", "5", "--retry-max-time", "30s"});
    CHECK(got.code() == "http_status");
    CHECK(got.attempts() == 1);
    CHECK(got.files().empty());
    CHECK(Clock::now() - before < 20s);
  }
}

TEST_CASE(
    "Retry-After: a host that answers 503 many times gets few requests, and another host is not delayed") {
  const OriginProcess dead({"--host", "127.0.0.1", "--host", "127.0.0.9"});
  constexpr int kEach = 300;
  std::string list;
  for (int i = 0; i < kEach; ++i) {
    list += dead.url("/status/503/" + std::to_string(i)) + "\n";
    list += "http://127.0.0.9:" + std::to_string(dead.port()) + "/ok/" + std::to_string(i) + "\n";
  }
  const auto run = run_leat({"get", "-j", "16", "--retry", "3", "--host-down", "3s"}, list);
  CHECK(run.status == 1);
  int ok = 0;
  int failed = 0;
  int last_ok = 0;
  int at = 0;
  for (const auto& line : json_lines(run.out)) {
    ++at;
    if (line.text("outcome") == "ok") {
      ++ok;
      last_ok = at;
    } else {
      ++failed;
      const bool was_tried = line.error_code() == "http_status";
      CHECK_MESSAGE((was_tried || line.error_code() == "host_down"), line.error_code());
      CHECK((line["error"]["attempts"].GetInt() > 0) == was_tried);
    }
  }
  CHECK(ok == kEach);
  CHECK(failed == kEach);
  CHECK(last_ok < 2 * kEach);  // the healthy host was done while the dead one was still waited for
  CHECK_MESSAGE(run.err.find("600 records: 300 ok + 300 failed") != std::string::npos, run.err);
  CHECK(dead.stats().requests < kEach + 60);  // the requests of the healthy host, and some probes
}
