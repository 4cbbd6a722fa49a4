#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/origin/pattern.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"

using namespace leat::tests;
namespace fs = std::filesystem;
using Names = std::set<std::string>;

namespace {

constexpr std::time_t kLastModified = 1767225600;  // of the origin's /range: Thu, 01 Jan 2026 00:00:00 GMT

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

std::string sha256_of(const std::string& text) {
  const TempDir dir;
  write_file(dir / "x", text);
  return run_process({"sha256sum", dir / "x"}).out.substr(0, 64);
}

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = leat::origin::pattern_byte(i);
  return text;
}

struct stat status_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status;
}

}  // namespace

TEST_CASE("save: a file is named after its content, in directories of its first digits") {
  const TempDir dir;
  const std::string sum = sha256_of("ok\n");
  const auto run = run_leat({"get", "--order", "input", "-o", dir / "{sha256:2}/{sha256}.{ext}",
                             origin().url("/ok/a.txt"), origin().url("/size/300K/b.bin")});
  CHECK(run.status == 0);
  const auto lines = json_lines(run.out);
  CHECK(lines.at(0).text("filename") == dir / (sum.substr(0, 2) + "/" + sum + ".txt"));
  CHECK(lines.at(0).text("sha256") == sum);
  CHECK(read_file(lines.at(0).text("filename")) == "ok\n");
  CHECK(read_file(lines.at(1).text("filename")) == pattern(300 * 1024));
  CHECK(dir.names() == Names{sum.substr(0, 2), sha256_of(pattern(300 * 1024)).substr(0, 2)});
}

TEST_CASE(
    "save: the same content is the same file, in one run and in the next; part of a digest is not enough") {
  const TempDir dir;
  const std::vector<std::string> get{"get", "-o", dir / "{sha256}", origin().url("/ok/a"),
                                     origin().url("/ok/b")};
  for (int run = 0; run < 2; ++run) {
    const auto lines = json_lines(run_leat(get).out);
    std::multiset<std::string> outcomes{lines.at(0).text("outcome"), lines.at(1).text("outcome")};
    CHECK(outcomes == (run == 0 ? std::multiset<std::string>{"ok", "skipped"}
                                : std::multiset<std::string>{"skipped", "skipped"}));
    CHECK(dir.names() == Names{sha256_of("ok\n")});
  }
  const TempDir other;
  const auto lines = json_lines(
      run_leat({"get", "-o", other / "{sha256:1}", origin().url("/ok/a"), origin().url("/ok/b")}).out);
  std::multiset<std::string> codes{lines.at(0).error_code(), lines.at(1).error_code()};
  CHECK(codes == std::multiset<std::string>{"", "file_exists"});
}

TEST_CASE("save: a body whose name is known last is continued, too, with the digest of all of it") {
  const TempDir dir;
  const std::vector<std::string> get{
      "get", "--retry", "0", "-o", dir / "{sha256}", origin().url("/range/100000/late?cut=50000&times=1")};
  CHECK(only_line(run_leat(get)).error_code() == "truncated");
  CHECK(dir.names().size() == 2);
  const auto line = only_line(run_leat(get));
  CHECK(line.number("resumed_from") == 50'000);
  CHECK(dir.names() == Names{sha256_of(pattern(100'000))});
}

TEST_CASE("save: a name may contain a field of the response without the body being held") {
  const TempDir dir;
  const auto line = only_line(
      run_leat({"get", "-o", dir / "{status}/{content_type}/{name}", origin().url("/size/20M/x.bin")}));
  CHECK(line.text("filename") == dir / "200/application_octet-stream/x.bin");
  CHECK(fs::file_size(line.text("filename")) == 20 << 20);
}

TEST_CASE("save: a template with a field that makes no sense is refused before anything starts") {
  for (const char* field : {"{sha256:0}", "{sha256:65}", "{sha256:x}", "{sha256:}", "{sha1:2}", "{hots}"}) {
    CAPTURE(field);
    const auto run = run_leat({"get", "-o", field, origin().url("/ok/never")});
    CHECK(run.status == 2);
    CHECK(run.err.find("column") != std::string::npos);
  }
}

TEST_CASE("save: a name that the server gives is used only if asked for, and only its last part") {
  const TempDir dir;
  const std::string url = origin().url("/disposition/..%2f..%2fevil.bin");
  CHECK(run_leat({"get", "-O", dir / "own", url}).status == 0);
  CHECK(run_leat({"get", "-J", "-O", dir / "server", url}).status == 0);
  CHECK(run_leat({"get", "-J", "-O", dir / "server", origin().url("/ok/plain.txt")}).status == 0);
  Names server;
  for (const auto& entry : fs::directory_iterator(dir / "server")) server.insert(entry.path().filename());
  CHECK(server == Names{"evil.bin", "plain.txt"});
  CHECK_FALSE(fs::exists(dir / "own/evil.bin"));
  CHECK(dir.names() == Names{"own", "server"});
}

TEST_CASE("save: a file is as old as the server says, unless that is not wanted") {
  const TempDir dir;
  const std::string url = origin().url("/range/100/x.bin");
  CHECK(run_leat({"get", "-O", dir.path(), url}).status == 0);
  CHECK(status_of(dir / "x.bin").st_mtime == kLastModified);
  CHECK(run_leat({"get", "--no-remote-time", "--on-exist", "overwrite", "-O", dir.path(), url}).status == 0);
  CHECK(status_of(dir / "x.bin").st_mtime > kLastModified);
}

TEST_CASE("save: a file that is replaced passes its mode on") {
  const TempDir dir;
  write_file(dir / "x", "old");
  fs::permissions(dir / "x", fs::perms::owner_all | fs::perms::group_exec);
  CHECK(run_leat({"get", "--on-exist", "overwrite", "-O", dir.path(), origin().url("/ok/x")}).status == 0);
  CHECK(read_file(dir / "x") == "ok\n");
  CHECK((status_of(dir / "x").st_mode & 0777) == 0710);
}

TEST_CASE("save: --durable files are complete, whatever their names are made of") {
  const TempDir dir;
  const auto run =
      run_leat({"get", "--durable", "-o", dir / "a/b/{name}", origin().url("/ok/x"), origin().url("/ok/y")});
  CHECK(run.status == 0);
  CHECK(read_file(dir / "a/b/x") == "ok\n");
  CHECK(run_leat({"get", "--durable", "-o", dir / "{sha256:1}/{sha256}", origin().url("/ok/x")}).status == 0);
}

TEST_CASE("save: --if-changed asks for a file that is there only if it has changed") {
  const TempDir dir;
  const std::vector<std::string> get{"get", "--if-changed", "-O", dir.path(),
                                     origin().url("/range/100000/x.bin?changes-after=2")};
  CHECK(only_line(run_leat(get)).text("outcome") == "ok");
  const auto same = only_line(run_leat(get));
  CHECK(same.text("outcome") == "not_modified");
  CHECK(same.number("status") == 304);
  CHECK(same.text("filename") == dir / "x.bin");
  CHECK(read_file(dir / "x.bin") == pattern(100'000));
  const auto changed = only_line(run_leat(get));
  CHECK(changed.text("outcome") == "ok");
  CHECK(changed.text("etag") == "\"new\"");
  CHECK(read_file(dir / "x.bin") == pattern(100'007).substr(7));
  CHECK(dir.names() == Names{"x.bin"});
}

TEST_CASE("save: --if-changed leaves the file alone if the server fails") {
  const TempDir dir;
  write_file(dir / "x", "old");
  const auto line = only_line(
      run_leat({"get", "--retry", "0", "--if-changed", "-O", dir.path(), origin().url("/status/500/x")}));
  CHECK(line.error_code() == "http_status");
  CHECK(read_file(dir / "x") == "old");
  CHECK(
      run_leat({"get", "--if-changed", "--on-exist", "fail", "-O", dir.path(), origin().url("/ok")}).status ==
      2);
  CHECK(run_leat({"run", "urls a | fetch | save \"x\" if-changed=true on-exist=skip"}).status == 2);
}

TEST_CASE("save: a line may ask for its file's digest as the name, and so may a spec") {
  const TempDir dir;
  const auto run = run_leat({"get", "-O", dir.path()},
                            "{\"url\":\"" + origin().url("/ok/x") + "\",\"output\":\"{sha256:4}.txt\"}\n");
  CHECK(only_line(run).text("filename") == dir / (sha256_of("ok\n").substr(0, 4) + ".txt"));
  CHECK(run_leat({"run", "urls \"" + origin().url("/ok/x") +
                             "\" | fetch | where (.body == \"ok\\n\") | save \"" + (dir / "spec/{sha256}") +
                             "\""})
            .status == 0);
  CHECK(fs::exists(dir / ("spec/" + sha256_of("ok\n"))));
}
