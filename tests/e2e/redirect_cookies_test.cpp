// Cookies that servers set during the redirects of one record: see tests/e2e/faults, Redirects and
// credentials.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/one_fetch.hpp"
#include "tests/support/scripted_server.hpp"

using namespace leat::tests;

namespace {

std::string answer(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string to(const std::string& location, const std::string& cookie = "") {
  const std::string set = cookie.empty() ? "" : "Set-Cookie: " + cookie + "\r\n";
  return "HTTP/1.1 302 Found\r\n" + set + "Location: " + location + "\r\nContent-Length: 0\r\n\r\n";
}

// The Cookie fields of a request's head, each in brackets.
std::string cookies_in(const std::string& head) {
  std::string found;
  for (auto at = head.find("\r\nCookie: "); at != std::string::npos; at = head.find("\r\nCookie: ", at + 1)) {
    const auto from = at + 10;
    found += "[" + head.substr(from, head.find("\r\n", from) - from) + "]";
  }
  return found;
}

// A server with a login in two steps: every path but /in and /set shows the cookies that came.
ScriptedServer& server() {
  static ScriptedServer one([](const std::string& head) {
    if (head.starts_with("GET /loop"))
      return Script(cookies_in(head).find("c=1") == std::string::npos ? to("/loop", "c=1; path=/")
                                                                      : answer("real"));
    if (head.starts_with("GET /set/to/")) {
      const auto from = std::string("GET /set/to/").size();
      return Script(to("http://localhost:" + head.substr(from, head.find(' ', from) - from), "c=1"));
    }
    if (head.starts_with("GET /set/deep")) return Script(to("/shown", "deep=1; Path=/set"));
    if (head.starts_with("GET /set/foreign")) return Script(to("/shown", "f=1; Domain=example.org"));
    if (head.starts_with("GET /set/expired")) return Script(to("/shown", "s=1; Path=/; Max-Age=0"));
    if (head.starts_with("GET /set/two"))
      return Script(
          "HTTP/1.1 302 Found\r\nSet-Cookie: a=1; Path=/\r\nSet-Cookie: b=2; Path=/\r\n"
          "Location: /set/more\r\nContent-Length: 0\r\n\r\n");
    if (head.starts_with("GET /set/more")) return Script(to("/shown", "b=3; Path=/"));
    if (head.starts_with("GET /set/final"))
      return Script("HTTP/1.1 200 OK\r\nSet-Cookie: late=1; Path=/\r\nContent-Length: 0\r\n\r\n");
    return Script(answer("cookies " + cookies_in(head)));
  });
  return one;
}

std::string port() { return server().url("").substr(std::string("http://127.0.0.1:").size()); }

std::vector<std::string> bodies(std::vector<std::string> words) {
  words.insert(words.begin(), {"get", "--retry", "0", "--include", "body", "-j", "1"});
  std::vector<std::string> found;
  for (const auto& line : json_lines(run_leat(words).out)) found.push_back(line.text("body"));
  return found;
}

std::string body(std::vector<std::string> words) {
  const auto all = bodies(std::move(words));
  return all.size() == 1 ? all.front() : "not one result";
}

// They are in one Cookie field, in any order: libcurl 7.88 begins with the newest.
bool shows(const std::string& text, const std::vector<std::string>& cookies) {
  std::size_t size = std::string("cookies []").size() + 2 * (cookies.size() - 1);
  for (const auto& cookie : cookies) {
    if (text.find(cookie) == std::string::npos) return false;
    size += cookie.size();
  }
  return text.size() == size && text.starts_with("cookies [");
}

}  // namespace

TEST_CASE("redirect cookies: a redirect to the same URL that needs the cookie it sets is followed") {
  for (const std::vector<std::string>& options :
       std::vector<std::vector<std::string>>{{}, {"-b", ""}, {"-b", "own=1"}, {"-H", "Cookie: own=1"}}) {
    auto words = options;
    words.push_back(server().url("/loop"));
    CHECK(body(words) == "real");
  }
}

TEST_CASE("redirect cookies: all cookies that were set on the way are sent, each with its last value") {
  CHECK(shows(body({server().url("/set/two")}), {"a=1", "b=3"}));
}

TEST_CASE("redirect cookies: cookies of another path, domain or host, and expired ones, are not sent") {
  CHECK(body({server().url("/set/deep")}) == "cookies ");
  CHECK(body({server().url("/set/foreign")}) == "cookies ");
  CHECK(body({server().url("/set/expired")}) == "cookies ");
  CHECK(body({server().url("/set/to/" + port() + "/shown")}) == "cookies ");
}

TEST_CASE(
    "redirect cookies: they are in one field with the user's own cookies, which other origins do not get") {
  CHECK(shows(body({"-b", "own=1", server().url("/set/two")}), {"own=1", "a=1", "b=3"}));
  CHECK(shows(body({"-H", "Cookie: own=1", server().url("/set/two")}), {"own=1", "a=1", "b=3"}));
  for (const char* option : {"-b", "-H"}) {
    CAPTURE(option);
    const std::string own = option == std::string("-b") ? "own=1" : "Cookie: own=1";
    CHECK(shows(body({option, own, server().url("/set/to/" + port() + "/set/two")}), {"a=1", "b=3"}));
  }
}

TEST_CASE("redirect cookies: no other record sends them, on the same handle or another") {
  const auto seen = bodies({server().url("/set/two"), server().url("/shown"), server().url("/set/final"),
                            server().url("/shown?2"), server().url("/set/deep"), server().url("/set/x?3")});
  REQUIRE(seen.size() == 6);
  CHECK(shows(seen[0], {"a=1", "b=3"}));
  CHECK(seen[1] == "cookies ");
  CHECK(seen[3] == "cookies ");
  CHECK(seen[5] == "cookies ");
  const auto own = bodies({"-b", "own=1", server().url("/set/two"), server().url("/shown")});
  REQUIRE(own.size() == 2);
  CHECK(shows(own[1], {"own=1"}));
}

TEST_CASE("redirect cookies: a jar keeps them for the records that follow") {
  const auto seen = bodies({"-b", "", server().url("/set/two"), server().url("/shown")});
  REQUIRE(seen.size() == 2);
  CHECK(shows(seen[1], {"a=1", "b=3"}));
}
