#include "pipelines/record/failure_tally.hpp"

#include <doctest/doctest.h>

#include <string>

#include "pipelines/record/ledger.hpp"
#include "pipelines/record/record.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

struct Counter {
  void fail(const std::string& url, Errc code, int status = 0) {
    Record record;
    record.request.url = url;
    record.ticket = ledger.take();
    Error error(code, "");
    error.http_status = status;
    record.fail(std::move(error), "fetch");
    tally.add(tally.note(record));
    record.ticket.settle(record.outcome);
  }

  Ledger ledger;
  FailureTally tally;
};

}  // namespace

TEST_CASE(
    "FailureTally: codes and their statuses are listed with the most frequent first, and equal ones by "
    "name") {
  Counter counter;
  counter.fail("http://a.org/", Errc::timeout);
  for (int i = 0; i < 2; ++i) counter.fail("http://a.org/", Errc::http_status, 500);
  for (int i = 0; i < 3; ++i) counter.fail("http://a.org/", Errc::http_status, 404);
  counter.fail("http://a.org/", Errc::connect_refused);
  const auto report = counter.tally.report();
  REQUIRE(report.codes.size() == 3);
  CHECK(report.codes[0].code == Errc::http_status);
  CHECK(report.codes[0].count == 5);
  CHECK(report.codes[0].statuses == std::vector<std::pair<int, std::uint64_t>>{{404, 3}, {500, 2}});
  CHECK(report.codes[1].code == Errc::connect_refused);
  CHECK(report.codes[2].code == Errc::timeout);
}

TEST_CASE("FailureTally: hosts are listed without the scheme's default port and without credentials") {
  Counter counter;
  counter.fail("https://me:SECRET@b.org/", Errc::timeout);
  counter.fail("http://a.org:8080/", Errc::timeout);
  counter.fail("no url", Errc::bad_url);
  const auto report = counter.tally.report();
  CHECK(report.hosts == std::vector<std::pair<std::string, std::uint64_t>>{{"a.org:8080", 1}, {"b.org", 1}});
  CHECK(report.other_hosts == 0);
}

TEST_CASE("FailureTally: the first failures show no part of a password, however long it is") {
  Counter counter;
  counter.fail("https://me:" + std::string(400, 's') + "@b.org/x", Errc::timeout);
  CHECK(counter.tally.report().first == std::vector<std::string>{"https://b.org/x: timeout: "});
}

TEST_CASE("FailureTally: it tells a limited number of hosts apart, and the sum stays right") {
  Counter counter;
  for (std::size_t i = 0; i < FailureTally::kHosts + 50; ++i) {
    counter.fail("http://h" + std::to_string(i) + ".org/", Errc::timeout);
  }
  counter.fail("http://h7.org/", Errc::timeout);
  const auto report = counter.tally.report();
  REQUIRE(report.hosts.size() == FailureTally::kShown);
  CHECK(report.hosts[0] == std::pair<std::string, std::uint64_t>{"h7.org", 2});
  CHECK(report.hosts[1].first == "h0.org");
  std::uint64_t sum = report.other_hosts;
  for (const auto& host : report.hosts) sum += host.second;
  CHECK(sum == FailureTally::kHosts + 51);
}

TEST_CASE("FailureTally: a record that the accounting doesn't count isn't counted here either") {
  FailureTally tally;
  Record copy;  // without a ticket, as `tee` makes them
  copy.fail(Error(Errc::timeout, ""), "fetch");
  tally.add(tally.note(copy));
  Ledger ledger;
  Record cancelled;
  cancelled.ticket = ledger.take();
  cancelled.fail(Error(Errc::cancelled, ""), "fetch");
  tally.add(tally.note(cancelled));
  CHECK(tally.report().codes.empty());
}
