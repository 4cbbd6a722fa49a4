#include "cli/bench/text_report.hpp"

#include <doctest/doctest.h>

#include <string>

#include "cli/bench/html_report.hpp"
#include "cli/bench/json_document.hpp"
#include "cli/bench/markdown_report.hpp"
#include "tests/cli/bench/synthetic.hpp"
#include "tests/support/says.hpp"

using namespace leat::cli;
using leat::tests::says;

TEST_CASE("Report: a time that is only known to be longer is marked as such") {
  CHECK(quantile_text({5'000'000, true}) == ">5.00 ms");
}

TEST_CASE("Report: it has rate, percentiles with intervals, statuses and the client's verdict") {
  const std::string text = text_report(Synthetic().record());
  CHECK(text.starts_with("leat bench: http://127.0.0.1:8080/ok\n"));
  CHECK(says(text, "closed loop, 64 at once, 1 thread, measured for 10.0 s"));
  CHECK(says(text, "/s ± "));
  CHECK(says(text, " 0 failed, 0 timed out\n"));
  CHECK(says(text, "response time, with 95 % intervals"));
  CHECK(says(text, "  p99        "));
  CHECK(says(text, "  status 200 "));
  CHECK(says(text, "  client     ok: busiest thread 25 %"));
  CHECK_FALSE(says(text, "client queue"));
}

TEST_CASE("Report: a percentile that is not shown says why") {
  Synthetic few;
  few.seconds = 1;
  few.per_second = 100;
  CHECK(says(text_report(few.record()), "it takes 3,688 to be sure of it"));
}

TEST_CASE("Report: failures are in the tail, and for each class the report says when and what") {
  Synthetic broken;
  broken.timed_out = 200;
  const std::string text = text_report(broken.record());
  CHECK(says(text, "  timeout 200, first after 1.50 s: no answer within 1 s\n"));
  CHECK(says(text, ">1.00 s"));
  CHECK(says(text, "no end: failures are in it"));
}

TEST_CASE("Report: in an open loop, service time and client queue are shown separately") {
  auto record = Synthetic().record();
  record.subject.plan.mode = leat::load::LoadPlan::Mode::open;
  record.subject.plan.rate = 400;
  record.subject.result.latency.client_queue.record(1000);
  const std::string text = text_report(record);
  CHECK(says(text, "open loop at 400/s"));
  CHECK(says(text, "response time from the planned send"));
  CHECK(says(text, "  service      p50 "));
  CHECK(says(text, "  client queue p50 1.00 us"));
}

TEST_CASE("Report: it tells of a stopped run, a suspect client, checks and several targets") {
  auto record = Synthetic().record();
  record.subject.result.stopped = true;
  record.subject.verdict = {leat::load::Verdict::Kind::saturated, "thread 1 of 1 used 99 % of a core", {}};
  record.checks.push_back(
      apply(parse_check("--check", "p50<1ms").value(), record.subject.result, CheckMode::interval));
  record.subject.result.by_target.push_back(record.subject.result.by_target[0]);
  record.subject.result.by_target[1].url = "http://127.0.0.1/two";
  const std::string text = text_report(record);
  CHECK(says(text, "(stopped early)"));
  CHECK(says(text, "client     saturated: thread 1 of 1 used 99 % of a core"));
  CHECK(says(text, "check      p50<1ms: fail, 2."));
  CHECK(says(text, "GET \"http://127.0.0.1/two\": "));
}

TEST_CASE(
    "Report: a pause is said in text, Markdown, HTML and JSON, and a run without one says nothing of it") {
  auto record = Synthetic().record();
  for (const auto& report : {text_report(record), markdown_report(record), html_report(record)}) {
    CHECK_FALSE(says(report, "Ctrl-Z"));
  }
  CHECK_FALSE(says(json_document(record), "paused_s"));
  record.subject.result.paused = std::chrono::milliseconds(3250);
  for (const auto& report : {text_report(record), markdown_report(record), html_report(record)}) {
    CHECK(says(report, "3.25 s, as by Ctrl-Z; that time is in no figure"));
  }
  CHECK(says(text_report(record), "\n  paused     3.25 s"));
  CHECK(says(json_document(record), "\"paused_s\":3.25"));
}

TEST_CASE("Report: a run without results has a report, too") {
  BenchRecord record;
  record.subject.plan.targets.emplace_back();
  CHECK(says(text_report(record), "0 ok, 0 failed, 0 timed out"));
}

TEST_CASE("Report: each member of a team has a row with its verdict, also one that has died") {
  auto record = Synthetic().record();
  MemberRow here;
  here.name = "one:7";
  here.is_here = true;
  here.totals.ok = 300;
  here.rate = 30;
  here.response.record_many(2'000'000, 290);
  here.response.record_many(3'000'000, 10);
  here.verdict = {leat::load::Verdict::Kind::suspect, "its loop lagged", {}};
  here.clock = "+1.00 ms ± 20.0 us";
  MemberRow dead;
  dead.name = "two:8";
  record.members = {here, dead};
  const std::string text = text_report(record);
  CHECK(says(text,
             "  one:7: 300 ok (30.0/s), 0 not, p50 2.00 ms, p99 3.00 ms; client suspect (its loop lagged); "
             "clock +1.00 ms ± 20.0 us from Redis's\n"));
  CHECK(says(text, "  two:8: died; its part is missing in every figure above\n"));
}
