#include <doctest/doctest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/killed_runs.hpp"
#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;
using namespace std::chrono_literals;

namespace {

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

std::string packed_by(const char* program, const std::string& text) {
  return run_process({program, "-c"}, text).out;
}
std::string gzip(const std::string& text) { return packed_by("gzip", text); }

// Makes a frame of one raw block, as in RFC 8878.
std::string zstd(const std::string& text) {
  REQUIRE(text.size() < 256);
  const auto header = static_cast<unsigned>(text.size() << 3 | 1);
  return std::string("\x28\xB5\x2F\xFD\x20", 5) + static_cast<char>(text.size()) +
         static_cast<char>(header & 0xFF) + static_cast<char>(header >> 8) + '\0' + text;
}

std::set<std::string> urls_of(const std::string& out) {
  std::set<std::string> urls;
  for (const auto& line : json_lines(out)) urls.insert(line.text("url"));
  return urls;
}

std::string ok(int i) { return origin().url("/ok/" + std::to_string(i)); }

}  // namespace

TEST_CASE("list: a table's columns are the record's fields, and its plan gives the same results") {
  const TempDir dir;
  const std::string out = dir / "out";
  write_file(dir / "list.csv", "\xEF\xBB\xBFid,link,\"file, name\"\r\n7," + ok(1) + ",\"a\r\"\r\n8," + ok(2) +
                                   ",sub/b\r\n9," + ok(3) + "\r\n\"10\n\"," + ok(4) + ",\r\n");
  std::vector<std::string> arguments{
      "get", "-q", "--columns", "url=link,\"output=file, name\"", "-i", dir / "list.csv", "-O", out};
  const auto check = [&](const Finished& run) {
    CHECK(run.status == 1);
    const auto lines = json_lines(run.out);
    CHECK(lines.size() == 4);
    for (const auto& line : lines) {
      if (line.number("line") == 4) {
        CHECK(line.error_code() == "bad_input");
        CHECK(line.error_message() == "line 4: 2 fields, where the header has 3");
      } else {
        CHECK(line.text("outcome") == "ok");
        CHECK(line["meta"].HasMember("id"));
      }
    }
    CHECK_FALSE(read_file(out + "/sub/b").empty());
    CHECK_FALSE(read_file(out + "/4").empty());
  };
  check(run_leat(arguments));
  run_process({"rm", "-r", out});
  arguments.emplace_back("--plan");
  write_file(dir / "spec", run_leat(arguments).out);
  check(run_leat({"run", "-q", "-f", dir / "spec"}));
}

TEST_CASE("list: a missing column is an error before the start, if the table is a file") {
  const TempDir dir;
  write_file(dir / "list.csv.gz", gzip("id,link\n1," + ok(1) + "\n"));
  const auto requests = origin().stats().requests;
  const auto refused = run_leat({"get", "-i", dir / "list.csv.gz"});
  CHECK(refused.status == 2);
  CHECK(refused.out.empty());
  CHECK(refused.err.find("no column \"url\"") != std::string::npos);
  CHECK(refused.err.find("\"id\", \"link\"") != std::string::npos);
  const auto piped = run_leat({"get", "--input-format", "csv"}, "id,link\n1," + ok(1) + "\n");
  CHECK(piped.status == 3);
  CHECK(piped.err.find("standard input: line 1: no column \"url\"") != std::string::npos);
  CHECK(origin().stats().requests <= requests + 1);  // one is the request that asks for them
}

TEST_CASE("list: a compressed list is recognised by its content, as a file and on standard input") {
  const TempDir dir;
  const std::string list = ok(1) + "\n" + ok(2) + "\n";
  for (const auto& packed : {gzip(list), zstd(list), gzip(ok(1) + "\n") + gzip(ok(2) + "\n"),
                             packed_by("xz", list), packed_by("bzip2", list)}) {
    write_file(dir / "urls.txt", packed);
    CHECK(urls_of(run_leat({"get", "-q", "-i", dir / "urls.txt"}).out) == std::set{ok(1), ok(2)});
    CHECK(urls_of(run_leat({"get", "-q"}, packed).out) == std::set{ok(1), ok(2)});
  }
  write_file(dir / "t.tsv.zst", zstd("k\turl\n1\t" + ok(1) + "\n"));
  const auto table = json_lines(run_leat({"get", "-q", "-i", dir / "t.tsv.zst"}).out);
  REQUIRE(table.size() == 1);
  CHECK(std::string(table[0]["meta"]["k"].GetString()) == "1");
}

TEST_CASE("list: if an archive is cut short, what was read is done, and the run fails with its name") {
  const TempDir dir;
  std::string list;
  for (int i = 0; i < 4000; ++i) list += origin().url("/delay/1/" + std::to_string(i * 7919)) + "\n";
  std::set<std::string> known;
  for (const auto& line : lines_of(list)) known.insert(line);
  for (const auto* program : {"gzip", "xz", "bzip2"}) {
    CAPTURE(program);
    const std::string packed = packed_by(program, list);
    write_file(dir / "urls", packed.substr(0, packed.size() / 4));
    const auto run = run_leat({"get", "-i", dir / "urls"});
    CHECK(run.status == 3);
    CHECK(run.err.find("can't read all of \"" + (dir / "urls")) != std::string::npos);
    const auto lines = json_lines(run.out);
    if (program != std::string("bzip2")) CHECK(lines.size() > 100);  // of which a block is given or nothing
    CHECK(run.err.find("the " + std::to_string(lines.size()) + " records before that are done") !=
          std::string::npos);
    for (const auto& line : lines) {
      CHECK(line.text("outcome") == "ok");
      CHECK(known.count(line.text("url")) == 1);  // none is a piece of another
    }
  }
}

TEST_CASE(
    "input: names, digests, headers and mirrors of aria2's lists work, and names that leave the directory "
    "are refused") {
  const TempDir dir;
  const std::string out = dir / "out";
  const std::string list =
      "# downloads\n" + origin().url("/status/404") + "\t" + ok(1) +
      "\n dir=sub\n out=a{b}\n checksum=sha-256=" + std::string(64, '0') + "\n" + origin().url("/headers/x") +
      "\n  header=X-A: 1\n  user-agent=me/1\n  out=headers\n  gid=5\n" + ok(2) + "\n\tout=../x\n" + ok(3) +
      "\n dir=" + (dir / "elsewhere") + "\n" + ok(4) + "\n http-user=me\n" + ok(5) + "\t" + ok(6);
  const auto run = run_leat(
      {"get", "-q", "--retry", "0", "--input-format", "aria2", "-O", out, "--failed", dir / "f"}, list);
  CHECK(run.status == 1);
  const auto lines = json_lines(run.out);
  CHECK(lines.size() == 6);
  std::set<std::string> codes;
  for (const auto& line : lines) {
    if (!line.error_code().empty()) codes.insert(line.error_code());
    if (line.text("url") == ok(2) || line.text("url") == ok(3)) CHECK(line.error_code() == "name_refused");
    if (line.text("url") == ok(4)) CHECK(line.error_code() == "bad_input");
  }
  CHECK(codes == std::set<std::string>{"name_refused", "bad_input", "checksum_mismatch"});
  const std::string headers = read_file(out + "/headers");
  CHECK(headers.find("me/1") != std::string::npos);
  CHECK(headers.find("\"1\"") != std::string::npos);
  CHECK(read_file(dir / "elsewhere/3").empty());

  // The failed records are the next input, unchanged.
  const std::string left = read_file(dir / "f");
  CHECK(left.find(ok(2) + "\n\tout=../x\n") != std::string::npos);
  CHECK(left.find("header=") == std::string::npos);
  const auto again =
      run_leat({"get", "-q", "--retry", "0", "--input-format", "aria2", "-O", out, "-i", dir / "f"});
  CHECK(json_lines(again.out).size() == 4);
}

TEST_CASE("list: --dedupe fetches each URL once; the others have a line that says skipped and why") {
  const auto requests = origin().stats().requests;
  const auto run =
      run_leat({"get", "--dedupe"}, ok(71) + "\n" + ok(72) + "\n" + ok(71) + "\n" + ok(71) + "\n");
  CHECK(run.status == 0);
  CHECK(json_lines(run.out).size() == 4);
  std::size_t skipped = 0;
  for (const auto& line : json_lines(run.out)) {
    if (line.text("outcome") != "skipped") continue;
    ++skipped;
    CHECK(line.error_message() == "its URL came before");
  }
  CHECK(skipped == 2);
  CHECK(run.err.find("2 skipped") != std::string::npos);
  CHECK(origin().stats().requests <= requests + 3);
}

TEST_CASE("list: the first result of an endless list appears at once, whatever its format") {
  for (const char* format : {"lines", "json", "csv", "tsv"}) {
    CAPTURE(format);
    Process leat({LEAT_BINARY, "get", "-q", "--dedupe", "--input-format", format});
    const std::string name = format;
    leat.write(name == "json" ? "{\"url\":\"" + ok(1) + "\"}\n"
                              : (name == "lines" ? "" : "url\n") + ok(1) + "\n");
    const auto line = leat.read_line();
    REQUIRE(line);
    CHECK(JsonLine(*line).text("url") == ok(1));
    leat.close_input();
    CHECK(leat.wait().status == 0);
  }
  Process aria2({LEAT_BINARY, "get", "-q", "--input-format", "aria2"});
  aria2.write(ok(1) + "\n gid=1\n" + ok(2) + "\n");
  CHECK(aria2.read_line().has_value());
  aria2.close_input();
  CHECK(aria2.wait().status == 0);
}

TEST_CASE(
    "list: a compressed table with --dedupe loses nothing, however often it is killed, and is then done") {
  const OriginProcess server;
  const TempDir dir;
  std::string table = "k,url\n";
  for (int i = 0; i < 300; ++i)
    table += std::to_string(i) + "," + server.url("/delay/5/" + std::to_string(i % 150)) + "\n";
  write_file(dir / "t.csv.gz", gzip(table));
  const std::vector<std::string> arguments{"get",         "-q", "--dedupe",      "-j", "8", "--state",
                                           dir / "state", "-i", dir / "t.csv.gz"};
  Finished last;
  const Printed printed = run_killed(arguments, 6, 60ms, last);
  CHECK_MESSAGE(last.status == 0, last.err);
  std::set<double> ids;
  for (const auto& [url, of_url] : printed.ids) ids.insert(of_url.begin(), of_url.end());
  CHECK(ids.size() == 300);
  CHECK(printed.ids.size() == 150);
  CHECK(server.stats().requests <= 150 + 7 * 8 + 1);
  CHECK(run_leat(arguments).out.empty());
  auto otherwise = arguments;
  std::erase(otherwise, "--dedupe");
  CHECK(run_leat(otherwise).status == 3);  // this is another run than the journal's
}

TEST_CASE(
    "list: UTF-16 with its mark, lines that end in CR, and a name behind a tab are read, in every format") {
  const TempDir dir;
  const auto in_utf16 = [](const std::string& text) {
    std::string bytes = "\xFF\xFE";
    for (const char c : text) bytes += std::string{c, '\0'};
    return bytes;
  };
  const std::vector<std::pair<std::string, std::string>> lists{
      {"lines", ok(1) + "\r\n" + ok(2) + "\r\n"},
      {"csv", "a;url\r\n1;" + ok(1) + "\r\n2;" + ok(2) + "\r\n"},
      {"tsv", "a\turl\r\n1\t" + ok(1) + "\r\n2\t" + ok(2) + "\r\n"},
      {"json", "[\"" + ok(1) + "\",\r\n\"" + ok(2) + "\"]\r\n"},
      {"aria2", ok(1) + "\r\n\tgid=1\r\n" + ok(2) + "\r\n"}};
  for (const auto& [format, text] : lists) {
    std::string cr_only = text;
    std::erase(cr_only, '\n');
    for (const auto& list : {text, in_utf16(text), cr_only, in_utf16(cr_only), gzip(in_utf16(text))}) {
      CAPTURE(list);
      const auto run =
          run_leat({"get", "-q", "--input-format", format, "--format", "csv", "--fields", "url"}, list);
      CHECK(run.status == 0);
      auto urls = lines_of(run.out);
      CHECK(std::set<std::string>(urls.begin() + 1, urls.end()) == std::set{ok(1), ok(2)});
    }
  }
  const auto named = run_leat({"get", "-q", "-O", dir / "out"}, ok(1) + "\tone.bin\n\"" + ok(2) + "\"\n");
  CHECK(named.status == 0);
  CHECK_FALSE(read_file(dir / "out/one.bin").empty());
}

TEST_CASE("list: a JSON list that is cut short ends the run with 3, and all that stands before is done") {
  const TempDir dir;
  for (const std::string& cut :
       {"[\"" + ok(1) + "\",\n\"" + ok(2) + "\",\n", "[\"" + ok(1) + "\",\"" + ok(2) + "\"",
        "\"" + ok(1) + "\"\n\"" + ok(2) + "\"\n{\"url\":\"http://127"}) {
    write_file(dir / "x.json", cut);
    for (const auto& run :
         {run_leat({"get", "-i", dir / "x.json"}), run_leat({"get", "--input-format", "json"}, cut),
          run_leat({"run", "json \"" + (dir / "x.json") + "\" | fetch"}),
          run_leat({"run", "json | fetch"}, cut)}) {
      CAPTURE(run.err);
      CHECK(run.status == 3);
      CHECK(urls_of(run.out) == std::set{ok(1), ok(2)});
      CHECK(run.err.find("the 2 records before that are done") != std::string::npos);
    }
  }
  const auto lines = run_leat({"get"}, ok(1) + "\n{\"url\":\"" + ok(2) + "\"}\n{\"url\":");
  CHECK(lines.status == 3);
  CHECK(urls_of(lines.out) == std::set{ok(1), ok(2)});
}
