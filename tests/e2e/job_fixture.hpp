#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/eventually.hpp"
#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/temp_dir.hpp"

namespace leat::tests {

/// An origin that answers at each address of this machine, so that there are many hosts.
inline OriginProcess& many_hosts() {
  static OriginProcess process({"--host", "0.0.0.0"});
  return process;
}

/// A list of URLs of some hosts, and the processes that fetch them as one job.
class JobTeam {
 public:
  JobTeam(int urls, const std::string& path, std::vector<std::string> redis_settings = {}, int hosts = 24)
      : redis(std::move(redis_settings)) {
    std::ofstream file(list());
    for (int i = 0; i < urls; ++i) {
      const std::string url = "http://127.0.0." + std::to_string(1 + i % hosts) + ":" +
                              std::to_string(many_hosts().port()) + path + std::to_string(i);
      wanted_.insert(url);
      file << url << "\n";
    }
  }

  [[nodiscard]] std::string list() const { return dir_ / "urls.txt"; }
  [[nodiscard]] std::string state() const { return redis.url() + "?job=list"; }
  [[nodiscard]] std::string spec(const std::string& middle) const {
    return "lines \"" + list() + "\" | " + middle + " | write json fields=url";
  }
  /// `leat run` of a spec with that between its source and its end.
  [[nodiscard]] std::unique_ptr<Process> start(const std::string& middle,
                                               std::vector<std::string> more = {}) const {
    std::vector<std::string> argv{LEAT_BINARY, "run", "--state", state()};
    argv.insert(argv.end(), more.begin(), more.end());
    argv.push_back(spec(middle));
    return std::make_unique<Process>(std::move(argv));
  }
  [[nodiscard]] std::vector<std::unique_ptr<Process>> start_all(int count, const std::string& middle) const {
    std::vector<std::unique_ptr<Process>> processes;
    for (int i = 0; i < count; ++i) processes.push_back(start(middle));
    return processes;
  }
  [[nodiscard]] const std::set<std::string>& wanted() const noexcept { return wanted_; }
  /// As if ten seconds had gone by since any process was heard of.
  void let_leases_lapse() const { redis.ask({"DEL", "leat:{list}:alive"}); }
  /// What the job has counted under that name.
  [[nodiscard]] std::string sum(const std::string& name) const {
    return redis.ask({"HGET", "leat:{list}:sums", name});
  }
  [[nodiscard]] std::string ok() const { return sum("outcome:0"); }

  RedisServer redis;

 private:
  TempDir dir_;
  std::set<std::string> wanted_;
};

/// What was printed: each URL and how often.
inline std::map<std::string, int> urls_of(const std::vector<Finished>& all) {
  std::map<std::string, int> urls;
  for (const auto& one : all) {
    for (const auto& line : lines_of(one.out)) ++urls[JsonLine(line).text("url")];
  }
  return urls;
}

inline std::vector<Finished> wait_for_all(const std::vector<std::unique_ptr<Process>>& processes) {
  std::vector<Finished> all;
  for (const auto& process : processes) all.push_back(process->wait());
  return all;
}

inline void check_ended(const std::vector<Finished>& all) {
  for (const auto& one : all) {
    CAPTURE(one.err);
    CHECK(one.status == 0);
  }
}

/// Kills the team's Redis once `count` (of the key "leat:{list}:sums") has come to `at`, and starts it with
/// what it had written when that was `kept`.
inline void lose_last_second(JobTeam& team, const std::string& count, int kept, int at) {
  const auto come_to = [&](int wanted) {
    return eventually([&] {
      const std::string now = team.sum(count);
      return !now.empty() && std::stoi(now) >= wanted;
    });
  };
  REQUIRE(come_to(kept));
  const TempDir copy;
  const auto everything = std::filesystem::copy_options::recursive;
  std::filesystem::copy(team.redis.appended(), copy / "appended", everything);
  REQUIRE(come_to(at));
  team.redis.kill();
  std::filesystem::remove_all(team.redis.appended());
  std::filesystem::copy(copy / "appended", team.redis.appended(), everything);
  team.redis.start();
}

}  // namespace leat::tests
