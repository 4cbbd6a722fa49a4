#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/e2e/killed_runs.hpp"
#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;
using namespace std::chrono_literals;

namespace {

struct Kind {
  const char* path;
  int requests;  // which the run takes without a kill
  bool is_pattern;
};

// One in fifty is of each kind; the others are complete at once.
constexpr Kind kFaulty[] = {
    {"/truncate/10000/20000/", 2, true},
    {"/reset/18976/", 2, true},
    {"/flaky/1/k", 2, false},
    {"/delay/40/", 1, false},
    {"/reset/0/", 2, false},
};
constexpr Kind kWhole{"/size/20000/", 1, true};

// A 503 parks its host, so it is rarer than the others.
const Kind& kind_of(int i) {
  constexpr int kOverload = 2;
  const bool is_faulty = i % 50 < 5 && (i % 50 != kOverload || i % 500 == kOverload);
  return is_faulty ? kFaulty[i % 50] : kWhole;
}

std::string path_of(int i) {
  const Kind& kind = kind_of(i);
  const std::string path = kind.path + std::to_string(i);
  return kind.requests == 1 ? path : path + (path.starts_with("/flaky") ? "?retry-after=0" : "?times=1");
}

int kills_wanted() {
  const char* text = std::getenv("LEAT_KILLS");
  return text == nullptr ? 20 : std::atoi(text);
}

constexpr int kCategories = 7;

// The row of a table for what item_of gives; one of its fields has all that must be quoted.
std::string row_of(int i) { return fmt::format("{},200,\"\"\"{}\"\", of\n{}\"\n", i, i, i % kCategories); }

// One in five fails, in whatever run it is tried.
std::string item_of(const OriginProcess& server, int i) {
  const std::string path = (i % 5 == 0 ? "/status/404/" : "/delay/2/") + std::to_string(i);
  return fmt::format(R"({{"url":"{}","cat":"c{}","n":{},"note":"\"{}\", of\n{}"}})", server.url(path),
                     i % kCategories, i, i, i % kCategories);
}

// How often the tables of all categories have each row; each must be whole, and in the right table.
std::map<int, int> rows_by_number(const TempDir& dir) {
  std::map<int, int> times;
  for (int k = 0; k < kCategories; ++k) {
    const std::string text = read_file(dir / ("by-c" + std::to_string(k) + ".csv"));
    const std::string heading = "n,status,note\n";
    REQUIRE(text.starts_with(heading));
    for (std::size_t at = heading.size(); at < text.size();) {
      const int number = std::atoi(text.c_str() + at);
      const std::string row = row_of(number);
      REQUIRE(text.compare(at, row.size(), row) == 0);
      CHECK(number % kCategories == k);
      ++times[number];
      at += row.size();
    }
  }
  return times;
}

}  // namespace

TEST_CASE(
    "kill: a list of faulty paths that is killed at random loses nothing, tears nothing, and repeats only "
    "what was in flight") {
  constexpr int kJobs = 16;
  const int kills = kills_wanted();
  const int count = kills * 100;
  const OriginProcess server;
  const TempDir dir;
  std::string list;
  int requests = 0;
  for (int i = 1; i <= count; ++i) {
    list += server.url(path_of(i)) + "\n";
    requests += kind_of(i).requests;
  }
  write_file(dir / "list", list);
  const std::vector<std::string> arguments{
      "get",     "-q", "--state", dir / "state",         "-j", std::to_string(kJobs),
      "--retry", "5",  "-o",      dir / "out" + "/{id}", "-i", dir / "list"};
  Finished last;
  const Printed printed = run_killed(arguments, kills, 120ms, last);
  CHECK_MESSAGE(last.status == 0, last.err);
  CHECK(printed.times.size() == static_cast<std::size_t>(count));
  for (const auto& [url, ids] : printed.ids) REQUIRE(ids.size() == 1);
  CHECK(printed.repeats() <= kills * kJobs);
  MESSAGE(kills, " kills: ", printed.repeats(), " lines repeated, ", server.stats().requests, " requests of ",
          requests);
  CHECK(server.stats().requests <= static_cast<std::uint64_t>(requests + kills * kJobs));

  const std::string pattern = read_file(dir / "out" + "/6");
  REQUIRE(pattern.size() == 20000);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dir / "out")) {
    ++files;
    const std::string name = entry.path().filename();
    CAPTURE(name);
    const int id = std::atoi(name.c_str());
    REQUIRE(std::to_string(id) == name);
    const std::string body = read_file(entry.path());
    const bool is_right = kind_of(id).is_pattern ? body == pattern : !body.empty() && body.size() < 4096;
    REQUIRE(is_right);
  }
  CHECK(files == static_cast<std::size_t>(count));
  const auto status = run_leat({"get", "--state", dir / "state", "--status"});
  CHECK(status.out.find("\"failed\":0") != std::string::npos);
}

TEST_CASE(
    "kill: files that records name lose nothing, double nothing and tear nothing, however often the run is "
    "killed") {
  constexpr int kRecords = 600;
  constexpr int kFiles = 100;  // more than are open at once
  constexpr int kJobs = 8;
  const int kills = kills_wanted();
  const OriginProcess server;
  const TempDir dir;
  std::string list;
  for (int i = 0; i < kRecords; ++i)
    list += "{\"url\":\"" + server.url("/delay/5/" + std::to_string(i)) +
            "\",\"k\":" + std::to_string(i % kFiles) + "}\n";
  write_file(dir / "list", list);
  const std::string spec = "json \"" + (dir / "list") + "\" | fetch n=" + std::to_string(kJobs) +
                           " | write to=- to=\"" + (dir / "out/{meta.k}.jsonl") + "\"";
  Finished last;
  const Printed printed = run_killed({"run", "-q", "--state", dir / "state", spec}, kills, 60ms, last);
  CHECK_MESSAGE(last.status == 0, last.err);
  CHECK(printed.ids.size() == kRecords);
  int lines = 0;
  std::set<std::string> urls;
  for (int k = 0; k < kFiles; ++k) {
    const std::string text = read_file(dir / "out/" + std::to_string(k) + ".jsonl");
    REQUIRE(text.ends_with('\n'));
    for (const auto& line : json_lines(text)) {  // which fails for a line that is torn
      ++lines;
      CHECK(line["meta"]["k"].GetInt() == k);
      urls.insert(line.text("url"));
    }
  }
  CHECK(urls.size() == kRecords);
  CHECK(lines == kRecords);
  CHECK(printed.repeats() <= kills * kJobs);
}

TEST_CASE(
    "kill: tables that fields name and the list of what failed lose nothing, double nothing and tear "
    "nothing") {
  const int kills = kills_wanted();
  const int count = kills * 60;
  const OriginProcess server;
  const TempDir dir;
  std::string list;
  std::set<std::string> failed;
  for (int i = 0; i < count; ++i) {
    const std::string item = item_of(server, i);
    list += item + "\n";
    if (i % 5 == 0) failed.insert(item);
  }
  write_file(dir / "list", list);
  const std::string spec = "json \"" + (dir / "list") + "\" | fetch n=8 fail=4xx | write csv to=- to=\"" +
                           (dir / "by-{meta.cat}.csv") + "\" fields=n=meta.n,status,note=meta.note";
  // The first one dies while it makes its journal, or right behind that.
  Process early(binary({"run", "-q", "--state", dir / "state", "--failed", dir / "left", spec}));
  while (!std::filesystem::exists(dir / "state") && !early.read_line(1ms)) {
  }
  early.signal(SIGKILL);
  early.wait();
  Finished last;
  std::vector<int> failures;  // that the journal knows after each run
  run_killed({"run", "-q", "--state", dir / "state", "--failed", dir / "left", spec}, kills, 60ms, last,
             [&](const std::string&) {
               const JsonLine status(run_leat({"get", "--state", dir / "state", "--status"}).out);
               failures.push_back(status["outcomes"]["failed"].GetInt());
               const auto left = lines_of(read_file(dir / "left"));
               const std::set<std::string> once(left.begin(), left.end());
               CHECK(once.size() == left.size());
               CHECK(std::includes(failed.begin(), failed.end(), once.begin(), once.end()));
             });
  REQUIRE(failures.size() == static_cast<std::size_t>(kills) + 1);
  CHECK(failures.back() == static_cast<int>(failed.size()));
  // On a slow machine the runs that were killed have done it all.
  const bool has_failed = failures.back() > failures[failures.size() - 2];
  CHECK_MESSAGE(last.status == (has_failed ? 1 : 0), last.err);
  const auto left = lines_of(read_file(dir / "left"));
  CHECK(std::set<std::string>(left.begin(), left.end()) == failed);
  CHECK(left.size() == failed.size());
  const auto times = rows_by_number(dir);
  CHECK(times.size() == static_cast<std::size_t>(count) - failed.size());
  for (const auto& time : times) {
    CHECK(time.first % 5 != 0);
    CHECK_MESSAGE(time.second == 1, time.first);
  }
}
