// How URLs are asked for, with bytes beyond ASCII, without a scheme, with control characters: see
// tests/e2e/faults, Input.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;

namespace {

Script page(const std::string& body, const std::string& field = "") {
  return {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + field +
          "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// /x links to itself by its complete URL and to /n; its Link leads to /p2.
class Site {
 public:
  Site()
      : server_([this](const std::string& head) {
          if (!head.starts_with("GET /x ")) return page("end");
          return page("<a href=\"/n\">n</a><a href=\"" + server_.url("/x") + "\">x</a>",
                      "Link: </p2>; rel=\"next\"\r\n");
        }) {}
  [[nodiscard]] const ScriptedServer& server() const noexcept { return server_; }
  /// The text "127.0.0.1:PORT/x".
  [[nodiscard]] std::string seed() const { return server_.url("/x").substr(std::string("http://").size()); }

 private:
  ScriptedServer server_;
};

}  // namespace

TEST_CASE(
    "url: bytes beyond ASCII are percent-encoded in the path and the query, and all others stay as they "
    "are") {
  const std::string target = "/caf\xc3\xa9?q=\xe4\xbd\xa0&x=%2F+[1]|y^z%";
  for (const char* how : {"get", "list", "run"}) {
    CAPTURE(how);
    const Site site;
    const std::string url = site.server().url(target);
    const auto run = how == std::string("get") ? run_leat({"get", url})
                     : how == std::string("list")
                         ? run_leat({"get", "-i", "-"}, url + "\n")
                         : run_leat({"run", "lines | fetch | write json"}, url + "\n");
    CHECK(run.status == 0);
    CHECK(holds(site.server().received(), "GET /caf%C3%A9?q=%E4%BD%A0&x=%2F+[1]|y^z% HTTP/1.1\r\n"));
    const auto lines = json_lines(run.out);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].text("url_effective") == site.server().url("/caf%C3%A9?q=%E4%BD%A0&x=%2F+[1]|y^z%"));
    CHECK(lines[0].text("url") == url);
  }
}

TEST_CASE("url: a seed without http:// gives the same results as the seed itself") {
  for (const std::string spec :
       {"fetch | each (\"/n\") | fetch | null", "each (\"/n\") | fetch | null",
        "fetch | extract css=\"a\" attr=href as=meta.l | each (.meta.l[0]) | fetch | null",
        "crawl next={ extract css=\"a[href]\" attr=href as=meta.l | each (.meta.l[]) } | null"}) {
    CAPTURE(spec);
    const Site site;
    CHECK(run_leat({"run", "lines | " + spec}, site.seed() + "\n").status == 0);
    CHECK(site.server().requests_of("/n") == 1);
    CHECK(site.server().requests_of("/x") <= 1);
  }
  const Site site;
  CHECK(run_leat({"run", "lines | paginate link | null"}, site.seed() + "\n").status == 0);
  CHECK(site.server().requests_of("/p2") == 1);
  const auto line = json_lines(run_leat({"get", site.seed()}).out);
  REQUIRE(line.size() == 1);
  CHECK(line[0].text("url_effective") == "http://" + site.seed());
}

TEST_CASE("url: a control character in a user name or password is bad_url, and nothing is sent") {
  const Site site;
  for (const char* userinfo : {"us%0aer:pw@", "user:p%0D%0Aw@", "us%00er@", "u%7f@"}) {
    CAPTURE(userinfo);
    const auto run = run_leat({"get", "http://" + std::string(userinfo) + site.seed()});
    CHECK(run.status == 1);
    CHECK(json_lines(run.out).at(0).error_code() == "bad_url");
    CHECK_FALSE(holds(run.out + run.err, "pw"));
  }
  CHECK(site.server().received().empty());
}
