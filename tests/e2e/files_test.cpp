#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "engine/io/fd.hpp"
#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scripted_server.hpp"

using namespace leat::tests;
using Names = std::set<std::string>;
namespace fs = std::filesystem;

namespace {

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

std::string answer(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// A server whose bodies say which path they are of.
ScriptedServer& named_bodies() {
  static ScriptedServer server([](const std::string& head) {
    const auto begin = head.find(' ') + 1;
    return Script(answer("body of " + head.substr(begin, head.find(' ', begin) - begin)));
  });
  return server;
}

std::string sha256_of(const std::string& text) {
  const TempDir dir;
  write_file(dir / "x", text);
  return run_process({"sha256sum", dir / "x"}).out.substr(0, 64);
}

Names files_below(const std::string& path) {
  Names names;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) names.insert(fs::relative(entry.path(), path));
  }
  return names;
}

void wait_until_asked(const std::string& path) {
  for (int i = 0; i < 30'000 && origin().requests_of(path) == 0; ++i) ::usleep(1000);
  REQUIRE(origin().requests_of(path) > 0);
}

constexpr const char* kPolicies[] = {"resume", "skip", "overwrite", "rename", "fail"};

}  // namespace

TEST_CASE("files: a FIFO is written to and stays one, whatever --on-exist says") {
  for (const char* how : kPolicies) {
    CAPTURE(how);
    const TempDir dir;
    REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
    const leat::io::Fd reader(::open((dir / "fifo").c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    const auto run = run_leat(
        {"get", "--on-exist", how, "-o", dir / "fifo", named_bodies().url("/a"), named_bodies().url("/b")});
    CHECK(run.status == 0);
    CHECK(json_lines(run.out).at(0).text("filename") == dir / "fifo");
    char bytes[64]{};
    const auto count = ::read(reader.get(), bytes, sizeof bytes);
    const std::string got(bytes, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    CHECK((got == "body of /abody of /b" || got == "body of /bbody of /a"));
    CHECK(fs::is_fifo(dir / "fifo"));
    CHECK(dir.names() == Names{"fifo"});
  }
}

TEST_CASE("files: a FIFO waits for its reader, and a signal ends that") {
  const TempDir dir;
  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
  Process late({LEAT_BINARY, "get", "-q", "-o", dir / "fifo", origin().url("/ok/late")});
  wait_until_asked("/ok/late");
  CHECK(run_process({"cat", dir / "fifo"}).out == "ok\n");
  CHECK(late.wait().status == 0);
  Process never({LEAT_BINARY, "get", "-q", "--grace", "0", "-o", dir / "fifo", origin().url("/ok/never")});
  wait_until_asked("/ok/never");
  never.signal(SIGTERM);
  CHECK(never.wait().status == 143);
}

TEST_CASE("files: a device is written to and never replaced; one among names that URLs make is refused") {
  const TempDir dir;
  fs::create_directory(dir / "o");
  for (const char* name : {"null", "o/x"}) {
    if (::mknod((dir / name).c_str(), S_IFCHR | 0666, makedev(1, 3)) != 0) return;  // only root may
  }
  for (const char* how : kPolicies) {
    CAPTURE(how);
    const auto run = run_leat({"get", "--on-exist", how, "-o", dir / "null", origin().url("/size/30M/x")});
    CHECK(run.status == 0);
    CHECK(json_lines(run.out).at(0).number("size_download") == 30 << 20);
    const auto refused = run_leat({"get", "--on-exist", how, "-O", dir / "o", origin().url("/ok/x")});
    CHECK(refused.status == 1);
    CHECK(json_lines(refused.out).at(0).error_code() == "file_error");
    for (const char* name : {"null", "o/x"}) CHECK(fs::is_character_file(dir / name));
  }
}

TEST_CASE("files: a full device ends the run with 3, and a socket is refused") {
  const TempDir dir;
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, (dir / "socket").c_str(), sizeof address.sun_path - 1);
  REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  const auto refused =
      run_leat({"get", "--on-exist", "overwrite", "-o", dir / "socket", origin().url("/ok/x")});
  ::close(listener);
  CHECK(refused.status == 1);
  CHECK(fs::is_socket(dir / "socket"));
  if (::mknod((dir / "full").c_str(), S_IFCHR | 0666, makedev(1, 7)) != 0) return;
  const auto full = run_leat({"get", "-o", dir / "full", origin().url("/ok/x")});
  CHECK(full.status == 3);
  CHECK(json_lines(full.out).at(0).error_code() == "disk_full");
}

TEST_CASE(
    "files: -o - prints bodies as they are, in the order of the input, and results only with --format") {
  std::vector<std::string> arguments{"get", "-j", "8"};
  std::string expected;
  for (int i = 0; i < 20; ++i) {
    const std::string path = "/delay/" + std::to_string(i % 4 * 30) + "/" + std::to_string(i);
    arguments.push_back(origin().url(path));
    expected += "ok\n";
  }
  for (const char* name : {"-", "/dev/stdout"}) {
    auto all = arguments;
    all.insert(all.end(), {"-o", name});
    const auto run = run_leat(all);
    CHECK(run.status == 0);
    CHECK(run.out == expected);
    CHECK(run.err.find("20 ok") != std::string::npos);
  }
  const auto both = run_leat({"get", "-o", "-", "--format", "{id} {size_download}", named_bodies().url("/a"),
                              named_bodies().url("/b")});
  CHECK(both.out == "body of /a1 10\nbody of /b2 10\n");
  const auto failed =
      run_leat({"get", "-q", "-o", "-", origin().url("/status/404/x"), origin().url("/ok/x")});
  CHECK(failed.status == 1);
  CHECK(failed.out == "ok\n");
  CHECK(run_leat({"get", "-o", "-", "-O", "x", origin().url("/ok/never")}).status == 2);
  CHECK(run_leat({"get", "-o", "-", "--fields", "url", origin().url("/ok/never")}).status == 2);
}

TEST_CASE("files: -o - prints a large body whole, and standard output that is full ends the run with 3") {
  const auto run = run_leat({"get", "-q", "-o", "-", origin().url("/size/40M/x")});
  CHECK(run.out.size() == 40u << 20);
  const auto full = run_process(
      {"/bin/sh", "-c", "\"$0\" get -o - " + origin().url("/ok/x") + " > /dev/full", LEAT_BINARY});
  CHECK(full.status == 3);
}

TEST_CASE(
    "files: an output that is the run's own list, journal, --failed or jar is refused before anything "
    "starts") {
  const TempDir dir;
  write_file(dir / "list", origin().url("/ok/never-own") + "\n");
  fs::create_symlink("list", dir / "link");
  fs::create_hard_link(dir / "list", dir / "twin");
  for (const char* output : {"list", "link", "twin"}) {
    const auto run = run_leat({"get", "--on-exist", "overwrite", "-i", dir / "list", "-o", dir / output});
    CHECK(run.status == 2);
    CHECK(run.err.find("it is the file of --input") != std::string::npos);
  }
  for (const char* option : {"--state", "--failed", "--cookie-jar"}) {
    const auto run = run_leat({"get", option, dir / "own", "-o", dir / "own", origin().url("/ok/never-own")});
    CHECK(run.status == 2);
    CHECK(run.err.find(std::string("it is the file of ") + option) != std::string::npos);
  }
  CHECK(origin().requests_of("/ok/never-own") == 0);
  CHECK(read_file(dir / "list") == origin().url("/ok/never-own") + "\n");
}

TEST_CASE("files: a jar and --failed are refused where they would overwrite what the run reads") {
  const TempDir dir;
  const std::string url = origin().url("/cookie/set?a=b");
  write_file(dir / "own", "");
  fs::create_hard_link(dir / "own", dir / "twin");
  const auto keeps = [&](std::vector<std::string> args, std::string_view named, int status = 2) {
    write_file(dir / "own", url + "\n");
    const auto run = run_leat(args);
    CAPTURE(run.err);
    CHECK(run.status == status);
    CHECK(run.err.find(named) != std::string::npos);
    CHECK(read_file(dir / "own") == url + "\n");
  };
  const std::string own = dir / "own";
  keeps({"get", "-c", own, "-i", own}, "it is the file of --input, and would be overwritten");
  keeps({"get", "-c", dir / "twin", "-i", own}, "it is the file of --input");
  keeps({"get", "--failed", own, "-d", "@" + own, url}, "it is the file of --data");
  keeps({"get", "-c", own, "--netrc-file", own, url}, "it is the file of --netrc-file");
  keeps({"get", "-c", own, "-F", "a=@" + own + ";type=text/plain", url}, "it is the file of --form");
  keeps({"run", "lines \"" + own + "\" | fetch cookie-jar=\"" + own + "\""},
        "the cookie jar would overwrite it", 3);
}

TEST_CASE("files: --failed of a run does not overwrite the spec that is run") {
  const TempDir dir;
  const std::string spec = "urls " + origin().url("/status/404") + " | fetch fail=404 | null\n";
  write_file(dir / "own.leat", spec);
  const auto run = run_leat({"run", "-f", dir / "own.leat", "--failed", dir / "own.leat"});
  CHECK(run.status == 2);
  CHECK(run.err.find("it is the file of --file, and would be overwritten") != std::string::npos);
  CHECK(read_file(dir / "own.leat") == spec);
}

TEST_CASE("files: a URL whose name is that of the run's own file fails, and the file stays") {
  const TempDir dir;
  const std::string list = origin().url("/ok/list") + "\n" + origin().url("/ok/jar") + "\n" +
                           origin().url("/ok/left") + "\n" + origin().url("/ok/out") + "\n" +
                           origin().url("/ok/fine") + "\n";
  write_file(dir / "list", list);
  const auto run = run_process(
      {"/bin/sh", "-c",
       "cd \"$1\" && exec \"$0\" get --on-exist overwrite -O . -i list -c jar --failed left > out",
       LEAT_BINARY, dir.path()});
  CHECK(run.status == 1);
  CHECK(read_file(dir / "list") == list);
  CHECK(read_file(dir / "fine") == "ok\n");
  CHECK(read_file(dir / "jar").starts_with("# Netscape"));
  CHECK(lines_of(read_file(dir / "left")).size() == 4);
  int refused = 0;
  for (const auto& line : json_lines(read_file(dir / "out")))
    refused += line.error_code() == "name_refused" ? 1 : 0;
  CHECK(refused == 4);
}

TEST_CASE(
    "files: a file where a folder has to be, and the reverse, are both kept, in any order and at once") {
  const std::vector<std::string> paths{"/ok", "/ok/a", "/ok/b", "/x/y", "/x"};
  for (const bool reversed : {false, true}) {
    for (const char* jobs : {"1", "8"}) {
      CAPTURE(reversed);
      CAPTURE(jobs);
      const TempDir dir;
      auto order = paths;
      if (reversed) std::reverse(order.begin(), order.end());
      std::string input;
      for (const auto& path : order) input += named_bodies().url(path) + "\n";
      const std::vector<std::string> command{"get", "-j", jobs, "-o", dir / "{path}"};
      const auto run = run_leat(command, input);
      CHECK(run.status == 0);
      std::multiset<std::string> kept;
      for (const auto& name : files_below(dir.path())) kept.insert(read_file(dir / name).substr(8));
      CHECK(kept == std::multiset<std::string>(paths.begin(), paths.end()));
      CHECK(run.err.find(reversed ? "is a folder, so the file goes to"
                                  : "is a file, so what belongs below") != std::string::npos);
      const auto names = files_below(dir.path());
      const auto again = run_leat(command, input);
      for (const auto& line : json_lines(again.out)) CHECK(line.text("outcome") == "skipped");
      CHECK(files_below(dir.path()) == names);
    }
  }
}

TEST_CASE("files: two URLs of one name keep both under names that say which, in each run the same") {
  const TempDir dir;
  std::string input;
  for (const char* path : {"/a/copyright", "/pkg/copyright", "/d?id=7", "/d?id=8", "/q/pkg/copyright"})
    input += named_bodies().url(path) + "\n";
  const auto run = run_leat({"get", "-O", dir.path()}, input);
  CHECK(run.status == 0);
  const Names names{"copyright", "pkg/copyright", "d", "d@id=8", "q/pkg/copyright"};
  CHECK(files_below(dir.path()) == names);
  CHECK(read_file(dir / "pkg/copyright") == "body of /pkg/copyright");
  CHECK(read_file(dir / "d@id=8") == "body of /d?id=8");
  const auto again = run_leat({"get", "-O", dir.path()}, input);
  for (const auto& line : json_lines(again.out)) CHECK(line.text("outcome") == "skipped");
  CHECK(files_below(dir.path()) == names);
}

TEST_CASE("files: the same URL twice is one file and two that are ok") {
  const TempDir dir;
  for (const char* jobs : {"1", "4"}) {
    CAPTURE(jobs);
    const std::string url = origin().url("/delay/50/same" + std::string(jobs));
    const auto run = run_leat({"get", "-j", jobs, "-O", dir.path(), url, url, url});
    CHECK(run.status == 0);
    for (const auto& line : json_lines(run.out)) {
      CHECK(line.text("outcome") == "ok");
      CHECK(line.text("filename") == dir / ("same" + std::string(jobs)));
    }
  }
  CHECK(files_below(dir.path()) == Names{"same1", "same4"});
}

TEST_CASE("files: a file that is there is compared with its sum: right is skipped, wrong is fetched again") {
  const TempDir dir;
  const std::string sum = sha256_of("ok\n");
  write_file(dir / "SUMS", sum + "  x\n");
  for (const bool by_list : {true, false}) {
    for (const bool right : {true, false}) {
      CAPTURE(by_list);
      CAPTURE(right);
      fs::create_directories(dir / "o");
      write_file(dir / "o/x", right ? "ok\n" : "no\n");
      const std::string url = origin().url("/ok/x");
      const auto run = by_list ? run_leat({"get", "-O", dir / "o", "--checksums", dir / "SUMS", url})
                               : run_leat({"get", "-O", dir / "o"},
                                          R"({"url":")" + url + R"(","sha256":")" + sum + "\"}\n");
      CHECK(run.status == 0);
      const auto lines = json_lines(run.out);
      const JsonLine& line = lines.at(0);
      CHECK(line.text("outcome") == (right ? "skipped" : "ok"));
      CHECK(line.text("sha256") == sum);
      CHECK(line.text("filename") == dir / "o/x");
      CHECK(read_file(dir / "o/x") == "ok\n");
    }
  }
}

TEST_CASE("files: --verify compares files with their sums and asks no server") {
  const TempDir dir;
  fs::create_directory(dir / "o");
  write_file(dir / "o/right", "ok\n");
  write_file(dir / "o/wrong", "no\n");
  write_file(dir / "o/unknown", "?");
  const std::string sum = sha256_of("ok\n");
  write_file(dir / "SUMS", sum + "  right\n" + sum + "  wrong\n" + sum + "  missing\n");
  std::vector<std::string> command{"get",         "--verify",   "--order", "input",
                                   "--checksums", dir / "SUMS", "-O",      dir / "o"};
  for (const char* name : {"right", "wrong", "missing", "unknown"})
    command.push_back(origin().url(std::string("/verify/") + name));
  const auto run = run_leat(command);
  CHECK(run.status == 1);
  const auto lines = json_lines(run.out);
  CHECK(lines.at(0).text("outcome") == "ok");
  CHECK(lines.at(0).text("sha256") == sum);
  CHECK(lines.at(1).error_code() == "checksum_mismatch");
  CHECK(lines.at(2).error_code() == "file_error");
  CHECK(lines.at(3).text("outcome") == "skipped");
  for (const char* name : {"right", "wrong", "missing", "unknown"})
    CHECK(origin().requests_of(std::string("/verify/") + name) == 0);
  CHECK(read_file(dir / "o/wrong") == "no\n");
  CHECK(run_leat({"get", "--verify", origin().url("/ok/x")}).status == 2);
}

TEST_CASE("files: a list of sums that names no file of the run is a warning") {
  const TempDir dir;
  write_file(dir / "SUMS", std::string(64, '0') + "  other\n");
  const auto run = run_leat({"get", "-O", dir / "o", "--checksums", dir / "SUMS", origin().url("/ok/x")});
  CHECK(run.status == 0);
  CHECK(run.err.find("warning: nothing was compared with") != std::string::npos);
  const auto quiet =
      run_leat({"get", "-q", "-O", dir / "p", "--checksums", dir / "SUMS", origin().url("/ok/x")});
  CHECK(quiet.err.empty());
}
