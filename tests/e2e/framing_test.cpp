// Answers whose framing is wrong, byte for byte, and their results: see tests/e2e/faults, Framing.
#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/one_fetch.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/scripted_server.hpp"

using namespace leat::tests;
using namespace std::string_literals;
using Names = std::set<std::string>;

namespace {

const std::string kOk = "HTTP/1.1 200 OK\r\n";

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

// Answers that must fail with that code, at once, and leave no file.
void check_refused(const std::map<std::string, Script>& answers, const std::string& code) {
  const ScriptedServer server(answers);
  for (const auto& answer : answers) {
    const std::string& path = answer.first;
    CAPTURE(path);
    const OneFetch got(server.url(path), {"--retry", "3"});
    CHECK(got.code() == code);
    CHECK(got.files().empty());
    CHECK(got.attempts() == 1);
    CHECK(server.requests_of(path) == 1);
  }
}

// Answers that must be `ok` with a file of "hello".
void check_hello(const std::map<std::string, Script>& answers, bool verified) {
  const ScriptedServer server(answers);
  for (const auto& answer : answers) {
    const std::string& path = answer.first;
    CAPTURE(path);
    const OneFetch got(server.url(path));
    CHECK(got.outcome() == "ok");
    CHECK(got.files() == Names{path.substr(1)});
    CHECK(got.content(path.substr(1)) == "hello");
    CHECK(got.line().has("length_verified") == !verified);
  }
}

}  // namespace

TEST_CASE("framing: a malformed Content-Length is bad_response, and so are two that differ") {
  check_refused(
      {
          {"/negative", kOk + "Content-Length: -5\r\n\r\nhello"},
          {"/minus-one", kOk + "Content-Length: -1\r\n\r\nhello"},
          {"/signed", kOk + "Content-Length: +5\r\n\r\nhello"},
          {"/hexadecimal", kOk + "Content-Length: 0x5\r\n\r\nhello"},
          {"/words", kOk + "Content-Length: 5 bytes\r\n\r\nhello"},
          {"/empty", kOk + "Content-Length: \r\n\r\nhello"},
          {"/beyond-64-bits", kOk + "Content-Length: 99999999999999999999\r\n\r\nhello"},
          {"/more-first", kOk + "Content-Length: 6\r\nContent-Length: 5\r\n\r\nhello!"},
          {"/less-first", kOk + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"},
          {"/in-one-field", kOk + "Content-Length: 5, 6\r\n\r\nhello!"},
      },
      "bad_response");
}

TEST_CASE("framing: a blank before the colon of a field that says where the body ends is bad_response") {
  check_refused(
      {
          {"/length", kOk + "Content-Length : 5\r\n\r\nhello"},
          {"/cut", kOk + "content-length\t: 50\r\n\r\nhello"},
          {"/chunks", kOk + "Transfer-Encoding : chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
          {"/both", kOk + "Content-Length: 5\r\nTransfer-Encoding  : chunked\r\n\r\nhello"},
      },
      "bad_response");
  check_hello({{"/another", kOk + "Content-Length: 5\r\nContent-Type : a/b\r\nTrailer : x\r\n\r\nhello"}},
              true);
}

TEST_CASE("framing: a NUL anywhere in the head is bad_response") {
  check_refused(
      {
          {"/in-a-value", kOk + "X-A: a\0b\r\nContent-Length: 5\r\n\r\nhello"s},
          {"/in-a-name", kOk + "X\0A: b\r\nContent-Length: 5\r\n\r\nhello"s},
          {"/in-a-length", kOk + "Content-Length: 5\0\r\n\r\nhello"s},
          {"/in-the-reason", "HTTP/1.1 200 O\0K\r\nContent-Length: 5\r\n\r\nhello"s},
          {"/in-a-location", "HTTP/1.1 302 Found\r\nLocation: /x\0y\r\nContent-Length: 0\r\n\r\n"s},
      },
      "bad_response");
}

TEST_CASE("framing: HTTP/0.9, other protocols and malformed status lines are bad_response") {
  check_refused(
      {
          {"/0.9", std::string("hello\n")},
          {"/smtp", std::string("220 mail.example.org ready\r\n")},
          {"/icy", std::string("ICY 200 OK\r\nContent-Length: 5\r\n\r\nhello")},
          {"/version-1.2", std::string("HTTP/1.2 200 OK\r\nContent-Length: 5\r\n\r\nhello")},
          {"/status-of-two", std::string("HTTP/1.1 20 OK\r\nContent-Length: 5\r\n\r\nhello")},
          {"/status-of-four", std::string("HTTP/1.1 2000 OK\r\nContent-Length: 5\r\n\r\nhello")},
          {"/status-99", std::string("HTTP/1.1 099 OK\r\nContent-Length: 5\r\n\r\nhello")},
          {"/no-colon", kOk + "this is no field\r\nContent-Length: 5\r\n\r\nhello"},
      },
      "bad_response");
}

TEST_CASE("framing: malformed chunks are bad_response") {
  const std::string chunked = kOk + "Transfer-Encoding: chunked\r\n\r\n";
  check_refused(
      {
          {"/no-number", chunked + "zz\r\nhello\r\n0\r\n\r\n"},
          {"/negative", chunked + "-5\r\nhello\r\n0\r\n\r\n"},
          {"/beyond-64-bits", chunked + "FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"},
          {"/longer-than-said", chunked + "5\r\nhello!\r\n0\r\n\r\n"},
          {"/size-without-end", Script(chunked, std::string(10'000, '0'))},
      },
      "bad_response");
}

TEST_CASE("framing: an answer that is cut short is truncated, tried again, and leaves no file") {
  const std::string chunked = kOk + "Transfer-Encoding: chunked\r\n\r\n";
  const std::map<std::string, Script> answers{
      {"/within-the-body", kOk + "Content-Length: 50\r\n\r\nhello"},
      {"/before-the-body", kOk + "Content-Length: 50\r\n\r\n"},
      {"/HTTP-1.0", "HTTP/1.0 200 OK\r\nContent-Length: 50\r\n\r\nhello"s},
      {"/within-a-chunk", chunked + "5\r\nhel"},
      {"/between-chunks", chunked + "5\r\nhello\r\n"},
      {"/before-the-last-line", chunked + "5\r\nhello\r\n0\r\n"},
      {"/within-the-head", kOk + "Content-Type: text/pl"},
      {"/behind-the-status-line", kOk},
  };
  const ScriptedServer server(answers);
  for (const auto& answer : answers) {
    const std::string& path = answer.first;
    CAPTURE(path);
    const OneFetch got(server.url(path), {"--retry", "1"});
    CHECK(got.code() == "truncated");
    CHECK(got.attempts() == 2);
    CHECK(server.requests_of(path) == 2);
    CHECK(got.files().empty());
  }
}

TEST_CASE("framing: an empty answer and a reset are tried again and then succeed") {
  for (const std::string path : {"/empty/a?times=1", "/reset/0/a?times=1", "/reset/500/a?times=1"}) {
    CAPTURE(path);
    const OneFetch healed(origin().url(path), {"--retry", "1"});
    CHECK(healed.outcome() == "ok");
    CHECK(healed.attempts() == 2);
    CHECK(healed.files() == Names{"a"});
  }
  const OneFetch given_up(origin().url("/reset/0/b"), {"--retry", "1"});
  CHECK(given_up.code() == "reset");
  CHECK(given_up.attempts() == 2);
  CHECK(given_up.files().empty());
}

TEST_CASE("framing: chunks count more than a length, and bytes after the length are ignored") {
  check_hello(
      {
          {"/shorter",
           kOk + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
          {"/longer", kOk + "Transfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
          {"/twice-the-same", kOk + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"},
          {"/more-behind", kOk + "Content-Length: 5\r\n\r\nhello world"},
      },
      true);
}

TEST_CASE("framing: a body that ends only with its connection is ok, and is marked as unverified") {
  check_hello({{"/1.1", kOk + "\r\nhello"}, {"/1.0", "HTTP/1.0 200 OK\r\n\r\nhello"s}}, false);
}

TEST_CASE("framing: more than five encodings on top of each other are refused, and five are decoded") {
  const OneFetch five(origin().url("/gzip/5/five?layers=5"), {"--compressed"});
  CHECK(five.outcome() == "ok");
  CHECK(five.content("five").size() == 5);
  const OneFetch six(origin().url("/gzip/5/six?layers=6"), {"--compressed"});
  CHECK(six.code() == "bad_response");
  CHECK(six.files().empty());
  const ScriptedServer server({{"/x", kOk + "Content-Encoding: rot13\r\nContent-Length: 5\r\n\r\nhello"}});
  CHECK(OneFetch(server.url("/x"), {"--compressed"}).code() == "bad_response");
}

TEST_CASE("framing: an endless body stops at --max-size, in any framing, and leaves no file") {
  const std::string chunk = "1000\r\n" + std::string(4096, 'x') + "\r\n";
  const ScriptedServer server({
      {"/plain", Script(kOk + "\r\n", std::string(65536, 'x'))},
      {"/chunked", Script(kOk + "Transfer-Encoding: chunked\r\n\r\n", chunk)},
      {"/announced", kOk + "Content-Length: 9000000000000000000\r\n\r\n"},
  });
  for (const std::string path : {"/plain", "/chunked", "/announced"}) {
    CAPTURE(path);
    const OneFetch got(server.url(path), {"--max-size", "1MB"});
    CHECK(got.code() == "body_too_large");
    CHECK(got.files().empty());
  }
}

#ifndef LEAT_SANITIZED  // a sanitizer needs memory of its own
TEST_CASE("framing: a body of hundreds of megabytes, encoded or not, needs little memory") {
  // Python starts leat, since a child's peak begins with that of the process that forks it.
  const std::string program =
      "import resource, subprocess, sys\n"
      "leat = subprocess.run(sys.argv[1:])\n"
      "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
      "sys.exit(leat.returncode)\n";
  for (const std::string path : {"/gzip-bomb/300M/x", "/size/300M/x", "/chunked/300M/x"}) {
    CAPTURE(path);
    const auto run = run_process({"python3", "-c", program, LEAT_BINARY, "get", "-q", "--compressed",
                                  "--format", "{outcome}", origin().url(path)});
    CHECK(run.status == 0);
    const auto lines = lines_of(run.out);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == "ok");
    CHECK(std::stol(lines[1]) > 1024);
    CHECK(std::stol(lines[1]) < 64 * 1024);
  }
}
#endif

TEST_CASE("framing: a 304 that nobody asked for is bad_response, and no empty file stands in for the body") {
  const ScriptedServer server({{"/x", "HTTP/1.1 304 Not Modified\r\nETag: \"v\"\r\n\r\n"s}});
  const OneFetch unasked(server.url("/x"));
  CHECK(unasked.code() == "bad_response");
  CHECK(unasked.files().empty());
  const OneFetch asked(server.url("/x"), {"-H", "If-None-Match: \"v\""});
  CHECK(asked.outcome() == "not_modified");
  CHECK(asked.files().empty());
}

TEST_CASE("framing: an answer whose end libcurl does not see ends there, also if the connection stays open") {
  const auto left_open = [](const std::string& fields) {
    Script script(kOk + fields);
    script.released = [] { return false; };
    return script;
  };
  const ScriptedServer server({
      {"/identity", left_open("Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello")},
      {"/empty", left_open("Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n")},
      {"/folded", left_open("Transfer-Encoding:\r\n chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")},
  });
  for (const std::string path : {"/identity", "/empty", "/folded"}) {
    CAPTURE(path);
    const TempDir dir;
    const auto run = run_leat({"run", "-q", "--max-time", "20s", "--grace", "0s",
                               "urls " + server.url(path) + " | fetch retry=0 stall=5m | save \"" +
                                   (dir / "{name}") + "\" | write"});
    const JsonLine line(run.out);
    CHECK(line.text("outcome") == "ok");
    CHECK(read_file(dir / path.substr(1)) == (path == "/empty" ? "" : "hello"));
    CHECK_FALSE(line.has("length_verified"));
  }
}
