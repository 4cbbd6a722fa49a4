#include "cli/report.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace leat;
using namespace leat::cli;
using namespace std::chrono_literals;

TEST_CASE("summary: shows the accounting sum, bytes, time and rate") {
  pipelines::RunStats stats;
  stats.records_in = 12;
  stats.outcomes = {10, 1, 1, 0, 0};
  stats.bytes = 1'200'000;
  CHECK(summary(stats, 350ms) ==
        "12 records: 10 ok + 1 failed + 1 skipped + 0 not modified + 0 cancelled = 12 in; "
        "1.2 MB in 0.35 s (3.4 MB/s)\n");
}

TEST_CASE("summary: of one record, of none") {
  pipelines::RunStats stats;
  CHECK(summary(stats, 0ms) ==
        "0 records: 0 ok + 0 failed + 0 skipped + 0 not modified + 0 cancelled = 0 in; 0 B in 0.0 ms (0 "
        "B/s)\n");
  stats.records_in = 1;
  stats.outcomes = {0, 0, 0, 0, 1};
  CHECK(summary(stats, 1s).starts_with("1 record: 0 ok + 0 failed"));
}

TEST_CASE("describe: a plan reads as a spec and shows no secret") {
  pipelines::Plan plan;
  plan.stages.emplace_back(pipelines::LinesArgs{"urls.txt"});
  pipelines::FetchArgs fetch;
  fetch.n = 64;
  fetch.threads = 2;
  fetch.fail = pipelines::StatusSet::errors();
  fetch.body = "SECRET";
  fetch.client.headers = {"Authorization: SECRET"};
  fetch.client.userpwd = "me:SECRET";
  fetch.client.timeout = 1500ms;
  plan.stages.emplace_back(fetch);
  plan.stages.emplace_back(pipelines::SaveArgs{"out/{name}", pipelines::OnExist::skip});
  plan.stages.emplace_back(pipelines::OrderedArgs{1000});
  pipelines::WriteArgs write;
  write.include = {"body"};
  plan.stages.emplace_back(write);
  const std::string text = describe(plan);
  CHECK(text ==
        "lines \"urls.txt\" | fetch n=64 retry=3 threads=2 timeout=1.5s connect-timeout=10s stall=30s "
        "max-redirects=10 header=(x1) body=(6 bytes) user=(not shown) fail=4xx,5xx | save \"out/{name}\" | "
        "ordered "
        "window=1000 | "
        "write json include=body");
}
