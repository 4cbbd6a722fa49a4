// What the machine does to a run: see tests/e2e/faults, The machine, and exit_test, kill_test and state_test.
#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/one_fetch.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/private_mounts.hpp"
#include "tests/support/process.hpp"

using namespace leat::tests;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Names = std::set<std::string>;

namespace {

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

// Runs leat with faulty_system preloaded; `fault` is a variable that it knows.
Finished run_faulty(const std::string& fault, std::vector<std::string> arguments,
                    const std::string& input = "") {
  std::vector<std::string> words{"env", "LD_PRELOAD=" LEAT_FAULTY_SYSTEM, fault, LEAT_BINARY};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return run_process(words, input);
}

std::map<std::string, int> outcomes(const std::string& out) {
  std::map<std::string, int> count;
  for (const auto& line : json_lines(out)) ++count[line.text("outcome")];
  return count;
}

std::string urls(const std::string& path, int count) {
  std::string list;
  for (int i = 0; i < count; ++i) list += origin().url(path + std::to_string(i)) + "\n";
  return list;
}

}  // namespace

TEST_CASE("machine: a system that has no descriptor for the event loop ends the run with 3, and says so") {
  for (const std::string call : {"epoll_create1", "pipe2", "eventfd"}) {
    for (const std::vector<std::string>& words : {std::vector<std::string>{"get", origin().url("/ok")},
                                                  {"bench", "-n", "1", origin().url("/ok")},
                                                  {"run", "urls " + origin().url("/ok")}}) {
      CAPTURE(call);
      CAPTURE(words[0]);
      const auto run = run_faulty("LEAT_TEST_EMFILE=" + call, words);
      CHECK(run.status == 3);
      CHECK(run.out.empty());
      CHECK(run.err.find("Too many open files") != std::string::npos);
    }
  }
}

TEST_CASE("machine: EIO on a write or an fsync fails that item alone, and leaves no file of it") {
  for (const std::string call : {"write", "fsync"}) {
    CAPTURE(call);
    const TempDir dir;
    const auto run =
        run_faulty("LEAT_TEST_EIO=" + call,
                   {"get", "--durable", "--order", "input", "--retry", "1", "-O", dir.path(),
                    origin().url("/size/1000/damaged.bin"), origin().url("/size/1000/good.bin")});
    CHECK(run.status == 1);
    const auto lines = json_lines(run.out);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].error_code() == "file_error");
    CHECK(lines[0].error_message().find("Input/output error") != std::string::npos);
    CHECK(lines[1].text("outcome") == "ok");
    CHECK(dir.names() == Names{"good.bin"});
    CHECK_MESSAGE(run.err.find("1 ok + 1 failed + 0 skipped + 0 not modified + 0 cancelled = 2 in") !=
                      std::string::npos,
                  run.err);
  }
}

TEST_CASE("machine: EIO on the journal ends the run with 3") {
  const TempDir dir;
  const auto run = run_faulty("LEAT_TEST_EIO=fsync", {"get", "--durable", "--state", dir / "damaged", "-O",
                                                      dir / "o", origin().url("/size/1000/a.bin")});
  CHECK(run.status == 3);
  CHECK(run.err.find("journal") != std::string::npos);
}

TEST_CASE("machine: a wall clock that is set back by hours changes no outcome and delays nothing") {
  const TempDir dir;
  const auto run =
      run_faulty("LEAT_TEST_CLOCK_BACK=7200",
                 {"get", "-j", "8", "--rate", "200/s", "--state", dir / "state", "-O", dir / "o"},
                 urls("/delay/5/", 60) + origin().url("/flaky/1/clock?retry-after=1") + "\n");
  CHECK(run.status == 0);
  CHECK(outcomes(run.out) == std::map<std::string, int>{{"ok", 61}});
  std::set<std::string> hours;  // the clock was really set back
  for (const auto& line : json_lines(run.out)) {
    hours.insert(line.text("started_at").substr(0, 13));
    CHECK(line.number("time_total") >= 0);
    CHECK(line.number("time_queue") >= 0);
  }
  CHECK(hours.size() > 1);
}

TEST_CASE(
    "machine: on a full disk complete files stay, incomplete ones keep their .part, and the rest is "
    "cancelled") {
  if (!has_private_mounts()) {
    MESSAGE("no private mount namespace here: not tested");
    return;
  }
  const TempDir dir;
  const std::string command = "mount -t tmpfs -o size=64k tmpfs " + dir.path() + " && \"$0\" get -j 2 -O " +
                              dir.path() + "; echo status $?; cd " + dir.path() +
                              " && for f in *; do echo $f $(stat -c %s $f); done";
  const auto run =
      run_process({"unshare", "-m", "/bin/sh", "-c", command, LEAT_BINARY}, urls("/size/20K/", 20));
  std::map<std::string, int> count;
  std::map<std::string, std::string> sizes;
  bool status_seen = false;
  for (const auto& text : lines_of(run.out)) {
    if (text.starts_with("{")) {
      const JsonLine line(text);
      ++count[line.text("outcome")];
      if (line.text("outcome") == "failed") CHECK(line.error_code() == "disk_full");
    } else if (text.starts_with("status")) {
      status_seen = true;
      CHECK(text == "status 3");
    } else {
      sizes[text.substr(0, text.find(' '))] = text.substr(text.find(' ') + 1);
    }
  }
  CHECK(status_seen);
  CHECK(count["ok"] + count["failed"] + count["cancelled"] == 20);
  CHECK(count["ok"] == 3);
  CHECK(count["failed"] >= 1);
  int whole = 0;
  int parts = 0;
  for (const auto& [name, size] : sizes) {
    if (name.ends_with(".part")) {
      ++parts;
    } else {
      ++whole;
      CHECK(size == "20480");
    }
  }
  CHECK(whole == 3);
  CHECK(parts >= 1);
  CHECK_MESSAGE(run.err.find(" = 20 in;") != std::string::npos, run.err);
}

TEST_CASE(
    "machine: a directory that takes no file is file_error, and one in the file's place has it within") {
  const auto read_only = run_leat({"get", "-q", "-O", "/sys/kernel", origin().url("/size/10/x.bin")});
  CHECK(read_only.status == 1);
  CHECK(json_lines(read_only.out).at(0).error_code() == "file_error");
  for (const std::string how : {"resume", "skip", "overwrite", "fail"}) {
    CAPTURE(how);
    const TempDir dir;
    fs::create_directories(dir / "taken");
    const auto run =
        run_leat({"get", "-q", "--on-exist", how, "-O", dir.path(), origin().url("/size/10/taken")});
    CHECK(run.status == 0);
    CHECK(fs::file_size(dir / "taken/index.html") == 10);
    CHECK(dir.names() == Names{"taken"});
  }
  const TempDir dir;
  fs::create_directories(dir / "taken.part");
  for (const std::string how : {"resume", "skip", "overwrite", "fail"}) {
    CAPTURE(how);
    const auto run =
        run_leat({"get", "-q", "--on-exist", how, "-O", dir.path(), origin().url("/size/10/taken")});
    CHECK(run.status == 1);
    CHECK(json_lines(run.out).at(0).error_code() == "file_error");
    CHECK(dir.names() == Names{"taken.part"});
  }
}

TEST_CASE("machine: a run whose directory was removed writes its results to standard output all the same") {
  const TempDir dir;
  const auto run =
      run_process({"/bin/sh", "-c", "mkdir \"$1\" && cd \"$1\" && rmdir \"$1\" && exec \"$0\" get -q \"$2\"",
                   LEAT_BINARY, dir / "gone", origin().url("/ok/gone")});
  CHECK(run.status == 0);
  CHECK(json_lines(run.out).at(0).text("outcome") == "ok");
}

TEST_CASE("machine: missing directories are created, as deep as the template says") {
  const TempDir dir;
  const auto run = run_leat({"get", "-q", "-o", dir / "a/b/{host}/c/{name}", origin().url("/size/10/x.bin")});
  CHECK(run.status == 0);
  CHECK(fs::file_size(dir / "a/b/127.0.0.1/c/x.bin") == 10);
}

TEST_CASE("machine: a standard input that never ends is read on, and its results come at once") {
  Process leat({LEAT_BINARY, "get", "-q", "-j", "4"});
  for (int i = 0; i < 5; ++i) {
    leat.write(origin().url("/ok/" + std::to_string(i)) + "\n");
    const auto line = leat.read_line(20s);
    REQUIRE(line.has_value());
    CHECK(JsonLine(*line).number("line") == i + 1);
  }
  leat.write(origin().url("/ok/half-a-line"));  // without its line end it is no line yet
  CHECK_FALSE(leat.read_line(200ms).has_value());
  leat.signal(SIGINT);
  const auto run = leat.wait(20s);
  CHECK(run.status == 130);
}

TEST_CASE(
    "machine: a journal that is cut, zeroed, empty, foreign or of a later format is refused and left as it "
    "is") {
  const TempDir dir;
  const std::string list = urls("/ok/", 20);
  CHECK(run_leat({"get", "-q", "--state", dir / "state"}, list).status == 0);
  const std::string good = read_file(dir / "state");
  REQUIRE(good.size() > 8192);
  std::string later = good;
  later[60 + 2] = 0x7f;  // SQLite's user_version, which holds the format, is at byte 60
  const std::map<std::string, std::string> kinds{
      {"cut within a page", good.substr(0, 5000)},
      {"cut between pages", good.substr(0, 8192)},
      {"zeroed", std::string(good.size(), '\0')},
      {"its beginning zeroed", std::string(4096, '\0') + good.substr(4096)},
      {"empty", ""},
      {"a text", "http://example.org/\n"},
      {"of a later format", later},
      {"damaged within", good.substr(0, 4096) + std::string(2000, '\xA5') + good.substr(6096)},
  };
  const auto before = origin().requests_of("/ok/0");
  for (const auto& kind : kinds) {
    const std::string& name = kind.first;
    CAPTURE(name);
    write_file(dir / "bad", kind.second);
    const auto run = run_leat({"get", "-q", "--state", dir / "bad"}, list);
    CHECK(run.status == 3);
    CHECK(run.out.empty());
    CHECK_MESSAGE(run.err.find("name another --state file") != std::string::npos, run.err);
    CHECK((read_file(dir / "bad") == kind.second));
    CHECK(dir.names() == Names{"bad", "state"});
  }
  CHECK(origin().requests_of("/ok/0") == before);
}

TEST_CASE(
    "machine: a resolver that never answers is dns_timeout, and delays neither another host nor the end") {
  if (!has_private_mounts()) {
    MESSAGE("no private mount namespace here: not tested");
    return;
  }
  const TempDir dir;
  // Uses an address of its own, since other tests may run at the same time.
  const std::string address =
      "127.1." + std::to_string(::getpid() / 250 % 250) + "." + std::to_string(1 + ::getpid() % 250);
  write_file(dir / "resolv.conf", "nameserver " + address + "\noptions timeout:20 attempts:3\n");
  write_file(dir / "nsswitch.conf", "hosts: files dns\n");
  // A name server that takes questions and never answers.
  const std::string program =
      "import socket, subprocess, sys\n"
      "mute = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
      "mute.bind((sys.argv[1], 53))\n"
      "sys.exit(subprocess.call(sys.argv[2:]))\n";
  const std::string command = "mount --bind " + dir / "resolv.conf" + " /etc/resolv.conf && mount --bind " +
                              dir / "nsswitch.conf" + " /etc/nsswitch.conf && exec python3 -c \"$0\" \"$@\"";
  const auto before = std::chrono::steady_clock::now();
  const auto run =
      run_process({"unshare", "-m", "/bin/sh", "-c", command, program, address, LEAT_BINARY, "get", "--retry",
                   "0", "--connect-timeout", "1s", "http://mute.example.org/", origin().url("/ok")});
  CHECK(std::chrono::steady_clock::now() - before < 15s);  // while the look-up itself takes a minute
  CHECK(run.status == 1);
  const auto lines = json_lines(run.out);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].text("outcome") == "ok");
  CHECK(lines[1].error_code() == "dns_timeout");
}

TEST_CASE(
    "machine: a jar is what it was where the disk has no room for another, and is written where it is "
    "mounted") {
  if (!has_private_mounts()) {
    MESSAGE("no private mount namespace here: not tested");
    return;
  }
  const TempDir dir;
  const std::string jar = "# Netscape HTTP Cookie File\na.org\tFALSE\t/\tFALSE\t4000000000\tk\told\n";
  write_file(dir / "jar", jar);
  const auto in_mounts = [&](const std::string& mount, const std::string& path) {
    const std::string command =
        mount + " && \"$0\" get -q -c " + path + " \"$1\"; echo status $?; cat " + path;
    return run_process(
        {"unshare", "-m", "/bin/sh", "-c", command, LEAT_BINARY, origin().url("/cookie/set?name=new")});
  };
  const std::string full = dir / "full";
  std::filesystem::create_directory(full);
  const auto refused = in_mounts(
      "mount -t tmpfs -o nr_inodes=2 tmpfs " + full + " && cp " + (dir / "jar") + " " + full + "/jar",
      full + "/jar");
  CHECK(refused.out.ends_with("status 3\n" + jar));
  CHECK(refused.err.find("No space left") != std::string::npos);
  const auto mounted = in_mounts("mount --bind " + (dir / "jar") + " " + (dir / "jar"), dir / "jar");
  CHECK(mounted.out.find("status 0\n# Netscape") != std::string::npos);
  CHECK(read_file(dir / "jar") != jar);
  CHECK(mounted.out.find("\tname\tnew\n") != std::string::npos);
}
