// What processes of a job tell each other of hosts that do not answer.
#include <doctest/doctest.h>

#include <csignal>
#include <fstream>
#include <string>

#include "tests/e2e/job_fixture.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/resetting_server.hpp"

using namespace leat::tests;

namespace {

/// A list of 24 hosts that answer, and of one that resets every connection.
struct WithDeadHost {
  explicit WithDeadHost(int urls) : team(urls, "/delay/50/") {
    std::ofstream file(team.list(), std::ios::app);
    for (int i = 0; i < 40; ++i) file << "http://127.0.1.1:" << port << "/" << i << "\n";
  }
  [[nodiscard]] std::string origin() const { return "http://127.0.1.1:" + std::to_string(port); }
  /// For how many seconds it has been silent, as `leat work --status` says; 0 if it says nothing of that.
  [[nodiscard]] double silence(bool as_given_up) const {
    const Finished asked = run_leat({"work", "--status", "--json", team.state()});
    if (asked.status != 0) return 0;
    const JsonLine line(asked.out);
    for (const auto& down : line["down"].GetArray()) {
      if (down["origin"].GetString() == origin() && down["given_up"].GetBool() == as_given_up)
        return down["seconds"].GetDouble();
    }
    return 0;
  }

  const int port = std::stoi(free_port());
  ResettingServer dead{"127.0.1.1", port};
  const JobTeam team;
};

}  // namespace

TEST_CASE("job: a host that a killed process has given up costs the next one no request") {
  const WithDeadHost job(200);
  const std::string middle = "fetch n=2 retry=2 host-down=1s";
  const auto first = job.team.start(middle);
  REQUIRE(eventually([&] { return job.silence(true) > 0; }));
  const int before = job.dead.connections();
  CHECK(before >= 3);
  first->signal(SIGKILL);
  CHECK(first->wait().status == 128 + SIGKILL);
  job.team.let_leases_lapse();
  const Finished next = job.team.start(middle, {"--summary", "failures"})->wait();
  CAPTURE(next.err);
  CHECK(next.status == 1);
  CHECK(next.err.find("has answered nothing well for 1 s") != std::string::npos);
  CHECK(job.dead.connections() == before);
  CHECK(job.team.ok() == "200");
  const Finished text = run_leat({"work", "--status", job.team.state()});
  CAPTURE(text.out);
  CHECK(text.out.find("down: " + job.origin() + " for ") != std::string::npos);
  CHECK(text.out.find(", given up; reset: ") != std::string::npos);
}

TEST_CASE("job: a host that a killed process found doubtful is asked once more by the next one") {
  const WithDeadHost job(100);
  const std::string middle = "fetch n=2 retry=2 host-down=2s";
  const auto first = job.team.start(middle);
  REQUIRE(eventually([&] { return job.silence(false) > 0; }));
  first->signal(SIGKILL);
  CHECK(first->wait().status == 128 + SIGKILL);
  // The time in which nobody asks counts, but nothing is given up before it was asked again.
  REQUIRE(eventually([&] { return job.silence(false) > 2; }));
  const int before = job.dead.connections();
  job.team.let_leases_lapse();
  CHECK(job.team.start(middle)->wait().status == 1);
  CHECK(job.dead.connections() == before + 1);
  CHECK(job.silence(true) > 2);
  CHECK(job.team.ok() == "100");
}
