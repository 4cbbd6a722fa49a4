#include "pipelines/stages/source/aria2.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pipelines/stages/source/aria2_entry.hpp"
#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

Ran run_aria2(const std::string& text) {
  const tests::TempDir directory;
  tests::write_file(directory / "in", text);
  return run_spec("aria2 \"" + directory / "in" + "\" | write json fields=id,url,meta,line,error,outcome");
}

RecordPtr record_of(const std::string& uris, const std::vector<std::string>& options) {
  Aria2Entry entry(uris, 1);
  std::uint64_t line = 1;
  for (const auto& option : options) entry.add_option(option, ++line);
  return entry.make_record();
}

}  // namespace

TEST_CASE(
    "Aria2Source: a download is a line of URIs and the indented lines below it, and comments mean nothing") {
  const Ran ran = run_aria2(
      "\xEF\xBB\xBF# a list\r\nhttp://a.org/1\r\n\tgid=07\r\n# x\r\n\r\n  "
      "split=4\r\nhttp://b.org/\n\nhttp://c.org/");
  REQUIRE(ran.lines.size() == 3);
  CHECK(ran.lines[0].text("url") == "http://a.org/1");
  CHECK(ran.lines[0].number("line") == 2);
  CHECK(std::string(ran.lines[0]["meta"]["gid"].GetString()) == "07");
  CHECK(std::string(ran.lines[0]["meta"]["split"].GetString()) == "4");
  CHECK(ran.lines[1]["meta"].IsNull());
  CHECK(ran.lines[2].text("url") == "http://c.org/");
}

TEST_CASE("Aria2Source: a wrong line is a failed record with its line number, and the rest goes on") {
  const Ran ran = run_aria2(
      " out=x\nhttp://a.org/\n no option\nhttp://b.org/\n checksum=crc32=1\nmagnet:?xt=1\n"
      "http://c.org/\n http-passwd=p4ss\nhttp://d.org/\n header=no colon\nhttp://e.org/\n" +
      std::string("http://f.org/\n x=\xFF\n") + std::string(2'000'000, 'a') + "\nhttp://g.org/\n x=" +
      std::string(900'000, 'b') + "\n y=" + std::string(900'000, 'c') + "\nhttp://h.org/");
  CHECK(ran.lines.size() == 11);
  CHECK(ran.count(Outcome::ok) == 2);
  for (const auto& line : ran.lines) {
    const std::string url = line.text("url");
    CAPTURE(url);
    if (url == "http://e.org/" || url == "http://h.org/") {
      CHECK(line.text("outcome") == "ok");
      continue;
    }
    CHECK(line.error_code() == (url.starts_with("magnet:") ? "unsupported_scheme" : "bad_input"));
    CHECK(std::string(line["error"]["message"].GetString()).find("p4ss") == std::string::npos);
  }
  CHECK(std::string(ran.of_id(1)["error"]["message"].GetString()).starts_with("line 1: "));
  CHECK(std::string(ran.of_id(2)["error"]["message"].GetString()).starts_with("line 3: "));
}

TEST_CASE("Aria2Entry: of URIs that can't be read, no part of a password is kept, however long it is") {
  const std::string user = "http://u:" + std::string(300, 's') + "@";
  const auto wrong = record_of(user + "a.org/ x", {});
  CHECK(wrong->failed());
  CHECK(wrong->input == "http://a.org/ x");
  const auto refused = record_of(user + "a.org/\t" + user + "b.org/", {"no option"});
  CHECK(refused->failed());
  CHECK(refused->input == "http://a.org/\xEF\xBF\xBDhttp://b.org/");
}

TEST_CASE("Aria2Entry: the first URI that can be fetched is the URL, and the others are mirrors") {
  const auto record = record_of("ftp://a.org/f\t http://b.org/f \thttps://c.org/f\t", {});
  CHECK_FALSE(record->failed());
  CHECK(record->request.url == "http://b.org/f");
  CHECK(record->mirrors == std::vector<std::string>{"https://c.org/f"});
  CHECK(record_of("http://a.org/\thttp://b .org/", {})->error->code == Errc::bad_url);
}

TEST_CASE("Aria2Entry: names, digests and headers become the record's") {
  const std::string digest(40, 'A');
  const auto record =
      record_of("http://a.org/f", {" dir=sub/{x}", "  out = a}b.bin", "\tchecksum=sha-1=" + digest,
                                   " header=X-A: 1", " header=X-B: a=b", " referer=*", " user-agent=me/1"});
  REQUIRE_FALSE(record->failed());
  CHECK(record->output == "sub/{{x}}/a}}b.bin");
  CHECK(record->expected.find(DigestKind::sha1) == std::string(40, 'a'));
  CHECK(record->request.headers ==
        std::vector<std::string>{"X-A: 1", "X-B: a=b", "Referer: http://a.org/f", "User-Agent: me/1"});
  CHECK(record->meta.empty());
  CHECK(record_of("http://u:p@a.org/f", {" referer=*"})->request.headers.front() ==
        "Referer: http://a.org/f");
  CHECK(record_of("http://a.org/f", {" dir=sub"})->output == "sub/{name}");
  CHECK(record_of("http://a.org/f", {" out=n"})->output == "n");
  CHECK(record_of("http://a.org/f", {" checksum=sha-256=12"})->failed());
}

TEST_CASE(
    "Aria2Entry: of a repeated option with one value the last one counts, and the text is kept as it stood") {
  const auto record = record_of("http://a.org/f", {" split=1", " gid=2", " split=3"});
  CHECK(record->meta == "{\"gid\":\"2\",\"split\":\"3\"}");
  Aria2Entry entry("http://a.org/f\r", 1);
  entry.add_option("\tout=x\r", 2);
  CHECK(entry.source() == "http://a.org/f\n\tout=x");
}
