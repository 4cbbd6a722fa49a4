// Ctrl-C in every mode of a benchmark gives the report of what was measured, and the status of the signal.
#include <doctest/doctest.h>
#include <rapidjson/document.h>
#include <signal.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/eventually.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/pty_process.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/wire_server.hpp"

using namespace leat::tests;

namespace {

using Words = std::vector<std::string>;

Words bench(Words more) {
  Words words{LEAT_BINARY, "bench", "--format", "json", "-c", "3", "--threads", "1"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

struct Report {
  Finished finished;
  rapidjson::Document json;

  [[nodiscard]] std::uint64_t total(const char* name) const { return json["totals"][name].GetUint64(); }
};

Report interrupted(Process& process, int signal) {
  process.signal(signal);
  Report report{process.wait(), {}};
  CAPTURE(report.finished.err);
  report.json.Parse(report.finished.out.c_str());
  REQUIRE_FALSE(report.json.HasParseError());
  CHECK(report.finished.status == 128 + signal);
  CHECK(report.json["exit_code"].GetInt() == 128 + signal);
  const auto sent = report.total("ok") + report.total("failed") + report.total("timed_out");
  CHECK(report.total("sent") == sent + report.total("in_flight_at_end"));
  CHECK(report.total("scheduled") == report.total("sent") + report.total("dropped"));
  return report;
}

void wait_until_asked(const OriginProcess& server, const std::string& path, std::uint64_t requests) {
  REQUIRE(eventually([&] { return server.requests_of(path) >= requests; }));
}

// True if that signal no longer ends the process by itself.
bool catches(pid_t pid, int signal) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with("SigCgt:")) continue;
    return (std::stoull(line.substr(7), nullptr, 16) >> (signal - 1) & 1U) != 0;
  }
  return false;
}

// On which the shell's own words are read, too.
Terminal whole_terminal() {
  Terminal terminal;
  terminal.output_too = true;
  return terminal;
}

}  // namespace

TEST_CASE(
    "bench interrupted: in every mode the report shows what was measured, and the status is that of the "
    "signal") {
  const std::vector<Words> modes{{"-z", "1h"},
                                 {"-n", "1000000000", "--think", "1ms"},
                                 {"-R", "500", "-z", "1h"},
                                 {"-R", "500", "-z", "1h", "--arrival", "poisson"},
                                 {"--stages", "1h@100..1000,1h@1000"},
                                 {"-z", "1h", "--no-keepalive"},
                                 {"-z", "1h", "--full"},
                                 {"-R", "500", "-z", "1h", "--full"}};
  for (const Words& mode : modes) {
    for (const int signal : {SIGINT, SIGTERM}) {
      const std::string options = mode.size() > 2 ? mode[0] + " " + mode[2] : mode[0];
      CAPTURE(options);
      CAPTURE(signal);
      const OriginProcess server;
      Words words = mode;
      words.push_back(server.url("/delay/1"));
      Process process(bench(words));
      wait_until_asked(server, "/delay/1", 40);
      const Report report = interrupted(process, signal);
      CHECK(report.total("ok") >= 30);
      CHECK(report.json["latency"]["response"]["count"].GetUint64() == report.total("ok"));
      CHECK(report.json["plan"]["measured_s"].GetDouble() < 60);
    }
  }
}

TEST_CASE("bench interrupted: it works over HTTP/2, too") {
  const WireServer server;
  Process process(bench({"--http2", "--streams", "2", "-k", "-z", "1h", server.url()}));
  REQUIRE(eventually([&] { return catches(process.pid(), SIGINT); }));
  interrupted(process, SIGINT);
}

TEST_CASE("bench interrupted: in turns, the report is about both sides") {
  const OriginProcess server;
  Process process(bench({"-z", "30s", server.url("/ok"), "--vs", server.url("/delay/1")}));
  wait_until_asked(server, "/delay/1", 100);
  const Report report = interrupted(process, SIGINT);
  CHECK(report.json.HasMember("vs"));
}

TEST_CASE("bench interrupted: the search for a rate reports the trial that was cut short") {
  const OriginProcess server;
  Process process(bench({"-z", "1h", "--find-rate", "p50<10s", server.url("/ok")}));
  wait_until_asked(server, "/ok", 20);
  const Report report = interrupted(process, SIGINT);
  CHECK(report.total("ok") >= 10);
  CHECK(report.json["find_rate"]["held"].IsNull());
}

TEST_CASE("bench interrupted: before or during the calibration, the load that was to follow is not begun") {
  const OriginProcess server;
  Process process(bench({"-z", "1h", "--calibrate", server.url("/ok")}));
  REQUIRE(eventually([&] { return catches(process.pid(), SIGINT); }));
  interrupted(process, SIGINT);
}

TEST_CASE("bench on a terminal: Ctrl-Z erases the view before it stops, and then it is drawn again") {
  const OriginProcess server;
  for (const bool by_key : {true, false}) {  // or by kill -TSTP
    CAPTURE(by_key);
    PtyProcess shell(as_job({LEAT_BINARY, "bench", "-c", "2", "-z", "1h", server.url("/delay/5")}),
                     whole_terminal());
    REQUIRE(shell.wait_for(" of 1h00m"));
    const std::size_t before = shell.written().size();
    by_key ? shell.type("\x1a") : shell.signal_job(SIGTSTP);
    REQUIRE(shell.wait_for("\r\x1b[J", before));
    REQUIRE(shell.wait_for("stopped\r\n", before));
    for (const auto& line : screen_after(shell.written().substr(0, shell.written().find("stopped\r\n")))) {
      CAPTURE(line);
      CHECK((line.empty() || line == "^Z" ||
             line.find("Stopped") != std::string::npos));  // of the terminal, the shell
    }
    const std::size_t stopped = shell.written().size();
    REQUIRE(shell.wait_for(" of 1h00m", stopped));
    shell.type("\x03");
    REQUIRE(shell.wait_for("ended with 130"));
    CHECK(shell.wait() == 0);
  }
}

TEST_CASE("bench on a terminal: the time for which it was stopped is in no figure, and the report says it") {
  for (const Words& mode : {Words{}, Words{"--full"}, Words{"-R", "200/s"}}) {
    CAPTURE(mode.size());
    const OriginProcess server;
    const TempDir dir;
    Words words{LEAT_BINARY, "bench", "-c", "4", "-z", "1s", "--save", dir / "run.json"};
    words.insert(words.end(), mode.begin(), mode.end());
    words.push_back(server.url("/delay/5/x"));
    PtyProcess shell(as_job(words, 2), whole_terminal());
    wait_until_asked(server, "/delay/5/x", 20);
    shell.type("\x1a");
    REQUIRE(shell.wait_for("ended with 0"));
    CHECK(shell.wait() == 0);
    rapidjson::Document json;
    json.Parse(read_file(dir / "run.json").c_str());
    REQUIRE_FALSE(json.HasParseError());
    CHECK(json["plan"]["paused_s"].GetDouble() >= 2);
    CHECK(json["plan"]["measured_s"].GetDouble() == 1);
    CHECK(json["latency"]["response"]["max"].GetInt64() < 2'000'000'000);
    std::uint64_t ok = 0;
    for (const auto& second : json["series"].GetArray()) {
      if (second["t_s"].GetDouble() < 1) CHECK(second["ok"].GetUint64() > 0);
      ok += second["ok"].GetUint64();
    }
    CHECK(ok == json["totals"]["ok"].GetUint64());
    if (mode.size() == 2) CHECK(json["totals"]["scheduled"].GetUint64() == 200);
  }
}
