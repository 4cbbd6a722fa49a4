// Names that servers and lists invent, on the disk and on a terminal: see tests/e2e/faults, Names.
#include <doctest/doctest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/origin/pattern.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scripted_server.hpp"

using namespace leat::tests;
namespace fs = std::filesystem;
using Names = std::set<std::string>;

namespace {

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = leat::origin::pattern_byte(i);
  return text;
}

std::vector<JsonLine> get(std::vector<std::string> options, const std::string& input) {
  options.insert(options.begin(), {"get", "-q", "--order", "input", "--retry", "0"});
  return json_lines(run_leat(options, input).out);
}

}  // namespace

TEST_CASE("names: a file that a URL or a line names stays below the output directory") {
  std::string input;
  int count = 0;
  for (const std::string name : {"..%2fevil", "..%2f..%2fevil", "%2e%2e%2fevil", "..%5cevil", "%5cevil",
                                 "%2fevil", "a/%2e%2e", "a/..", "a/%2e", "a/.", "%2e%2e", "a//",
                                 "..%252fevil", "..;/evil", "%00", "a%00/evil", "~", "-rf", "C:evil"}) {
    for (const std::string path : {"/size/10/", "/size/10/x/y/"}) {
      input += origin().url(path + name) + "\n";
      ++count;
    }
  }
  for (const std::string output :
       {"../evil", "/evil", "a/../../evil", "..", "a/..", "", ".", "a/", "a\\u0000b"}) {
    input += "{\"url\":\"" + origin().url("/size/10/x") + "\",\"output\":\"" + output + "\"}\n";
    ++count;
  }
  for (const std::string name : {"{name}", "{host}/{path}", "{host}{path}", "{path}/{stem}.{ext}"}) {
    CAPTURE(name);
    const TempDir dir;
    write_file(dir / "outside", "untouched");
    const auto lines = get({"-o", dir / "out/" + name}, input);
    CHECK(lines.size() == static_cast<std::size_t>(count));
    CHECK(dir.names() == Names{"out", "outside"});
    CHECK(read_file(dir / "outside") == "untouched");
    for (const auto& line : lines) {
      if (line.text("outcome") != "ok") continue;
      const std::string file = fs::weakly_canonical(line.text("filename"));
      CHECK(file.starts_with(dir / "out/"));
      CHECK(fs::is_regular_file(file));
    }
    CHECK_FALSE(fs::exists("/evil"));
  }
}

TEST_CASE("names: a symbolic link below the output directory is neither followed nor replaced") {
  const TempDir dir;
  const TempDir elsewhere;
  write_file(elsewhere / "file", "untouched");
  fs::create_directories(dir / "out");
  fs::create_symlink(elsewhere.path(), dir / "out/127.0.0.1");
  fs::create_symlink(elsewhere / "file", dir / "out/link");
  fs::create_symlink(elsewhere / "none", dir / "out/dangling");
  const auto below = get({"-o", dir / "out/{host}/{name}"}, origin().url("/size/10/file") + "\n");
  CHECK(below.at(0).error_code() == "name_refused");
  for (const std::string how : {"resume", "skip", "overwrite", "fail", "rename"}) {
    CAPTURE(how);
    const auto at = get({"--on-exist", how, "-O", dir / "out"},
                        origin().url("/size/10/link") + "\n" + origin().url("/size/10/dangling") + "\n");
    REQUIRE(at.size() == 2);
    CHECK(fs::is_symlink(dir / "out/link"));
    CHECK(fs::is_symlink(dir / "out/dangling"));
  }
  CHECK(elsewhere.names() == Names{"file"});
  CHECK(read_file(elsewhere / "file") == "untouched");
}

TEST_CASE(
    "names: a name of more than 255 bytes is cut between characters and told apart by a hash, its .part "
    "too") {
  const TempDir dir;
  std::string e_acute;
  for (int i = 0; i < 150; ++i) e_acute += "%C3%A9";
  std::string input;
  for (const std::string& name :
       {std::string(254, 'x'), std::string(255, 'x'), std::string(256, 'x') + "1.tar.gz",
        std::string(256, 'x') + "2.tar.gz", e_acute + ".html", "a." + std::string(300, 'y')})
    input += origin().url("/size/10/" + name) + "\n";
  const auto lines = get({"-O", dir.path()}, input);
  REQUIRE(lines.size() == 6);
  for (const auto& line : lines) CHECK(line.error_code() == "");
  const Names names = dir.names();
  CHECK(names.size() == 6);
  CHECK(names.contains(std::string(255, 'x')));
  int accented = 0;
  for (const auto& name : names) {
    CHECK(name.size() <= 255);
    accented += name.find("\xC3\xA9") != std::string::npos && name.ends_with(".html") ? 1 : 0;
    CHECK(read_file(dir / name) == pattern(10));
  }
  CHECK(accented == 1);
  for (const auto& line : lines) CHECK(line.text("filename").find("\xEF\xBF\xBD") == std::string::npos);
}

TEST_CASE("names: many URLs with one name at once never mix in one file, whatever --on-exist says") {
  constexpr int kCount = 24;
  std::string input;
  for (int i = 0; i < kCount; ++i) {
    const int size = 40'000 + i;
    input +=
        origin().url("/size/" + std::to_string(size) + "/" + std::to_string(i) + "/same.bin?delay=20") + "\n";
  }
  for (const std::string how : {"resume", "skip", "overwrite", "fail", "rename"}) {
    CAPTURE(how);
    const TempDir dir;
    const auto lines = get({"-j", "24", "--on-exist", how, "-O", dir.path()}, input);
    REQUIRE(lines.size() == kCount);
    int ok = 0;
    for (const auto& line : lines) {
      if (line.text("outcome") != "ok") {
        CHECK(line.error_code() == "file_exists");
        continue;
      }
      ++ok;
      CHECK(read_file(line.text("filename")) ==
            pattern(static_cast<std::size_t>(line.number("size_download"))));
    }
    CHECK(ok == (how == "fail" ? 1 : kCount));
    const bool in_folders = how != "rename" && how != "fail";  // all but the first, in one of its own
    CHECK(dir.names().size() == static_cast<std::size_t>(ok));
    if (in_folders) CHECK(read_file(dir / "7/same.bin") == pattern(40'007));
  }
}

TEST_CASE("names: names of devices and of unfinished files, and control characters, are made harmless") {
  const TempDir dir;
  std::string input;
  for (const std::string name : {"con", "NUL.txt", "com1.tar.gz", "x.part", "x.part.resume", "%1b[31mred",
                                 "a%0ab", "%7f", "%c2%9b31m"})
    input += origin().url("/size/10/" + name) + "\n";
  const auto run = run_leat({"get", "-q", "--retry", "0", "-O", dir.path()}, input);
  CHECK(run.status == 0);
  const Names names = dir.names();
  CHECK(names.size() == 9);
  for (const auto& name : names) {
    CAPTURE(name);
    CHECK(name.find_first_of("\x1b\n\x7f") == std::string::npos);
    CHECK(name.find("\xC2\x9B") == std::string::npos);
    CHECK_FALSE(name.ends_with(".part"));
    CHECK_FALSE(name.ends_with(".resume"));
  }
  for (const std::string device : {"con", "NUL.txt", "com1.tar.gz"}) CHECK_FALSE(names.contains(device));
}

TEST_CASE("names: escape sequences in headers, reasons, names and errors reach no terminal") {
  const ScriptedServer server({
      {"/reason", "HTTP/1.1 404 \x1b[31mEvil\x1b]0;title\x07\r\nContent-Length: 0\r\n\r\n"},
      {"/type",
       "HTTP/1.1 200 OK\r\nContent-Type: text/\x1b[2J\r\nETag: \"\x1b[H\x9b\"\r\nContent-Length: "
       "5\r\n\r\nhello"},
      {"/name",
       "HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=\"\x1b[31mred\"\r\nContent-Length: "
       "5\r\n\r\nhello"},
      {"/to", "HTTP/1.1 302 Found\r\nLocation: http://nosuch.invalid/\x1b[31m\r\nContent-Length: 0\r\n\r\n"},
      {"/encoding", "HTTP/1.1 200 OK\r\nContent-Encoding: \x1b[31m\r\nContent-Length: 5\r\n\r\nhello"},
  });
  const TempDir dir;
  std::string input = "http://a.invalid/\x1b[31m\nhttp://\x1b[31m.invalid/\n\x1b]0;title\x07\n";
  for (const std::string path : {"/reason", "/type", "/name", "/to", "/encoding", "/%1b[31m", "/%9b"})
    input += server.url(path) + "\n";
  for (const std::string progress : {"plain", "json", "bar"}) {
    const auto run = run_leat({"get", "-v", "--retry", "0", "-J", "--compressed", "--include", "headers",
                               "--progress", progress, "-O", dir / progress},
                              input);
    CHECK(json_lines(run.out).size() == 10);
    for (const std::string& text : {run.out, run.err}) {
      CHECK(text.find('\x1b') == std::string::npos);
      CHECK(text.find('\x07') == std::string::npos);
      CHECK(text.find('\x9b') == std::string::npos);
    }
  }
}
