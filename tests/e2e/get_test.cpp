#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include "tests/support/json_line.hpp"
#include "tests/support/origin/pattern.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"

using namespace leat::tests;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

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

}  // namespace

TEST_CASE("get: one URL gives one line with the contract's fields") {
  const auto run = run_leat({"get", origin().url("/size/4096/x.bin?q=1")});
  CHECK(run.status == 0);
  const auto lines = json_lines(run.out);
  REQUIRE(lines.size() == 1);
  const auto& line = lines[0];
  CHECK(line.number("id") == 1);
  CHECK(line.is_null("line"));
  CHECK(line.text("url") == origin().url("/size/4096/x.bin?q=1"));
  CHECK(line.text("url_effective") == origin().url("/size/4096/x.bin?q=1"));
  CHECK(line.text("method") == "GET");
  CHECK(line.text("outcome") == "ok");
  CHECK(line.number("status") == 200);
  CHECK(line.text("http_version") == "1.1");
  CHECK(line.text("content_type") == "application/octet-stream");
  CHECK(line.number("size_download") == 4096);
  CHECK(line.number("speed_download") > 0);
  CHECK(line.text("remote_ip") == "127.0.0.1");
  CHECK(line.number("remote_port") == origin().port());
  CHECK(line.number("num_redirects") == 0);
  CHECK(line.number("num_retries") == 0);
  CHECK(line.number("resumed_from") == 0);
  for (const char* absent : {"filename", "sha256", "etag", "last_modified", "parent", "meta", "error"}) {
    CAPTURE(absent);
    CHECK(line.is_null(absent));
  }
  for (const char* time :
       {"time_queue", "time_namelookup", "time_connect", "time_appconnect", "time_starttransfer"}) {
    CAPTURE(time);
    CHECK(line.number(time) >= 0);
  }
  CHECK(line.number("time_total") > 0);
  CHECK(line.text("started_at").size() == std::string("2026-01-02T03:04:05.678Z").size());
}

TEST_CASE("get: results come in completion order, and in input order when asked") {
  const std::string input = origin().url("/delay/400/slow") + "\n" + origin().url("/ok/fast") + "\n";
  const auto completion = json_lines(run_leat({"get"}, input).out);
  REQUIRE(completion.size() == 2);
  CHECK(completion[0].number("id") == 2);
  CHECK(completion[1].number("line") == 1);
  const auto ordered = json_lines(run_leat({"get", "--order", "input"}, input).out);
  REQUIRE(ordered.size() == 2);
  CHECK(ordered[0].number("id") == 1);
  CHECK(ordered[1].number("id") == 2);
}

TEST_CASE("get: every input line gives exactly one result, whatever is wrong with it") {
  const std::string good = origin().url("/ok/1");
  const std::string input = "\xEF\xBB\xBF# a list\r\n" + good + "\r\n\n" +           // line 2
                            "   " + good + "  \n" +                                  // 4
                            "ftp://a.org/x\n" +                                      // 5
                            "http://a b/\n" +                                        // 6
                            "{\"url\":\"" + good + "\",\"meta\":{\"k\":[1,2]}}\n" +  // 7
                            "{\"url\":7}\n" +                                        // 8
                            "{\"url\":\"" + good + "\",\"nosuch\":1}\n" +            // 9
                            "{broken\n" +                                            // 10
                            "http://a.org/\xff\n" +                                  // 11
                            good;                                                    // 12, no line end
  const auto run = run_leat({"get", "-j", "1"}, input);
  CHECK(run.status == 1);
  std::map<int, std::string> codes;
  for (const auto& line : json_lines(run.out)) {
    const int number = static_cast<int>(line.number("line"));
    CHECK(codes.count(number) == 0);
    codes[number] = line.error_code();
  }
  const std::map<int, std::string> expected{
      {2, ""},          {4, ""},          {5, "unsupported_scheme"}, {6, "bad_url"},    {7, ""},
      {8, "bad_input"}, {9, "bad_input"}, {10, "bad_input"},         {11, "bad_input"}, {12, ""}};
  CHECK(codes == expected);
  CHECK(run.err.find("10") != std::string::npos);
}

TEST_CASE("get: a JSON line's fields make the request, and meta comes back unchanged") {
  const std::string input = "{\"url\":\"" + origin().url("/headers/x") +
                            "\",\"method\":\"PUT\",\"headers\":{\"X-Line\":\"7\"},\"body\":\"hello\","
                            "\"meta\":{\"n\":12345678901234567890,\"s\":\"\\u00e4\"}}\n";
  const auto run = run_leat({"get", "--include", "body"}, input);
  CHECK(run.status == 0);
  const auto lines = json_lines(run.out);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].text("method") == "PUT");
  const std::string body = lines[0].text("body");
  CHECK(body.find("\"x-line\":\"7\"") != std::string::npos);
  CHECK(body.find("\"body_size\":5") != std::string::npos);
  CHECK(run.out.find("12345678901234567890") != std::string::npos);
}

TEST_CASE("get: the first result is printed while standard input is still open") {
  Process process({LEAT_BINARY, "get"});
  process.write(origin().url("/ok/first") + "\n");
  const auto first = process.read_line(10s);
  REQUIRE(first.has_value());
  CHECK(JsonLine(*first).text("outcome") == "ok");
  process.write(origin().url("/ok/second") + "\n");
  REQUIRE(process.read_line(10s).has_value());
  process.close_input();
  CHECK(process.wait().status == 0);
}

TEST_CASE("get: -H, -A, -u, -X and -d mean the same as in curl") {
  const auto run = run_leat({"get", "--include", "body", "-H", "X-One: 1", "-H", "X-Two: 2", "-A", "agent/1",
                             "-u", "me:pw", "-X", "PATCH", "-d", "a=1", origin().url("/headers/x")});
  CHECK(run.status == 0);
  const std::string body = json_lines(run.out).at(0).text("body");
  for (const char* part :
       {"\"method\":\"PATCH\"", "\"x-one\":\"1\"", "\"x-two\":\"2\"", "\"user-agent\":\"agent/1\"",
        "\"authorization\":\"Basic bWU6cHc=\"", "\"body_size\":3"}) {
    CAPTURE(part);
    CHECK(body.find(part) != std::string::npos);
  }
  const auto post = run_leat({"get", "--include", "body", "-d", "a=1", "-d", "b=2", origin().url("/echo/x")});
  CHECK(json_lines(post.out).at(0).text("body") == "a=1&b=2");
  CHECK(json_lines(post.out).at(0).text("method") == "POST");
}

TEST_CASE("get: bodies are saved completely under their names, and directories are created") {
  const TempDir dir;
  const std::string input = origin().url("/size/100000/a/one.bin") + "\n" +
                            origin().url("/chunked/5000/two.bin") + "\n" +
                            origin().url("/close-delimited/700/three.bin") + "\n";
  const auto run = run_leat({"get", "-o", dir.path() + "/{host}/{name}"}, input);
  CHECK(run.status == 0);
  CHECK(read_file((dir / "127.0.0.1/one.bin")) == pattern(100000));
  CHECK(read_file((dir / "127.0.0.1/two.bin")) == pattern(5000));
  CHECK(read_file((dir / "127.0.0.1/three.bin")) == pattern(700));
  std::set<std::string> names;
  for (const auto& line : json_lines(run.out)) names.insert(line.text("filename"));
  CHECK(names.count((dir / "127.0.0.1/one.bin")) == 1);
  CHECK(std::distance(fs::directory_iterator((dir / "127.0.0.1")), fs::directory_iterator()) == 3);
}

TEST_CASE("get: -o with a directory and -O put the last part of the path there") {
  const TempDir dir;
  CHECK(run_leat({"get", "-o", dir.path(), origin().url("/size/10/x.bin")}).status == 0);
  CHECK(read_file((dir / "x.bin")) == pattern(10));
  CHECK(run_leat({"get", "-O", (dir / "new/deep"), origin().url("/size/10/y.bin")}).status == 0);
  CHECK(read_file((dir / "new/deep/y.bin")) == pattern(10));
}

TEST_CASE("get: nothing leaves the output directory") {
  const TempDir dir;
  const std::string base = origin().url("/size/10/");
  const auto run =
      run_leat({"get", "-O", (dir / "out")}, base + "..%2f..%2fevil\n" + base + "a/%2e%2e\n" + base +
                                                 "%5c..%5cx\n" + base + "%00\n" + base + "..%252fy\n");
  for (const auto& entry : fs::recursive_directory_iterator(dir.path())) {
    CHECK(entry.path().string().rfind((dir / "out"), 0) == 0);
  }
  CHECK(json_lines(run.out).size() == 5);
}

TEST_CASE("get: a body that is cut short leaves no file with its name") {
  const TempDir dir;
  const auto run =
      run_leat({"get", "--retry", "0", "-O", dir.path(), origin().url("/truncate/10/100/cut.bin"),
                origin().url("/reset/10/reset.bin"), origin().url("/status/404/missing.bin")});
  CHECK(run.status == 1);
  CHECK(fs::is_empty(dir.path()));
  std::set<std::string> codes;
  for (const auto& line : json_lines(run.out)) codes.insert(line.error_code());
  CHECK(codes == std::set<std::string>{"truncated", "reset", "http_status"});
}

TEST_CASE("get: two URLs with one name are never mixed") {
  const TempDir dir;
  const std::string input =
      origin().url("/size/1000/a/same.bin") + "\n" + origin().url("/size/2000/b/same.bin") + "\n";
  CHECK(run_leat({"get", "-O", dir.path()}, input).status == 0);
  CHECK(fs::file_size(dir / "same.bin") == 1000);
  CHECK(fs::file_size(dir / "b/same.bin") == 2000);
  const TempDir refused;
  const auto lines = json_lines(run_leat({"get", "--on-exist", "fail", "-O", refused.path()}, input).out);
  REQUIRE(lines.size() == 2);
  std::multiset<std::string> codes{lines[0].error_code(), lines[1].error_code()};
  CHECK(codes == std::multiset<std::string>{"", "file_exists"});
  const TempDir other;
  CHECK(run_leat({"get", "--on-exist", "rename", "-O", other.path()}, input).status == 0);
  CHECK(std::distance(fs::directory_iterator(other.path()), fs::directory_iterator()) == 2);
}

TEST_CASE("get: a file that is there already is kept and its record is skipped, or as --on-exist says") {
  const TempDir dir;
  write_file((dir / "x.bin"), "old");
  const std::string url = origin().url("/size/10/x.bin");
  const auto skipped = run_leat({"get", "-O", dir.path(), url});
  CHECK(skipped.status == 0);
  CHECK(json_lines(skipped.out).at(0).text("outcome") == "skipped");
  CHECK(read_file((dir / "x.bin")) == "old");
  const auto failed = run_leat({"get", "--on-exist", "fail", "-O", dir.path(), url});
  CHECK(failed.status == 1);
  CHECK(json_lines(failed.out).at(0).error_code() == "file_exists");
  CHECK(read_file((dir / "x.bin")) == "old");
  CHECK(run_leat({"get", "--on-exist", "overwrite", "-O", dir.path(), url}).status == 0);
  CHECK(read_file((dir / "x.bin")) == pattern(10));
}

TEST_CASE("get: failures that may pass are tried again as often as --retry says, and counted") {
  const auto healed = run_leat({"get", "--retry", "3", origin().url("/flaky/2/healed?retry-after=0")});
  CHECK(healed.status == 0);
  CHECK(json_lines(healed.out).at(0).number("num_retries") == 2);
  const auto given_up = run_leat({"get", "--retry", "1", origin().url("/flaky/5/given-up?retry-after=0")});
  CHECK(given_up.status == 1);
  const auto line = std::move(json_lines(given_up.out).at(0));
  CHECK(line.error_code() == "http_status");
  CHECK(line["error"]["attempts"].GetInt() == 2);
  CHECK(line["error"]["retryable"].GetBool());
  CHECK(origin().requests_of("/flaky/5/given-up") == 2);
  const auto never = run_leat({"get", "--retry", "5", origin().url("/status/404/never")});
  CHECK(never.status == 1);
  CHECK(origin().requests_of("/status/404/never") == 1);
  const auto post = run_leat({"get", "--retry", "5", "-d", "x", origin().url("/flaky/1/post")});
  CHECK(post.status == 1);
  CHECK(origin().requests_of("/flaky/1/post") == 1);
}

TEST_CASE("get: the number of transfers at once reaches -j and never exceeds it") {
  const OriginProcess server;
  std::string input;
  for (int i = 0; i < 60; ++i) input += server.url("/delay/50/" + std::to_string(i)) + "\n";
  const auto run = run_leat({"get", "-j", "12"}, input);
  CHECK(run.status == 0);
  CHECK(lines_of(run.out).size() == 60);
  CHECK(server.stats().peak == 12);
  CHECK(server.stats().connections <= 12 + 2);
}

TEST_CASE("get: errors of the network have their codes and status 1") {
  const auto code = [](const std::vector<std::string>& arguments) {
    std::vector<std::string> words{"get", "--retry", "0"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    const auto run = run_leat(words);
    CHECK(run.status == 1);
    return json_lines(run.out).at(0).error_code();
  };
  CHECK(code({"http://127.0.0.1:1/"}) == "connect_refused");
  CHECK(code({"http://nosuch.invalid/"}) == "dns_failed");
  CHECK(code({"--timeout", "200ms", origin().url("/hang/a")}) == "timeout");
  CHECK(code({"--stall", "200ms", origin().url("/drip/5/5000")}) == "stalled");
  CHECK(code({origin().url("/empty/x")}) == "reset");
  CHECK(code({origin().url("/redirect-loop")}) == "too_many_redirects");
  CHECK(code({origin().url("/redirect-to?url=file:///etc/passwd")}) == "redirect_refused");
  CHECK(code({origin().url("/bad/two-lengths")}) == "bad_response");
  CHECK(code({"--max-size", "100", origin().url("/endless/x")}) == "body_too_large");
}

TEST_CASE("get: included headers and body are in the result") {
  const auto run = run_leat({"get", "--include", "body,headers", origin().url("/ok/x")});
  const auto line = std::move(json_lines(run.out).at(0));
  CHECK(line.text("body") == "ok\n");
  REQUIRE(line["headers"].IsObject());
  CHECK(line["headers"].HasMember("content-type"));
}

TEST_CASE("get: credentials are shown nowhere") {
  const std::string url = "http://user:hunter2@127.0.0.1:" + std::to_string(origin().port()) + "/headers/x";
  const auto run = run_leat({"get", "-v", "--include", "headers", "-H", "Authorization: Bearer hunter2", url,
                             "http://u:hunter2@127.0.0.1:1/"});
  CHECK((run.out + run.err).find("hunter2") == std::string::npos);
  CHECK(json_lines(run.out).size() == 2);
}

TEST_CASE(
    "get --exec: it runs for each record that is ok, its words may have fields, and there is no shell") {
  const TempDir dir;
  const auto run = run_leat(
      {"get", "-q", "--retry", "0", "--order", "input", "-O", dir / "out", "--exec", "wc -c '{filename}'"},
      "{\"url\":\"" + origin().url("/size/10/a%20b.bin") + "\"}\n" + origin().url("/status/404") + "\n" +
          origin().url("/size/20/$(c).bin") + "\n");
  CHECK(run.status == 1);
  const auto lines = json_lines(run.out);
  REQUIRE(lines.size() == 3);
  CHECK(run.out.find("10 " + (dir / "out") + "/a b.bin") != std::string::npos);
  CHECK(run.out.find("20 " + (dir / "out") + "/$(c).bin") != std::string::npos);
  CHECK(lines[1].is_null("meta"));
  // A file that is there already is skipped, and no command runs for it.
  const auto again = run_leat(
      {"get", "-q", "-O", dir / "out", "--exec", "rm {filename}", origin().url("/size/20/$(c).bin")});
  CHECK(json_lines(again.out).at(0).text("outcome") == "skipped");
  CHECK(fs::exists(dir / "out/$(c).bin"));
  const auto failed = run_leat({"get", "-q", "--exec", "false", origin().url("/ok/1")});
  CHECK(failed.status == 1);
  CHECK(failed.out.find("\"exec_failed\"") != std::string::npos);
  const auto refused = run_leat({"get", "--exec", "mv '{filename}", origin().url("/ok/1")});
  CHECK(refused.status == 2);
  CHECK(refused.err.find("--exec") != std::string::npos);
}
