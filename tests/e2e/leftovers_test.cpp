#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;

namespace {

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

std::vector<std::string> sorted(std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace

TEST_CASE("failed: the file contains what failed as it stood in the input, and can be the next input") {
  const TempDir dir;
  const std::string bad = origin().url("/status/404");
  const std::string object =
      "{\"url\": \"" + origin().url("/status/500") + "\", \"meta\": {\"k\": [1, 2.50]}}";
  const std::string input = "\xEF\xBB\xBF# a list\n" + origin().url("/ok/1") + "\r\n  " + bad + "\r\n\n" +
                            object + "\nftp://a/b\n{\"url\"\n";
  const auto first =
      run_leat({"get", "-q", "--retry", "0", "--order", "input", "--failed", dir / "f"}, input);
  CHECK(first.status == 1);
  const std::string left = read_file(dir / "f");
  auto lines = sorted(lines_of(left));
  CHECK(lines == sorted({"  " + bad, object, "ftp://a/b", "{\"url\""}));

  const auto second = run_leat({"get", "-q", "--retry", "0", "-i", dir / "f", "--failed", dir / "g"});
  CHECK(json_lines(second.out).size() == 4);
  CHECK(sorted(lines_of(read_file(dir / "g"))) == lines);
}

TEST_CASE("failed: a table keeps its heading, and its fields are quoted if they must be") {
  const TempDir dir;
  write_file(dir / "t.csv", "note,url\n\"a, \"\"b\"\"\"," + origin().url("/status/404") + "\nx," +
                                origin().url("/ok/1") + "\n");
  const std::string spec = "csv \"" + (dir / "t.csv") + "\" | fetch fail=4xx retry=0";
  CHECK(run_leat({"run", "-q", spec, "--failed", dir / "f"}).status == 1);
  CHECK(read_file(dir / "f") == "note,url\n\"a, \"\"b\"\"\"," + origin().url("/status/404") + "\n");
}

TEST_CASE(
    "failed: rows of a table that can't be read are kept as they stood, and fail again in the same way") {
  const TempDir dir;
  const std::string head = "url,\"note\"";
  const std::vector<std::string> rows{origin().url("/status/404") + ",\"x\"", "too,\"many\",cells", "\"few\"",
                                      "\"a\"b,\"c", "\"two\nlines\",\xFF"};
  const std::string open = "last,\"never closed\n" + origin().url("/ok/3") + ",";
  std::string table = "\xEF\xBB\xBF" + head + "\r\n" + origin().url("/ok/1") + ",\r\n";
  for (const auto& row : rows) table += row + "\r\n";
  write_file(dir / "in.csv", table + origin().url("/ok/2") + ",\n\n" + open + "\n");
  const auto get = [&dir](const std::string& in, const std::string& out) {
    return run_leat({"get", "-q", "--retry", "0", "-i", dir / in, "--failed", dir / out});
  };
  const auto first = get("in.csv", "one.csv");
  CHECK(first.status == 1);
  CHECK(json_lines(first.out).size() == rows.size() + 3);
  const std::string left = read_file(dir / "one.csv");
  CHECK(left.size() == head.size() + open.size() + 3 + [&rows] {
    std::size_t bytes = 0;
    for (const auto& row : rows) bytes += row.size() + 1;
    return bytes;
  }());
  CHECK(left.starts_with(head + "\n"));
  for (const auto& row : rows) CHECK(left.find("\n" + row + "\n") != std::string::npos);
  CHECK(left.ends_with("\n" + open + "\n\n"));

  const auto second = get("one.csv", "two.csv");
  CHECK(second.status == 1);
  CHECK(json_lines(second.out).size() == rows.size() + 1);
  const std::string again = read_file(dir / "two.csv");
  CHECK(sorted(lines_of(again.substr(0, left.size() - 1))) ==
        sorted(lines_of(left.substr(0, left.size() - 1))));
}

TEST_CASE("failed: a broken row with tabs can be fed back, and so can one with other names of its columns") {
  const TempDir dir;
  const std::string table = "link\tkind\n\"a\"b\tc\nftp://x/y\t\"\t\"\n";
  write_file(dir / "in.tsv", table);
  for (const std::string from : {"in.tsv", "one.tsv", "two.tsv"}) {
    const std::string to = from == "in.tsv" ? "one.tsv" : from == "one.tsv" ? "two.tsv" : "three.tsv";
    CHECK(run_leat({"get", "-q", "--columns", "url=link", "-i", dir / from, "--failed", dir / to}).status ==
          1);
    CHECK(sorted(lines_of(read_file(dir / to))) == sorted(lines_of(table)));
  }
}

TEST_CASE(
    "failed: a record of the source has one line, however much of it failed, once all of it has ended") {
  const TempDir dir;
  const std::string good = origin().url("/json/items?per=3&pages=1");
  const std::string bad = origin().url("/json/items?per=2&pages=1&x");
  const std::string spec = "lines | fetch | each (if .url | endswith(\"x\") then \"" +
                           origin().url("/status/404") + "\", \"" + origin().url("/status/503") +
                           "\" else .json.items[].url end)"
                           " | fetch fail=4xx,5xx retry=0 | count";
  const auto run = run_leat({"run", spec, "--failed", dir / "f"}, good + "\n" + bad + "\n");
  CHECK(run.status == 1);
  CHECK(read_file(dir / "f") == bad + "\n");
  CHECK(run.err.find("next:") != std::string::npos);
}

TEST_CASE("failed: the file exists and is empty if nothing failed, and it never empties the input") {
  const TempDir dir;
  write_file(dir / "urls", origin().url("/ok/1") + "\n");
  CHECK(run_leat({"get", "-q", "-i", dir / "urls", "--failed", dir / "f"}).status == 0);
  CHECK(read_file(dir / "f").empty());
  const auto refused = run_leat({"get", "-i", dir / "urls", "--failed", dir / "urls"});
  CHECK(refused.status == 2);
  CHECK(refused.err.find("it is the file of --input") != std::string::npos);
  CHECK(read_file(dir / "urls") == origin().url("/ok/1") + "\n");
  CHECK(run_leat({"get", "-q", "-i", dir / "urls", "--failed", dir / "urls/f"}).status == 3);
}

TEST_CASE("fail-fast: running transfers are cancelled and accounted for, and nothing else is started") {
  std::string input = origin().url("/status/404") + "\n";
  for (int i = 0; i < 100; ++i) input += origin().url("/delay/20000/" + std::to_string(i)) + "\n";
  const auto run = run_leat({"get", "-j", "10", "--retry", "0", "--fail-fast"}, input);
  CHECK(run.status == 1);
  std::size_t cancelled = 0;
  std::size_t failed = 0;
  for (const auto& line : json_lines(run.out)) {
    failed += line.text("outcome") == "failed" ? 1 : 0;
    cancelled += line.text("outcome") == "cancelled" ? 1 : 0;
  }
  CHECK(failed == 1);
  CHECK(cancelled >= 9);
  CHECK(run.err.find("1 failed") != std::string::npos);
  CHECK(run.err.find(std::to_string(cancelled) + " cancelled") != std::string::npos);
  CHECK(run.err.find("ended early") != std::string::npos);
}

TEST_CASE("max-errors: the run goes on below that number of failures") {
  const std::string bad = origin().url("/status/404") + "\n";
  CHECK(json_lines(run_leat({"get", "-q", "--retry", "0", "--max-errors", "3"}, bad + bad).out).size() == 2);
  std::string input = bad + bad + bad;
  for (int i = 0; i < 50; ++i) input += origin().url("/delay/20000/" + std::to_string(i)) + "\n";
  const auto run = run_leat({"get", "-q", "-j", "8", "--retry", "0", "--max-errors", "3"}, input);
  CHECK(run.status == 1);
}
