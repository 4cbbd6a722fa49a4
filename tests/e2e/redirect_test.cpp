// Where a server may send a client, and where the client doesn't go: see tests/e2e/faults, Redirects and
// credentials.
#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <utility>
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

std::string answer(const std::string& body, const std::string& status = "200 OK") {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

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

TEST_CASE("redirect: a redirect to anything but http and https is refused, however it is written") {
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

TEST_CASE("redirect: a redirect from https to http is refused") {
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
    "redirect: a file has the name of the URL that was asked for, whatever the redirect or the answer calls "
    "it") {
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

TEST_CASE("redirect: it is followed once its head is there, whatever happens to its body") {
  const std::string head = "HTTP/1.1 301 Moved\r\nLocation: /there\r\n";
  const std::chrono::milliseconds never = std::chrono::minutes(1);
  const ScriptedServer server({
      {"/there", answer("there")},
      {"/without-end", Script(head + "Connection: close\r\n\r\nmoved", "x", never)},
      {"/no-length", Script(head + "\r\n", "x", never)},
      {"/stalled", Script(head + "Content-Length: 5\r\n\r\nmo", "x", never)},
      {"/stalled-chunks", Script(head + "Transfer-Encoding: chunked\r\n\r\n5\r\nmo", "x", never)},
      {"/huge", Script(head + "Content-Length: 900000000000\r\n\r\n", "x", never)},
      {"/flood", Script(head + "\r\n", std::string(65536, 'x'))},
      {"/cut", head + "Content-Length: 500\r\n\r\nmo"},
      {"/no-chunks", head + "Transfer-Encoding: chunked\r\n\r\nnothing of that kind"},
  });
  for (const char* path : {"/without-end", "/no-length", "/stalled", "/stalled-chunks", "/huge", "/flood",
                           "/cut", "/no-chunks"}) {
    CAPTURE(path);
    const OneFetch got(server.url(path), {"--timeout", "20s"});
    CHECK(got.outcome() == "ok");
    CHECK(got.content(path + 1) == "there");
    CHECK(got.line().number("num_redirects") == 1);
  }
}

TEST_CASE("redirect: a short body that has arrived keeps the connection for the next hop") {
  const OriginProcess own;
  const OneFetch got(own.url("/redirect/5/x"));
  CHECK(got.outcome() == "ok");
  CHECK(own.stats().connections == 2);  // one of them asks this
}

TEST_CASE(
    "redirect: a blank in a Location becomes %20, bytes beyond ASCII are encoded, and all others stay") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"/a b", "/a%20b"},
      {"/?q=a b", "/?q=a%20b"},
      {"/caf\xc3\xa9?q=\xe4\xbd\xa0&x=%2F+", "/caf%C3%A9?q=%E4%BD%A0&x=%2F+"},
      {"/k%2By%20+%2f?s=a%2bb%3D&x=a+b", "/k%2By%20+%2f?s=a%2bb%3D&x=a+b"},
      {"/x?", "/x?"},
      {"/q?a=[1]&b={x}|y^z", "/q?a=[1]&b={x}|y^z"},
      {"/%2e%2e/x;p=1?y;z", "/%2e%2e/x;p=1?y;z"},
  };
  for (const auto& row : rows) {
    const std::string& location = row.first;
    CAPTURE(location);
    for (const bool absolute : {false, true}) {
      std::string base;
      const ScriptedServer server([&](const std::string& head) {
        if (!head.starts_with("GET /begin")) return Script(answer("there"));
        return Script(to(absolute ? base + location : location));
      });
      base = server.url("");
      const OneFetch got(server.url("/begin"));
      CHECK(got.outcome() == "ok");
      CHECK(holds(server.received(), "GET " + row.second + " HTTP/1.1\r\n"));
      CHECK(got.line().text("url_effective") == server.url(row.second));
    }
  }
}

TEST_CASE("redirect: a redirect without a Location is redirect_refused if its body would be saved") {
  std::map<std::string, Script> answers;
  for (const char* status : {"300", "301", "302", "303", "307", "308", "305"})
    answers["/" + std::string(status)] = answer("moved", std::string(status) + " Moved");
  answers["/empty"] = "HTTP/1.1 302 Found\r\nLocation: \r\nContent-Length: 5\r\n\r\nmoved";
  const ScriptedServer server(answers);
  for (const auto& one : answers) {
    const std::string& path = one.first;
    CAPTURE(path);
    const OneFetch got(server.url(path), {"--retry", "2"});
    CHECK(got.code() == "redirect_refused");
    CHECK(got.attempts() == 1);
    CHECK(got.files().empty());
    CHECK(holds(got.line()["error"]["message"].GetString(), path == "/empty" ? "302" : path.substr(1)));
    const auto seen = run_leat({"get", server.url(path)});
    CHECK(seen.status == 0);
    CHECK(json_lines(seen.out).at(0).number("status") ==
          (path == "/empty" ? 302 : std::stoi(path.substr(1))));
  }
  const TempDir dir;
  const auto saved =
      run_leat({"run", "urls " + server.url("/302") + " | fetch | where (.status == 302) | save \"" +
                           dir.path() + "/{name}\""});
  CHECK(saved.status == 1);
  CHECK(json_lines(saved.out).at(0).error_code() == "redirect_refused");
  CHECK(dir.names().empty());
}

TEST_CASE("redirect: a 300 is followed if it names a choice") {
  const ScriptedServer server({
      {"/x", "HTTP/1.1 300 Multiple Choices\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n"},
      {"/y", answer("chosen")},
  });
  const OneFetch got(server.url("/x"));
  CHECK(got.outcome() == "ok");
  CHECK(got.content("x") == "chosen");
}

TEST_CASE("redirect: with --max-redirects 0, the redirect's own body is not saved") {
  const OneFetch got(origin().url("/redirect/1/x"), {"--max-redirects", "0"});
  CHECK(got.code() == "too_many_redirects");
  CHECK(got.files().empty());
  const auto seen = run_leat({"get", "--max-redirects", "0", origin().url("/redirect/1/x")});
  CHECK(seen.status == 0);
  CHECK(json_lines(seen.out).at(0).number("status") == 302);
}

TEST_CASE(
    "redirect: a body that is sent on to another origin keeps the fields that describe it, and no others") {
  const std::string there = "http://localhost:" + std::to_string(origin().port()) + "/headers/x";
  for (const std::string status : {"307", "308", "302"}) {
    CAPTURE(status);
    const auto run = run_leat({"get", "--include", "body", "--json", "{\"a\":1}", "-H", "X-Key: hunter2",
                               "-H", "Content-Language: de", "-H", "Accept-Language: de", "-u", "me:hunter2",
                               origin().url("/redirect-to/x?url=" + there + "&status=" + status)});
    REQUIRE(run.status == 0);
    const std::string seen = json_lines(run.out).at(0).text("body");
    const bool kept = status != "302";
    CHECK(holds(seen, "\"content-type\":\"application/json\"") == kept);
    CHECK(holds(seen, "\"content-language\":\"de\"") == kept);
    CHECK(holds(seen, "\"accept\":\"application/json\"") == kept);
    CHECK_FALSE(holds(seen, "x-key"));
    CHECK_FALSE(holds(seen, "accept-language"));
    CHECK_FALSE(holds(seen, "authorization"));
  }
  const auto same = run_leat({"get", "--include", "body", "--json", "{}", "-H", "X-Key: k",
                              origin().url("/redirect-to/x?url=/headers/x&status=303")});
  const std::string seen = json_lines(same.out).at(0).text("body");
  CHECK_FALSE(holds(seen, "content-type"));
  CHECK(holds(seen, "\"accept\":\"application/json\""));
  CHECK(holds(seen, "\"x-key\":\"k\""));
}
