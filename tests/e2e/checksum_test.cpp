#include <doctest/doctest.h>

#include <set>
#include <string>

#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"

using namespace leat::tests;
using Names = std::set<std::string>;

namespace {

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

std::string sum_of(const std::string& command, const std::string& text) {
  const TempDir dir;
  write_file(dir / "x", text);
  const std::string out = run_process({command, dir / "x"}).out;
  return out.substr(0, out.find(' '));
}

}  // namespace

TEST_CASE("checksums: a line's own sums of every kind are checked, and a wrong one leaves no file") {
  for (const char* kind : {"md5", "sha1", "sha256", "sha512"}) {
    CAPTURE(kind);
    const std::string sum = sum_of(std::string(kind) + "sum", "ok\n");
    for (const bool right : {true, false}) {
      const TempDir dir;
      const std::string expected = right ? sum : std::string(sum.size(), '0');
      const auto run = run_leat({"get", "-O", dir.path()}, "{\"url\":\"" + origin().url("/ok/x") + "\",\"" +
                                                               kind + "\":\"" + expected + "\"}\n");
      const JsonLine line(lines_of(run.out).at(0));
      CHECK(line.error_code() == (right ? "" : "checksum_mismatch"));
      if (right) CHECK(line.text(kind) == sum);
      CHECK(dir.names() == (right ? Names{"x"} : Names{}));
    }
  }
}

TEST_CASE("checksums: the sums of a list are for the files that it names, and other files are not checked") {
  const TempDir dir;
  write_file(dir / "SUMS", sum_of("sha256sum", "ok\n") + "  good\n" + std::string(64, '0') + "  bad\n");
  const auto run = run_leat({"get", "--order", "input", "--checksums", dir / "SUMS", "-O", dir / "out",
                             origin().url("/ok/good"), origin().url("/ok/bad"), origin().url("/ok/other")});
  CHECK(run.status == 1);
  const auto lines = json_lines(run.out);
  CHECK(lines.at(0).text("sha256") == sum_of("sha256sum", "ok\n"));
  CHECK(lines.at(1).error_code() == "checksum_mismatch");
  CHECK(lines.at(2).text("outcome") == "ok");
  CHECK(lines.at(2).is_null("sha256"));
  CHECK(read_file(dir / "out/good") == "ok\n");
}

TEST_CASE("checksums: --hash puts digests into results, also without a file") {
  const auto run = run_leat({"get", "--hash", "sha256,md5", origin().url("/ok/x")});
  const JsonLine line(lines_of(run.out).at(0));
  CHECK(line.text("sha256") == sum_of("sha256sum", "ok\n"));
  CHECK(line.text("md5") == sum_of("md5sum", "ok\n"));
  CHECK_FALSE(line.has("sha1"));
}

TEST_CASE("checksums: fetch's hash= and checksums= do the same") {
  const TempDir dir;
  write_file(dir / "SUMS", std::string(64, '0') + "  x\n");
  const auto run = run_leat({"run", "urls \"" + origin().url("/ok/x") + "\" | fetch hash=sha1 checksums=\"" +
                                        (dir / "SUMS") + "\" | write json fields=outcome,error,sha1"});
  CHECK(JsonLine(lines_of(run.out).at(0)).error_code() == "checksum_mismatch");
  const auto hashed =
      run_leat({"run", "urls \"" + origin().url("/ok/x") + "\" | fetch hash=sha1 | write \"{sha1}\""});
  CHECK(hashed.out == sum_of("sha1sum", "ok\n") + "\n");
}

TEST_CASE("checksums: an error in a list or a name is reported before anything starts") {
  const TempDir dir;
  write_file(dir / "SUMS", "nonsense\n");
  for (const auto& arguments :
       {std::vector<std::string>{"get", "--checksums", dir / "SUMS", origin().url("/ok")},
        {"get", "--checksums", dir / "none", origin().url("/ok")},
        {"get", "--hash", "sha3", origin().url("/ok")},
        {"run", "urls a | fetch hash=sha3"},
        {"run", "urls a | fetch checksums=\"" + (dir / "SUMS") + "\""}}) {
    const auto run = run_leat(arguments);
    CHECK(run.status == 2);
    CHECK(run.out.empty());
  }
}
