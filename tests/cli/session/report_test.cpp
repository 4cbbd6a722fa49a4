#include "cli/session/report.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/table/option_table.hpp"
#include "pipelines/stages/stage_table.hpp"

using namespace leat;
using namespace leat::cli;
using namespace std::chrono_literals;

namespace {

// Of every kind that there is an advice for.
pipelines::RunStats many_failures() {
  pipelines::RunStats stats;
  stats.outcomes = {0, 12, 0, 0, 0};
  stats.failures.codes = {{Errc::http_status, 3, {{401, 1}, {407, 1}, {429, 1}}},
                          {Errc::tls_untrusted, 1, {}},
                          {Errc::too_many_redirects, 1, {}},
                          {Errc::file_exists, 1, {}},
                          {Errc::dns_failed, 1, {}},
                          {Errc::connect_timeout, 1, {}},
                          {Errc::timeout, 1, {}},
                          {Errc::stalled, 1, {}},
                          {Errc::host_down, 1, {}},
                          {Errc::body_too_large, 1, {}}};
  return stats;
}

std::vector<std::string> matches(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at)
    found.push_back((*at)[1]);
  return found;
}

bool takes(std::string_view stage, std::string_view key) {
  for (const auto& signature : pipelines::stage_signatures()) {
    if (signature.name != stage) continue;
    return std::any_of(signature.args.begin(), signature.args.end(),
                       [&](const auto& row) { return row.key == key; });
  }
  return false;
}

}  // namespace

TEST_CASE("summary: it shows the accounting sum, bytes, time and rate") {
  pipelines::RunStats stats;
  stats.records_in = 12;
  stats.outcomes = {10, 1, 1, 0, 0};
  stats.bytes = 1'200'000;
  CHECK(summary(stats, 350ms, "get") ==
        "12 records: 10 ok + 1 failed + 1 skipped + 0 not modified + 0 cancelled = 12 in; "
        "1.2 MB in 0.35 s (3.4 MB/s)\n");
}

TEST_CASE("summary: it is right for one record and for none") {
  pipelines::RunStats stats;
  CHECK(summary(stats, 0ms, "get") ==
        "0 records: 0 ok + 0 failed + 0 skipped + 0 not modified + 0 cancelled = 0 in; 0 B in 0.0 ms (0 "
        "B/s)\n");
  stats.records_in = 1;
  stats.outcomes = {0, 0, 0, 0, 1};
  CHECK(summary(stats, 1s, "get").starts_with("1 record: 0 ok + 0 failed"));
}

TEST_CASE("summary: a second line says what failed and where, the most frequent first") {
  pipelines::RunStats stats;
  stats.records_in = 15;
  stats.outcomes = {0, 15, 0, 0, 0};
  stats.failures.codes = {{Errc::http_status, 12, {{404, 10}, {500, 2}}}, {Errc::connect_refused, 3, {}}};
  stats.failures.hosts = {{"a.org", 9}, {"b.org", 4}};
  stats.failures.other_hosts = 2;
  CHECK(summary(stats, 1s, "get")
            .find("\nfailed: 12 http_status (404 \u00d710, 500 \u00d72), 3 connect_refused; hosts: "
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
  CHECK(summary(stats, 1s, "get")
            .ends_with("\nfailed: 30 http_status (400 \u00d76, 401 \u00d75, 402 \u00d74, 403 "
                       "\u00d73, 404 \u00d72, others \u00d71), 6 timeout, 5 reset, "
                       "4 stalled, 3 truncated, 3 others\n"));
}

TEST_CASE("summary: with colours, good results are green and failures are red, if there are any") {
  pipelines::RunStats stats;
  stats.records_in = 3;
  stats.outcomes = {1, 2, 0, 0, 0};
  stats.failures.codes = {{Errc::timeout, 2, {}}};
  const std::string text = summary(stats, 1s, "get", Colours(true));
  CHECK(text.starts_with("3 records: \x1b[32m1 ok\x1b[39m + \x1b[31m2 failed\x1b[39m + 0 skipped"));
  CHECK(text.find("\n\x1b[31mfailed:\x1b[39m 2 timeout\n") != std::string::npos);
  stats.outcomes = {0, 0, 3, 0, 0};
  stats.failures.codes.clear();
  CHECK(summary(stats, 1s, "get", Colours(true)).find('\x1b') == std::string::npos);
}

TEST_CASE("next_step: what may help with failures of the network is said once for each kind") {
  pipelines::RunStats stats;
  stats.failures.codes = {{Errc::http_status, 9, {{401, 4}, {404, 3}, {429, 2}}},
                          {Errc::dns_failed, 2, {}},
                          {Errc::timeout, 1, {}}};
  CHECK(next_step(stats, "get", "", Kept::nowhere) ==
        "401: -u USER:PASS or --oauth2-bearer TOKEN sends credentials\n"
        "429: --per-host-rate R, as in --per-host-rate 2/s, asks less often\n"
        "dns_failed: is the name right? --resolve HOST:PORT:ADDR gives it an address\n"
        "timeout: --timeout T and --stall T wait longer\n");
  stats.failures.codes = {{Errc::http_status, 3, {{404, 3}}}};
  CHECK(next_step(stats, "get", "", Kept::nowhere).empty());
}

TEST_CASE("next_step: get is advised of options that it has") {
  const std::string text = next_step(many_failures(), "get", "", Kept::nowhere);
  const auto options = matches(text, std::regex("[ (]--([a-z0-9-]+)"));
  const auto letters = matches(text, std::regex("[ (]-([a-zA-Z])\\b"));
  CHECK(options.size() >= 10);
  CHECK(letters.size() == 5);
  for (const auto& name : options) {
    CAPTURE(name);
    CHECK(find_option(pipelines::kGet, name) != nullptr);
  }
  const auto rows = options_at(pipelines::kGet);
  for (const auto& letter : letters) {
    CAPTURE(letter);
    CHECK(std::any_of(rows.begin(), rows.end(), [&](const auto* row) { return row->letter == letter; }));
  }
}

TEST_CASE("next_step: run and work are advised of arguments that the stages of their spec take") {
  for (const char* command : {"run", "work"}) {
    CAPTURE(command);
    const std::string text = next_step(many_failures(), command, "", Kept::nowhere);
    CHECK(matches(text, std::regex("[ (](-[-a-zA-Z0-9]+)")).empty());
    CHECK(text.find("401: user=env:NAME or bearer=env:NAME of fetch sends credentials\n") == 0);
    CHECK(text.find("\ntls_untrusted: cacert=FILE of fetch trusts another authority, insecure=true any "
                    "certificate\n") != std::string::npos);
    CHECK(text.find("\nfile_exists: on-exist=rename of save numbers") != std::string::npos);
    const auto keys = matches(text, std::regex("\\b([a-z-]+)="));
    CHECK(keys.size() >= 15);
    for (const auto& key : keys) {
      CAPTURE(key);
      CHECK(takes(key == "on-exist" ? "save" : "fetch", key));
    }
  }
}

TEST_CASE("summary: how a file that was there already is fetched again is said in the command's own words") {
  pipelines::RunStats stats;
  stats.failures.there_already = 2;
  CHECK(summary(stats, 1s, "get")
            .ends_with("\nskipped: 2 files were there already (--on-exist overwrite fetches them again)\n"));
  CHECK(summary(stats, 1s, "run")
            .ends_with(
                "\nskipped: 2 files were there already (on-exist=overwrite of save fetches them again)\n"));
}

TEST_CASE(
    "next_step: a run with a journal is told of --retry-failed, one of a job, which refuses it, is not") {
  pipelines::RunStats stats;
  stats.outcomes = {3, 2, 0, 0, 1};
  stats.failures.codes = {{Errc::too_many_redirects, 2, {}}};
  for (const char* command : {"get", "run"}) {
    const std::string text = next_step(stats, command, "", Kept::in_journal);
    CAPTURE(text);
    CHECK(
        text.ends_with("\nnext: the same command goes on with what is left\n"
                       "next: the same command with --retry-failed does what failed again\n"));
  }
  for (const char* command : {"run", "work"}) {
    // Nor of cookies, which one process alone would keep.
    CHECK(next_step(stats, command, "", Kept::in_job) ==
          "next: the same command goes on with what is left\n"
          "next: a job does each record once; give the failed ones to a job of their own\n");
  }
}
