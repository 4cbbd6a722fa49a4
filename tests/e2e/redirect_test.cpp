// Where a server sends one to, and where one doesn't go: FAULTS.md, Redirects and credentials.
#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/one_fetch.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/wire_server.hpp"

using namespace leat::tests;
using Names = std::set<std::string>;

namespace {

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

std::string to(const std::string& location) {
  return "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
}

}  // namespace

TEST_CASE("redirect: a loop, and more hops than --max-redirects, are too_many_redirects") {
  const OneFetch loop(origin().url("/redirect-loop"));
  CHECK(loop.code() == "too_many_redirects");
  CHECK(loop.attempts() == 1);
  CHECK(loop.files().empty());
  CHECK(OneFetch(origin().url("/redirect/10/x")).outcome() == "ok");
  CHECK(OneFetch(origin().url("/redirect/11/x")).code() == "too_many_redirects");
  CHECK(OneFetch(origin().url("/redirect/3/x"), {"--max-redirects", "2"}).code() == "too_many_redirects");
}

TEST_CASE("redirect: to anything but http and https it is refused, however it is written") {
  const std::map<std::string, Script> answers{
      {"/file", to("file:///etc/passwd")},
      {"/FILE", to("FILE:///etc/passwd")},
      {"/ftp", to("ftp://127.0.0.1/x")},
      {"/data", to("data:text/plain,hello")},
      {"/gopher", to("gopher://127.0.0.1:1")},
      {"/javascript", to("javascript:alert(1)")},
      {"/ws", to("ws://127.0.0.1/")},
      {"/blank", to("\tfile:///etc/passwd")},
      {"/nothing", to("")},
      {"/escape", to("/\x1b[31m")},
  };
  const ScriptedServer server(answers);
  for (const auto& answer : answers) {
    const std::string& path = answer.first;
    CAPTURE(path);
    const OneFetch got(server.url(path), {"--retry", "2"});
    CHECK(got.code() == "redirect_refused");
    CHECK(got.attempts() == 1);
    CHECK(got.files().empty());
    CHECK(got.finished().out.find('\x1b') == std::string::npos);
    CHECK(got.finished().err.find('\x1b') == std::string::npos);
  }
}

TEST_CASE("redirect: from https to http it is refused") {
  const WireServer tls;
  const OneFetch got(tls.url() + "to-http/x", {"--cacert", tls.certificate(), "--retry", "2"});
  CHECK(got.code() == "redirect_refused");
  CHECK(got.attempts() == 1);
  CHECK(got.files().empty());
}

TEST_CASE("redirect: 301, 302 and 303 make a POST a GET without its body, 307 and 308 keep both") {
  for (const std::string status : {"301", "302", "303", "307", "308"}) {
    CAPTURE(status);
    const OneFetch got(origin().url("/redirect-to/x?url=/headers/x&status=" + status),
                       {"-d", "sent=1", "--include", "body"});
    CHECK(got.outcome() == "ok");
    const bool kept = status == "307" || status == "308";
    const JsonLine seen(got.line().text("body"));
    CHECK(seen.text("method") == (kept ? "POST" : "GET"));
    CHECK(seen.text("body") == (kept ? "sent=1" : ""));
    CHECK(got.line().text("method") == (kept ? "POST" : "GET"));
  }
}

TEST_CASE(
    "redirect: a file has the name of what was asked for, whatever the redirect or the answer call it") {
  const ScriptedServer server({
      {"/asked.txt", to("/evil.sh")},
      {"/evil.sh",
       "HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=\"worse.sh\"\r\n"
       "Content-Length: 5\r\n\r\nhello"},
  });
  const OneFetch got(server.url("/asked.txt"));
  CHECK(got.outcome() == "ok");
  CHECK(got.files() == Names{"asked.txt"});
  CHECK(OneFetch(server.url("/asked.txt"), {"-J"}).files() == Names{"worse.sh"});
}

TEST_CASE("redirect: credentials in a redirect's target are used for it and printed nowhere") {
  const OneFetch got(origin().url("/redirect-to/x?url=http://me:hunter2@127.0.0.1:" +
                                  std::to_string(origin().port()) + "/basic-auth/me/hunter2"),
                     {"-v"});
  CHECK(got.outcome() == "ok");
  const std::string effective = got.line().text("url_effective");
  CHECK(effective.find("hunter2@") == std::string::npos);
}
