// Hosts that fail in the middle of a list: see tests/e2e/faults, Outages. The figures are those of
// tests/bench/outage, with shorter lists.
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/outage_server.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;
using namespace std::chrono_literals;
using Arguments = std::vector<std::string>;

namespace {

constexpr int kList = 600;             // the records; the outage comes in their middle
constexpr double kDelay = 3;           // the seconds that a short outage may cost
constexpr int kMeanwhile = 30;         // the requests to a host that is out of order for a moment
const std::string kFar = "127.0.0.9";  // here packets can be misdirected without cutting off the client

double now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// The result of a run.
struct Ran {
  Finished finished;
  std::vector<JsonLine> lines;
  double began = 0;    // CLOCK_MONOTONIC
  double seconds = 0;  // the seconds that it took

  [[nodiscard]] int count(const std::string& outcome) const {
    return static_cast<int>(
        std::ranges::count_if(lines, [&](const JsonLine& line) { return line.text("outcome") == outcome; }));
  }
  [[nodiscard]] double sum(const char* name) const {
    double sum = 0;
    for (const auto& line : lines) sum += line.number(name);
    return sum;
  }
};

Ran run_list(const std::string& list, const Arguments& options = {}, Arguments before = {}) {
  const TempDir dir;
  write_file(dir / "urls", list);
  before.insert(before.end(), {LEAT_BINARY, "get", "-i", dir / "urls"});
  before.insert(before.end(), options.begin(), options.end());
  Ran ran;
  ran.began = now();
  ran.finished = run_process(before);
  ran.seconds = now() - ran.began;
  ran.lines = json_lines(ran.finished.out);
  return ran;
}

Arguments in_the_middle(const std::string& fault, const std::string& seconds) {
  return {"--fault", fault, "--after", std::to_string(kList / 2), "--for", seconds};
}

/// Runs a list through an outage of that many seconds in its middle; `ran` and `report` say the rest.
struct Outage {
  Outage(const std::string& fault, const std::string& seconds, const Arguments& more = {},
         const std::string& host = "127.0.0.1") {
    Arguments arguments = in_the_middle(fault, seconds);
    arguments.insert(arguments.end(), more.begin(), more.end());
    OutageServer server(arguments);
    const bool apart = std::ranges::find(more, "--own-network") != more.end();
    const Arguments network = {"nsenter", "-n", "-t", std::to_string(server.pid())};
    ran = run_list(server.list(kList, "/", host), {}, apart ? network : Arguments{});
    report = server.end();
    REQUIRE_MESSAGE(report.fault_began, report.text);
  }

  Ran ran;
  OutageReport report;
};

double undisturbed_seconds() {
  static const double seconds = [] {
    const OutageServer server({});
    return run_list(server.list(kList)).seconds;
  }();
  return seconds;
}

void check_that_it_costs_little(const Outage& outage) {
  CAPTURE(outage.report.text);
  CAPTURE(outage.ran.finished.err);
  CHECK(outage.ran.finished.status == 0);
  CHECK(outage.ran.count("ok") == kList);
  CHECK(outage.report.came_meanwhile() <= kMeanwhile);
  CHECK(outage.ran.seconds <= undisturbed_seconds() + kDelay);
}

bool has_network_namespaces() {
  const bool has =
      run_process({"unshare", "-n", "true"}).status == 0 && run_process({"sh", "-c", "ip -V"}).status == 0;
  if (!has) MESSAGE("no network namespace here: not tested");
  return has;
}

/// A name that the preloaded resolver knows.
std::string name_of(std::string address) {
  std::ranges::replace(address, '.', '-');
  return address + ".outage.test";
}

Arguments fixed(const OutageServer& server, const std::string& addresses) {
  return {"--resolve", "bed.test:" + std::to_string(server.port()) + ":" + addresses};
}

}  // namespace

TEST_CASE("outage: a server that answers 5xx for half a second loses no record, and gets few requests") {
  for (const std::string status : {"500", "502", "503", "504", "522"}) {
    CAPTURE(status);
    check_that_it_costs_little(Outage("status=" + status, "0.5"));
  }
}

TEST_CASE("outage: a server that refuses connections for a moment loses no record, and gets few attempts") {
  for (const std::string fault : {"refuse", "restart"}) {
    CAPTURE(fault);
    check_that_it_costs_little(Outage(fault, "0.3"));
  }
}

TEST_CASE("outage: a server that ends each connection without an answer for half a second loses no record") {
  for (const std::string fault : {"reset", "close", "half-close"}) {
    CAPTURE(fault);
    check_that_it_costs_little(Outage(fault, "0.5"));
  }
}

TEST_CASE("outage: a host without a route for a second loses no record, and gets few attempts") {
  if (!has_network_namespaces()) return;
  check_that_it_costs_little(Outage("unreachable", "1", {"--own-network", "--host", kFar}, kFar));
}

TEST_CASE("outage: a host whose packets vanish for a second loses no record") {
  if (!has_network_namespaces()) return;
  check_that_it_costs_little(Outage("drop", "1", {"--own-network", "--host", kFar}, kFar));
}

TEST_CASE("outage: a server that is silent for a second, or slow, loses no record and causes no retry") {
  for (const std::string fault : {"freeze", "slow=200"}) {
    CAPTURE(fault);
    const Outage outage(fault, "1");
    CHECK(outage.ran.finished.status == 0);
    CHECK(outage.ran.count("ok") == kList);
    CHECK(outage.ran.sum("num_retries") == 0);
    CHECK(outage.report.requests == kList);
  }
}

TEST_CASE("outage: pages that stay broken fail alone, and their neighbours on the host do not") {
  OutageServer server({});
  constexpr int kBroken = 100;
  const std::string list = server.list(100, "/a") + server.list(kBroken, "/broken/") + server.list(100, "/b");
  const auto ran = run_list(list);
  CHECK(ran.finished.status == 1);
  CHECK(ran.count("ok") == 200);
  CHECK(ran.count("failed") == kBroken);
  CHECK(ran.seconds < 20);
  CHECK(server.end().requests <= 4 * kBroken + 200);
}

TEST_CASE("outage: a resolver that is away for a second loses no record, and gets few look-ups") {
  constexpr int kHosts = 150;
  const TempDir dir;
  const std::string away = dir / "away";
  Arguments arguments = {"--fault", "command", "--after",       "50",    "--for",
                         "1",       "--begin", "touch " + away, "--end", "rm " + away};
  std::vector<std::string> addresses;
  for (int i = 0; i < kHosts; ++i) addresses.push_back("127.0.2." + std::to_string(i + 1));
  for (const auto& address : addresses) arguments.insert(arguments.end(), {"--host", address});
  OutageServer server(arguments);
  std::string list;
  for (const auto& address : addresses) list += server.url("/", name_of(address)) + "\n";
  const auto ran = run_list(list, {"--rate", "150/s"},
                            {"env", "LD_PRELOAD=" LEAT_FAULTY_SYSTEM, "LEAT_TEST_RESOLVER=" + away});
  const auto report = server.end();
  CAPTURE(report.text);
  REQUIRE(report.fault_ended);
  REQUIRE(std::filesystem::exists(away + ".asked"));
  CHECK(ran.finished.status == 0);
  CHECK(ran.count("ok") == kHosts);
  CHECK(ran.seconds < 1 + kHosts / 150 + 2 * kDelay);
}

TEST_CASE(
    "outage: a server that takes only four connections loses no record, whatever it does to the other "
    "connections") {
  for (const std::string beyond : {"reset", "close", "refuse", "queue"}) {
    CAPTURE(beyond);
    OutageServer server({"--fault", "limit=4", "--beyond", beyond, "--delay", "5", "--per-connection", "50",
                         "--idle", "0.2"});
    const auto ran = run_list(server.list(kList));
    const auto report = server.end();
    CAPTURE(report.text);
    CHECK(ran.finished.status == 0);
    CHECK(ran.count("ok") == kList);
  }
}

TEST_CASE("outage: a host that stays dead is given up after --host-down, and the others do not wait for it") {
  constexpr int kDead = 200;
  const std::string dead = "127.0.1.100";
  Arguments arguments = {"--fault", "refuse", "--host", dead, "--fault-host", dead};
  for (int i = 1; i < 10; ++i) arguments.insert(arguments.end(), {"--host", "127.0.1." + std::to_string(i)});
  OutageServer server(arguments);
  std::string list;
  for (int i = 0; i < kDead; ++i) {
    list += server.url("/" + std::to_string(i), dead) + "\n";
    for (int host = 1; host < 10; ++host)
      list += server.url("/" + std::to_string(i), "127.0.1." + std::to_string(host)) + "\n";
  }
  const auto ran = run_list(list, {"--host-down", "3s"});
  const auto report = server.end();
  CAPTURE(report.text);
  CHECK(ran.finished.status == 1);
  CHECK(ran.count("ok") == 9 * kDead);
  CHECK(ran.count("failed") == kDead);
  CHECK(ran.seconds > 2.5);
  CHECK(ran.seconds < 15);
  CHECK(report.last_answer - ran.began < 3);  // before the dead host was given up
  CHECK(report.came_meanwhile() <= 60);
  int tried = 0;
  for (const auto& line : ran.lines) {
    if (line.text("outcome") != "failed") continue;
    const bool was_tried = line["error"]["attempts"].GetInt() > 0;
    if (was_tried) ++tried;
    CHECK(line.error_code() == (was_tried ? "connect_refused" : "host_down"));
  }
  CHECK(tried > 0);
}

TEST_CASE("outage: a host that drops SYNs at the start of the list does not delay the others") {
  const std::string silent = "127.0.0.8";
  OutageServer server({"--silent", silent, "--fault", "command", "--fault-host", silent});
  const auto ran = run_list(server.list(40, "/", silent) + server.list(600), {"--host-down", "2s"});
  const auto report = server.end();
  CAPTURE(report.text);
  CHECK(ran.count("ok") == 600);
  CHECK(ran.count("failed") == 40);
  CHECK(report.last_answer - ran.began < 1.5);
  CHECK(report.came_meanwhile() <= 60);
}

TEST_CASE("outage: a name with one working address is fetched from it, without a retry and without delay") {
  const std::map<std::string, Arguments> names{
      {"127.0.0.2,127.0.0.1", {}},
      {"127.0.0.2,127.0.0.3,127.0.0.4,127.0.0.1", {}},
      {"127.0.0.5,127.0.0.1", {"--silent", "127.0.0.5"}},
  };
  for (const auto& row : names) {
    const auto& addresses = row.first;
    const auto& silent = row.second;
    CAPTURE(addresses);
    const OutageServer server(silent);
    const auto ran = run_list(server.list(300, "/", "bed.test"), fixed(server, addresses));
    CHECK(ran.finished.status == 0);
    CHECK(ran.count("ok") == 300);
    CHECK(ran.sum("num_retries") == 0);
    CHECK(ran.seconds < undisturbed_seconds() + kDelay);
  }
}

TEST_CASE("outage: an answer that came completely counts, even if the connection is reset after it") {
  const TempDir dir;
  const std::string key = dir / "key.pem";
  const std::string certificate = dir / "cert.pem";
  const auto made =
      run_process({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                   "-nodes", "-days", "2", "-subj", "/CN=bed", "-addext", "subjectAltName=IP:127.0.0.1",
                   "-keyout", key, "-out", certificate});
  REQUIRE_MESSAGE(made.status == 0, made.err);
  const std::vector<Arguments> ways{{}, {"--chunked"}, {"--cert", certificate, "--key", key}};
  for (const auto& way : ways) {
    const bool tls = way.size() > 1;
    CAPTURE(tls);
    Arguments arguments = {"--behind", "reset", "--announce", "--body", "1000"};
    arguments.insert(arguments.end(), way.begin(), way.end());
    const OutageServer server(arguments);
    std::string list = server.list(200);
    for (std::size_t at = 0; tls && (at = list.find("http:", at)) != std::string::npos; at += 6)
      list.insert(at + 4, "s");
    const auto ran = run_list(list, {"--retry", "0", "--cacert", certificate});
    CHECK(ran.finished.status == 0);
    CHECK(ran.count("ok") == 200);
  }
}

TEST_CASE("outage: a kept connection that ends just as the next request comes loses no GET, with --retry 0") {
  for (const std::string ending : {"close", "reset"}) {
    CAPTURE(ending);
    const OutageServer server({"--nth", "3", ending});
    const auto ran = run_list(server.list(300), {"--retry", "0"});
    CHECK(ran.finished.status == 0);
    CHECK(ran.count("ok") == 300);
    CHECK(ran.sum("num_retries") == 0);
  }
}

TEST_CASE("outage: an nginx that is restarted under keep-alive loses no GET, with --retry 0") {
  const TempDir dir;
  OutageServer behind({"--delay", "10"});
  write_file(dir / "upstream.conf",
             "upstream behind { server 127.0.0.1:" + std::to_string(behind.port()) + "; keepalive 64; }\n");
  Process nginx({std::string(LEAT_SOURCE_DIR) + "/tests/bench/nginx", dir.path(), "nginx-proxy.conf"});
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (read_file(dir / "nginx.pid").empty()) {
    REQUIRE_MESSAGE(std::chrono::steady_clock::now() < deadline, read_file(dir / "error.log"));
    std::this_thread::sleep_for(10ms);
  }
  const std::string base = "http://127.0.0.1:" + lines_of(read_file(dir / "port")).at(0) + "/";
  constexpr int kGets = 3000;
  constexpr int kRestarts = 5;
  std::string list;
  for (int i = 0; i < kGets; ++i) list += base + std::to_string(i) + "\n";
  write_file(dir / "urls", list);
  Process leat({LEAT_BINARY, "get", "-q", "--retry", "0", "-i", dir / "urls"});
  int ok = 0;
  for (int i = 0; i < kGets; ++i) {
    const auto line = leat.read_line();
    REQUIRE(line);
    if (JsonLine(*line).text("outcome") == "ok") ++ok;
    if (i % (kGets / (kRestarts + 1)) == 0 && i > 0) nginx.signal(SIGHUP);
  }
  CHECK(ok == kGets);
  CHECK(leat.wait().status == 0);
  nginx.signal(SIGTERM);
  nginx.wait();
}
