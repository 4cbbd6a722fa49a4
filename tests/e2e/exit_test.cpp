#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

#include "tests/support/concurrent.hpp"
#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/private_mounts.hpp"
#include "tests/support/process.hpp"

using namespace leat::tests;
using namespace std::chrono_literals;

namespace {

std::string urls(const OriginProcess& server, const std::string& path, int count) {
  std::string list;
  for (int i = 0; i < count; ++i) list += server.url(path + std::to_string(i)) + "\n";
  return list;
}

struct Outcomes {
  int ok = 0;
  int cancelled = 0;
  int other = 0;
};

Outcomes outcomes(const std::string& out) {
  Outcomes sum;
  for (const auto& line : json_lines(out)) {
    const std::string outcome = line.text("outcome");
    ++(outcome == "ok" ? sum.ok : outcome == "cancelled" ? sum.cancelled : sum.other);
  }
  return sum;
}

}  // namespace

TEST_CASE("exit: it is 0 if all is ok, and 1 if a record failed") {
  const OriginProcess server;
  CHECK(run_leat({"get", server.url("/ok")}).status == 0);
  CHECK(run_leat({"get", server.url("/ok"), server.url("/status/500"), "--retry", "0"}).status == 1);
  CHECK(run_leat({"get"}, "# nothing\n\n").status == 0);
}

TEST_CASE("exit: it is 2 for a usage error, which names the option, and nothing is started") {
  const OriginProcess server;
  const std::string url = server.url("/ok");
  struct Case {
    std::vector<std::string> arguments;
    std::string named;
  };
  const std::vector<Case> cases{
      {{"get", "-j", "0", url}, "--jobs"},
      {{"get", "-j", "70000", url}, "--jobs"},
      {{"get", "-j", "x", url}, "--jobs"},
      {{"get", "--per-host", "0", url}, "--per-host"},
      {{"get", "--slow-callback", "1s", url}, "--debug"},
      {{"get", "--debug", "--slow-callback", "x", url}, "--slow-callback"},
      {{"get", "--rate", "0", url}, "--rate"},
      {{"get", "--per-host-rate", "5/day", url}, "--per-host-rate"},
      {{"get", "--window", "0", url}, "--window"},
      {{"get", "--limit-rate", "fast", url}, "--limit-rate"},
      {{"get", "--timeout", "5x", url}, "--timeout"},
      {{"get", "--timeout", "-1", url}, "--timeout"},
      {{"get", "--order", "random", url}, "--order"},
      {{"get", "--format", "xml", url}, "--format"},
      {{"get", "--include", "everything", url}, "--include"},
      {{"get", "--on-exist", "explode", url}, "--on-exist"},
      {{"get", "--retry", "-1", url}, "--retry"},
      {{"get", "--max-size", "1Q", url}, "--max-size"},
      {{"get", "-H", "no colon", url}, "--header"},
      {{"get", "-o", "out/{nosuch}", url}, "nosuch"},
      {{"get", "-o", "out/{name", url}, "--output"},
      {{"get", "--jbos", "3", url}, "--jobs"},
      {{"get", "-i", "/nonexistent/list", "-j", "1"}, "/nonexistent/list"},
      {{"run", "--state-timeout", "5s", "urls " + url + " | fetch | null"}, "needs the --state of a job"},
      {{"run", "--state", "/nonexistent/db", "--state-timeout", "5s", "urls " + url + " | fetch | null"},
       "a file is never away"},
      {{"gte", url}, "get"},
      {{}, "get"},
  };
  for (const auto& c : cases) {
    std::string words;
    for (const auto& word : c.arguments) words += word + " ";
    CAPTURE(words);
    const auto run = run_leat(c.arguments);
    CHECK(run.status == 2);
    CHECK(run.out.empty());
    CHECK_MESSAGE(run.err.find(c.named) != std::string::npos, run.err);
  }
  CHECK(server.stats().requests == 0);
}

TEST_CASE("exit: get refuses a job before it makes anything, and --plan prints the spec for one") {
  const TempDir dir;
  std::vector<std::string> words{"get",      "--state",   "redis://127.0.0.1:1/0/job",
                                 "--record", dir / "rec", "http://127.0.0.1:1/"};
  const auto refused = run_leat(words);
  CHECK(refused.status == 2);
  CHECK(refused.err.find("--state: several processes work on what leat run does") != std::string::npos);
  CHECK(dir.names().empty());
  words.emplace_back("--plan");
  const auto plan = run_leat(words);
  CHECK(plan.status == 0);
  CHECK(plan.out.find("| fetch ") != std::string::npos);
}

TEST_CASE("exit: --version names leat, its libraries, and what these can do") {
  const auto run = run_leat({"--version"});
  CHECK(run.status == 0);
  for (const char* name : {"leat ", "libcurl", "libuv", "SSL"})
    CHECK(run.out.find(name) != std::string::npos);
  const auto lines = lines_of(run.out);
  REQUIRE(lines.size() == 3);
  CHECK(lines[2].starts_with("features: "));
  for (const char* name : {" HTTP2", " IPv6", " libz"}) CHECK(lines[2].find(name) != std::string::npos);
  CHECK(lines[2].find("HSTS") == std::string::npos);  // leat keeps no such list
  CHECK(run_leat({"--help"}).status == 0);
  CHECK(run_leat({"get", "--help"}).out.find("--jobs") != std::string::npos);
}

TEST_CASE(
    "exit: the first SIGINT lets transfers finish, starts nothing more, and gives 130 with a true sum") {
  const OriginProcess server;
  Process process({LEAT_BINARY, "get", "-j", "4"});
  process.write(urls(server, "/delay/600/", 40));
  wait_for_concurrent(server, 4);
  process.signal(SIGINT);
  const auto run = process.wait();
  CHECK(run.status == 130);
  const auto sum = outcomes(run.out);
  CHECK(sum.ok == 4);
  CHECK(sum.other == 0);
  CHECK(server.stats().requests == 4);
  CHECK(run.err.find(std::to_string(sum.ok + sum.cancelled)) != std::string::npos);
}

TEST_CASE("exit: the second signal stops at once, and everything that was read is accounted for") {
  const OriginProcess server;
  Process process({LEAT_BINARY, "get", "-j", "4"});
  process.write(urls(server, "/hang/", 10));
  wait_for_concurrent(server, 4);
  const auto before = std::chrono::steady_clock::now();
  process.signal(SIGTERM);
  REQUIRE(process.wait_for_error("no new transfers"));
  process.signal(SIGTERM);
  const auto run = process.wait();
  CHECK(run.status == 143);
  CHECK(std::chrono::steady_clock::now() - before < 5s);
  const auto sum = outcomes(run.out);
  CHECK(sum.ok == 0);
  CHECK(sum.cancelled >= 4);
  CHECK(sum.other == 0);
}

TEST_CASE("exit: SIGHUP is taken for SIGTERM, and is ignored in a run that was started with it ignored") {
  for (const bool is_ignored : {false, true}) {
    CAPTURE(is_ignored);
    const OriginProcess server;
    const std::string script = is_ignored ? "trap '' HUP; exec \"$0\" \"$@\"" : "exec \"$0\" \"$@\"";
    Process process({"/bin/sh", "-c", script, LEAT_BINARY, "get", "-j", "4"});
    process.write(urls(server, "/delay/600/", 8));
    wait_for_concurrent(server, 4);
    process.signal(SIGHUP);
    if (!is_ignored) REQUIRE(process.wait_for_error("hung up: no new transfers"));
    process.close_input();
    const auto run = process.wait();
    CHECK(run.status == (is_ignored ? 0 : 143));
    const auto sum = outcomes(run.out);
    CHECK(sum.ok == (is_ignored ? 8 : 4));
    CHECK(sum.other == 0);
  }
}

TEST_CASE("exit: the command of --exec ends with leat, also when that is killed") {
  const OriginProcess server;
  const TempDir dir;
  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
  Process process({LEAT_BINARY, "get", "--exec", "sh -c 'echo $$ > \"$0\"; exec sleep 60' " + (dir / "fifo"),
                   server.url("/ok")});
  const int pid = std::stoi(read_file(dir / "fifo"));
  process.signal(SIGKILL);
  process.wait();
  for (int i = 0; i < 5000 && ::kill(pid, 0) == 0; ++i) std::this_thread::sleep_for(1ms);
  CHECK(::kill(pid, 0) != 0);
}

TEST_CASE("exit: the command of --exec inherits no descriptor and no variable that may be a secret") {
  const OriginProcess server;
  const auto run =
      run_process({"/bin/sh", "-c",
                   "exec 9</dev/null; LEAT_USER=me:s3cret OTHER=kept exec \"$0\" get --exec \"$1\" --format "
                   "'{meta.exec}' \"$2\"",
                   LEAT_BINARY, "sh -c 'ls /proc/self/fd; env'", server.url("/ok")});
  CHECK(run.status == 0);
  const auto lines = lines_of(run.out);
  CHECK(std::find(lines.begin(), lines.end(), "9") == lines.end());
  CHECK(std::find(lines.begin(), lines.end(), "2") != lines.end());
  CHECK(run.out.find("OTHER=kept") != std::string::npos);
  CHECK(run.out.find("s3cret") == std::string::npos);
}

TEST_CASE("exit: a second signal ends a run within moments that a command or a reader holds up") {
  const OriginProcess server;
  Process commands({LEAT_BINARY, "get", "--exec", "sh -c 'trap \"\" TERM; sleep 60'", server.url("/ok/a")});
  for (int i = 0; i < 30'000 && server.requests_of("/ok/a") == 0; ++i) std::this_thread::sleep_for(1ms);
  commands.signal(SIGINT);
  REQUIRE(commands.wait_for_error("no new transfers"));
  const auto before = std::chrono::steady_clock::now();
  commands.signal(SIGINT);
  CHECK(commands.wait().status == 130);
  CHECK(std::chrono::steady_clock::now() - before < 900ms);  // 0.1 s, and a busy machine
}

TEST_CASE("exit: --grace limits how long a signal waits for running transfers") {
  const OriginProcess server;
  Process process({LEAT_BINARY, "get", "--grace", "200ms", server.url("/hang/x")});
  wait_for_concurrent(server, 1);
  process.signal(SIGINT);
  const auto run = process.wait(10s);
  CHECK(run.status == 130);
  CHECK(outcomes(run.out).cancelled == 1);
}

TEST_CASE("exit: SIGUSR1 shows tasks, hosts and queues only on standard error, and the run goes on") {
  const OriginProcess server;
  Process process({LEAT_BINARY, "get", "-q", "-j", "4", "--per-host", "3"});
  process.write(urls(server, "/delay/500/", 4));
  wait_for_concurrent(server, 3);
  process.signal(SIGUSR1);
  REQUIRE(process.wait_for_error("QUEUE"));
  process.close_input();
  const auto run = process.wait();
  CHECK(run.status == 0);
  CHECK(json_lines(run.out).size() == 4);
  CHECK(outcomes(run.out).ok == 4);
  const std::string host = "http://127.0.0.1:" + std::to_string(server.port());
  for (const std::string& words :
       {std::string("awaits transfer"), std::string("awaits host"), host, std::string("lines > fetch")}) {
    CAPTURE(words);
    CHECK_MESSAGE(run.err.find(words) != std::string::npos, run.err);
  }
}

TEST_CASE("exit: --debug finds nothing wrong in a run with failures, retries and a signal") {
  const OriginProcess server;
  Process process(
      {LEAT_BINARY, "get", "-q", "--debug", "--slow-callback", "2s", "-j", "8", "--grace", "100ms"});
  process.write(urls(server, "/ok/", 20) + urls(server, "/status/404/", 3) +
                server.url("/flaky/1/debug?retry-after=0") + "\nbad line\n" + urls(server, "/hang/", 3));
  for (int i = 0; i < 25; ++i) REQUIRE(process.read_line().has_value());
  wait_for_concurrent(server, 3);
  process.signal(SIGINT);
  const auto run = process.wait();
  CHECK(run.status == 130);
  CHECK_MESSAGE(run.err.find("debug:") == std::string::npos, run.err);
}

TEST_CASE("exit: a reader that closes standard output ends the run with 0 and without an error") {
  const OriginProcess server;
  Process process({LEAT_BINARY, "get", "-j", "2"});
  process.write(urls(server, "/ok/", 500));
  REQUIRE(process.read_line().has_value());
  process.close_output();
  process.write(urls(server, "/ok/", 500));
  const auto run = process.wait(10s);
  CHECK(run.status == 0);
  CHECK(run.err.find("rror") == std::string::npos);
}

TEST_CASE("exit: it does so also while nothing is being written and the input stays open") {
  const OriginProcess server;
  Process process({LEAT_BINARY, "get"});
  process.write(server.url("/ok/1") + "\n" + server.url("/hang/1") + "\n");
  REQUIRE(process.read_line().has_value());
  process.close_output();
  CHECK(process.wait(10s).status == 0);
}

TEST_CASE("exit: a limit that is reached ends what runs, also while the input stays open") {
  const OriginProcess server;
  Process process({LEAT_BINARY, "run", "-q", "lines | fetch n=8 | limit 1 | write"});
  process.write(server.url("/hang/1") + "\n" + server.url("/ok/1") + "\n" + server.url("/hang/2") + "\n");
  CHECK(process.read_line().has_value());
  CHECK(process.wait(10s).status == 0);
}

TEST_CASE("exit: it is 3 if standard output can't be written") {
  const OriginProcess server;
  const auto run =
      run_process({"/bin/sh", "-c", "\"$0\" get " + server.url("/ok") + " > /dev/full", LEAT_BINARY});
  CHECK(run.status == 3);
  CHECK(run.err.find("No space left") != std::string::npos);
}

TEST_CASE("exit: a directory that can't be written fails the record as file_error") {
  const OriginProcess server;
  const TempDir dir;
  write_file((dir / "file"), "x");
  const auto run = run_leat({"get", "-o", (dir / "file/{host}/{name}"), server.url("/ok/a")});
  CHECK(run.status == 1);
  CHECK(json_lines(run.out).at(0).error_code() == "file_error");
}

TEST_CASE("exit: a full disk ends the run with 3, and nothing is missing from the sum") {
  const TempDir dir;
  const std::string mount = "mount -t tmpfs -o size=64k tmpfs " + dir.path();
  if (!has_private_mounts()) {
    MESSAGE("no private mount namespace here: not tested");
    return;
  }
  const OriginProcess server;
  const std::string command = mount + " && exec \"$0\" get -j 2 -O " + dir.path();
  Process process({"unshare", "-m", "/bin/sh", "-c", command, LEAT_BINARY});
  process.write(urls(server, "/size/20K/", 20));
  process.close_input();
  const auto run = process.wait();
  CHECK(run.status == 3);
  bool disk_full = false;
  for (const auto& line : json_lines(run.out)) disk_full = disk_full || line.error_code() == "disk_full";
  CHECK(disk_full);
}

TEST_CASE("exit: a standard output that somebody made non-blocking, with a slow reader, gets every line") {
  const OriginProcess server;
  const std::string command =
      "python3 -c 'import os,sys,subprocess; os.set_blocking(1,False); "
      "sys.exit(subprocess.call(sys.argv[1:]))' \"$0\" get -j 8 -q";
  Process process({"/bin/sh", "-c", command, LEAT_BINARY});
  process.write(urls(server, "/ok/", 400));
  process.close_input();
  const auto run = process.wait();
  CHECK(run.status == 0);
  CHECK(lines_of(run.out).size() == 400);
}

TEST_CASE("exit: with few descriptors there are fewer transfers at once, and nothing fails") {
  const OriginProcess server;
  const TempDir dir;
  Process process({"/bin/sh", "-c",
                   "ulimit -Sn 80; ulimit -Hn 80; exec \"$0\" get -q -j 500 -O " + dir.path(), LEAT_BINARY});
  process.write(urls(server, "/delay/5/", 300));
  process.close_input();
  const auto run = process.wait();
  CHECK(run.status == 0);
  CHECK(outcomes(run.out).ok == 300);
  CHECK(server.stats().peak > 1);
}

TEST_CASE("exit: with too few descriptors nothing is started, and the limit is named") {
  const OriginProcess server;
  const TempDir dir;
  const std::string get =
      " get -q --state " + dir / "state" + " --failed " + dir / "failed" + " -O " + dir / "out ";
  const auto limited = [](int limit, const std::string& command) {
    const std::string text = std::to_string(limit);
    return run_process({"/bin/sh", "-c",
                        "ulimit -Sn " + text + "; ulimit -Hn " + text + "; exec \"$0\"" + command,
                        LEAT_BINARY});
  };
  for (const std::string& command :
       {get + server.url("/ok/no"), " run 'urls " + server.url("/ok/no") + " | fetch'",
        " bench -n 1 " + server.url("/ok/no")}) {
    CAPTURE(command);
    const auto refused = limited(17, command);
    CHECK(refused.status == 2);
    CHECK(refused.out.empty());
    CHECK(refused.err.find("RLIMIT_NOFILE) is 17,") != std::string::npos);
    CHECK(refused.err.find("ulimit -n 1024") != std::string::npos);
  }
  CHECK(dir.names().empty());
  CHECK(server.requests_of("/ok/no") == 0);
  const auto run = limited(32, get + server.url("/ok/yes"));
  CHECK(run.status == 0);
  CHECK(outcomes(run.out).ok == 1);
  const auto plain = limited(20, " get -q -j 8 -o '" + dir / "out/{id}/{name}" + "' " + server.url("/ok/1") +
                                     " " + server.url("/ok/2") + " " + server.url("/ok/3"));
  CHECK_MESSAGE(plain.status == 0, plain.err);
  CHECK(outcomes(plain.out).ok == 3);
}

#ifndef LEAT_SANITIZED  // a sanitizer needs memory of its own
TEST_CASE("exit: a million lines need no more memory than a few") {
  // Python starts leat: a child's peak begins with that of the process that forks it, and this process may be
  // large.
  const std::string program =
      "import resource, subprocess, sys\n"
      "seq = subprocess.Popen(['seq', '-f', 'ftp://a.org/%.0f', '1000000'], stdout=subprocess.PIPE)\n"
      "leat = subprocess.run([sys.argv[1], 'get', '-q'], stdin=seq.stdout, stdout=subprocess.DEVNULL)\n"
      "seq.wait()\n"
      "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
      "sys.exit(leat.returncode)\n";
  Process process({"python3", "-c", program, LEAT_BINARY});
  process.close_input();
  const auto run = process.wait(120s);
  CHECK(run.status == 1);
  const long kibibytes = std::stol(run.out);
  CHECK(kibibytes > 1024);
  CHECK(kibibytes < 64 * 1024);
}
#endif

TEST_CASE("exit: --max-time ends a run as the first SIGINT does, and a run that ends before is not touched") {
  const OriginProcess server;
  const auto late =
      run_leat({"run", "--max-time", "200ms", "--grace", "50ms",
                "urls " + server.url("/ok") + " " + server.url("/delay/20000/x") + " | fetch | write json"});
  CHECK(late.status == 130);
  CHECK(late.err.find("--max-time is over after 200ms") != std::string::npos);
  CHECK(json_lines(late.out).size() == 2);
  CHECK(run_leat({"run", "--max-time", "1min", "urls " + server.url("/ok") + " | fetch | null"}).status == 0);
  CHECK(run_leat({"run", "--max-time", "soon", "lines | null"}).status == 2);
}

TEST_CASE("exit: the first signal ends the wait of until=, and a record that it was false of is cancelled") {
  const OriginProcess server;
  for (const char* path : {"/ok/a", "/delay/600/a"}) {  // while it waits, while it is being asked
    CAPTURE(path);
    const auto ended =
        run_leat({"run", "--max-time", "200ms", "--grace", "1h",
                  "urls " + server.url(path) + " | fetch until=(false) every=1h | write json"});
    CHECK(ended.status == 130);
    CHECK(only_line(ended).error_code() == "cancelled");
  }
  const auto done = run_leat({"run", "--max-time", "200ms", "--grace", "1h",
                              "urls " + server.url("/delay/600/a") + " | fetch until=(true) | write json"});
  CHECK(only_line(done).text("outcome") == "ok");
}
