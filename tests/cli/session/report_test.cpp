#include "cli/session/report.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace leat;
using namespace leat::cli;
using namespace std::chrono_literals;

TEST_CASE("summary: it shows the accounting sum, bytes, time and rate") {
  pipelines::RunStats stats;
  stats.records_in = 12;
  stats.outcomes = {10, 1, 1, 0, 0};
  stats.bytes = 1'200'000;
  CHECK(summary(stats, 350ms) ==
        "12 records: 10 ok + 1 failed + 1 skipped + 0 not modified + 0 cancelled = 12 in; "
        "1.2 MB in 0.35 s (3.4 MB/s)\n");
}

TEST_CASE("summary: it is right for one record and for none") {
  pipelines::RunStats stats;
  CHECK(summary(stats, 0ms) ==
        "0 records: 0 ok + 0 failed + 0 skipped + 0 not modified + 0 cancelled = 0 in; 0 B in 0.0 ms (0 "
        "B/s)\n");
  stats.records_in = 1;
  stats.outcomes = {0, 0, 0, 0, 1};
  CHECK(summary(stats, 1s).starts_with("1 record: 0 ok + 0 failed"));
}

TEST_CASE("summary: a second line says what failed and where, the most frequent first") {
  pipelines::RunStats stats;
  stats.records_in = 15;
  stats.outcomes = {0, 15, 0, 0, 0};
  stats.failures.codes = {{Errc::http_status, 12, {{404, 10}, {500, 2}}}, {Errc::connect_refused, 3, {}}};
  stats.failures.hosts = {{"a.org", 9}, {"b.org", 4}};
  stats.failures.other_hosts = 2;
  CHECK(summary(stats, 1s).find(
            "\nfailed: 12 http_status (404 \u00d710, 500 \u00d72), 3 connect_refused; hosts: "
            "a.org \u00d79, b.org \u00d74, others \u00d72\n") != std::string::npos);
}

TEST_CASE("summary: of many reasons it names five, and says how many more there are") {
  pipelines::RunStats stats;
  stats.failures.codes = {
      {Errc::http_status, 30, {{400, 6}, {401, 5}, {402, 4}, {403, 3}, {404, 2}, {405, 1}}},
      {Errc::timeout, 6, {}},
      {Errc::reset, 5, {}},
      {Errc::stalled, 4, {}},
      {Errc::truncated, 3, {}},
      {Errc::blocked, 2, {}},
      {Errc::bad_url, 1, {}}};
  CHECK(
      summary(stats, 1s).ends_with("\nfailed: 30 http_status (400 \u00d76, 401 \u00d75, 402 \u00d74, 403 "
                                   "\u00d73, 404 \u00d72, others \u00d71), 6 timeout, 5 reset, "
                                   "4 stalled, 3 truncated, 3 others\n"));
}

TEST_CASE("summary: with colours, good results are green and failures are red, if there are any") {
  pipelines::RunStats stats;
  stats.records_in = 3;
  stats.outcomes = {1, 2, 0, 0, 0};
  stats.failures.codes = {{Errc::timeout, 2, {}}};
  const std::string text = summary(stats, 1s, Colours(true));
  CHECK(text.starts_with("3 records: \x1b[32m1 ok\x1b[39m + \x1b[31m2 failed\x1b[39m + 0 skipped"));
  CHECK(text.find("\n\x1b[31mfailed:\x1b[39m 2 timeout\n") != std::string::npos);
  stats.outcomes = {0, 0, 3, 0, 0};
  stats.failures.codes.clear();
  CHECK(summary(stats, 1s, Colours(true)).find('\x1b') == std::string::npos);
}

TEST_CASE("next_step: what may help with failures of the network is said once for each kind") {
  pipelines::RunStats stats;
  stats.failures.codes = {{Errc::http_status, 9, {{401, 4}, {404, 3}, {429, 2}}},
                          {Errc::dns_failed, 2, {}},
                          {Errc::timeout, 1, {}}};
  CHECK(next_step(stats, "get", "", false) ==
        "401: -u USER:PASS or --oauth2-bearer TOKEN sends credentials\n"
        "429: --per-host-rate R, as in --per-host-rate 2/s, asks less often\n"
        "dns_failed: is the name right? --resolve HOST:PORT:ADDR gives it an address\n"
        "timeout: --timeout T and --stall T wait longer\n");
  stats.failures.codes = {{Errc::http_status, 3, {{404, 3}}}};
  CHECK(next_step(stats, "get", "", false).empty());
}
