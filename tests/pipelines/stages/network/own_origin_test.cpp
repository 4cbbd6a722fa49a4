// What a user sends of credentials, cookies, fields and certificates goes to the origin that a record began
// with, by whichever road a server leads elsewhere.
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/wire_server.hpp"

using namespace leat;
using namespace leat::pipelines;
using leat::tests::ScriptedServer;
using leat::tests::TempDir;

namespace {

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string ok(const std::string& type, const std::string& body, const std::string& field = "") {
  return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n" + field +
         "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

/// The origin that the user knows, whose answers name URLs below `base`: its own, or the other server's.
class Knows {
 public:
  explicit Knows(std::string base)
      : base_(std::move(base)), server_([this](const std::string& head) { return answer(head); }) {}

  [[nodiscard]] std::string url(const std::string& path) const { return server_.url(path); }
  [[nodiscard]] std::string received() const { return server_.received(); }

 private:
  [[nodiscard]] std::string answer(const std::string& head) const {
    const std::string target = (base_.empty() ? server_.url("") : base_) + "/led";
    if (holds(head, " /redirect ")) {
      return "HTTP/1.1 302 Found\r\nLocation: " + target +
             "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    }
    if (holds(head, " /page ")) {
      return ok("application/json", R"({"next":")" + target + R"(","items":[{"url":")" + target + R"("}]})",
                "Link: <" + target + ">; rel=\"next\"\r\n");
    }
    if (holds(head, " /html ")) return ok("text/html", "<a href=\"" + target + "\">x</a>");
    if (holds(head, " /gone ")) {
      return "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    }
    return ok("application/json", "{}");
  }

  std::string base_;
  ScriptedServer server_;
};

struct Road {
  const char* name;
  const char* spec;  // $A: the origin that the user knows; $C: the credentials
};

const std::vector<Road> kRoads{
    {"redirect", "urls $A/redirect | fetch $C | null"},
    {"Link", "urls $A/page | paginate link $C | null"},
    {"next", "urls $A/page | paginate next=(.json.next) $C | null"},
    {"next, an object", "urls $A/page | paginate next=({url: .json.next}) $C | null"},
    {"crawl",
     "urls $A/html | crawl scope=any next={ extract css=a attr=href as=meta.l | each (.meta.l[]) } $C | "
     "null"},
    {"each", "urls $A/page | fetch $C | each (.json.items[].url) | fetch $C | null"},
    {"each, an object", "urls $A/page | fetch | each (.json.items[]) | fetch $C | null"},
    {"each, a text with the response in it",
     "urls $A/page | fetch | each (\"\\(.json.next)?a=1\") | fetch $C | null"},
    {"each twice", "urls $A/page | fetch | each (.json.items[]) | each (.url) | fetch $C | null"},
    {"exec as=records", "urls $A/page | fetch | exec echo \"{json.next}\" as=records | fetch $C | null"},
    {"exec as=records, an object",
     "urls $A/page | fetch | exec cat stdin=(.json.items[]) as=records | fetch $C | null"},
    {"set", "urls $A/page | fetch | set url=(.json.next) | fetch $C | null"},
    {"url= by a program", "urls $A/page | fetch | fetch url=(.json.next) $C | null"},
    {"url= by a template", "urls $A/page | fetch | fetch url=\"{json.next}\" $C | null"},
    {"batch",
     "urls $A/page | fetch | set meta.n=(.json.next) | batch n=2 | each (.meta.batch[].meta.n) | fetch $C | "
     "null"},
};

const std::vector<const char*> kCredentials{"bearer=\"hunter2\"",
                                            "user=\"me:hunter2\"",
                                            "cookie=\"k=hunter2\"",
                                            "header=\"X-Key: hunter2\"",
                                            "default-header=\"X-Key: hunter2\"",
                                            "netrc-file=\"$NETRC\""};

/// Says whether a server was sent something of the credentials.
bool got_some(const std::string& received) {
  for (const char* part : {"hunter2", "Authorization", "Cookie:", "X-Key"}) {
    if (holds(received, part)) return true;
  }
  return false;
}

struct Files {
  Files() { tests::write_file(directory / "netrc", "default login me password hunter2\n"); }
  [[nodiscard]] std::string in(std::string text) const {
    return replaced(std::move(text), "$NETRC", directory / "netrc");
  }
  TempDir directory;
};

void run_road(const char* spec, const std::string& credentials, const Knows& known) {
  const auto ran = run_spec(replaced(replaced(spec, "$C", credentials), "$A", known.url("")));
  CHECK_FALSE(ran.status.has_value());
}

}  // namespace

TEST_CASE("own origin: nothing that is the user's arrives at another origin, by whichever road") {
  const Files files;
  for (const auto& road : kRoads) {
    CAPTURE(road.name);
    for (const char* credentials : kCredentials) {
      CAPTURE(credentials);
      const ScriptedServer other([](const std::string&) { return ok("application/json", "{}"); });
      const Knows known(other.url(""));
      run_road(road.spec, files.in(credentials), known);
      CHECK(holds(other.received(), "GET /led"));
      CHECK_FALSE(got_some(other.received()));
    }
  }
}

TEST_CASE("own origin: the same roads on the origin that the record began with carry all of it") {
  const Files files;
  for (const auto& road : kRoads) {
    CAPTURE(road.name);
    for (const char* credentials : kCredentials) {
      CAPTURE(credentials);
      const Knows known("");
      run_road(road.spec, files.in(credentials), known);
      const std::string received = known.received();
      const auto led = received.find("GET /led");
      REQUIRE(led != std::string::npos);
      CHECK(got_some(received.substr(led)));
    }
  }
}

TEST_CASE("own origin: trust= names origins that get it all the same, and location-trusted means every one") {
  const Files files;
  for (const auto& road : kRoads) {
    CAPTURE(road.name);
    for (const char* credentials : kCredentials) {
      CAPTURE(credentials);
      const ScriptedServer other([](const std::string&) { return ok("application/json", "{}"); });
      const Knows known(other.url(""));
      for (const std::string& trust :
           {"trust=\"http://b.org " + other.url("/") + "\"", std::string("location-trusted=true")}) {
        CAPTURE(trust);
        const auto before = other.received().size();
        run_road(road.spec, files.in(credentials) + " " + trust, known);
        CHECK(got_some(other.received().substr(before)));
      }
    }
  }
}

TEST_CASE("own origin: what a record's own line sends stays behind, too") {
  const TempDir directory;
  const ScriptedServer other([](const std::string&) { return ok("application/json", "{}"); });
  const Knows known(other.url(""));
  const auto run_line = [&](const std::string& members, const char* rest) {
    tests::write_file(directory / "list",
                      "{" + members + R"(,"headers":{"Authorization":"hunter2"}})" + "\n");
    const auto ran = run_spec("lines \"" + std::string(directory / "list") + "\" | " + rest);
    CHECK_FALSE(ran.status.has_value());
  };
  const auto url = [&](const char* path) { return R"("url":")" + known.url(path) + '"'; };
  const std::string mirror = R"(,"mirrors":[")" + other.url("/mirror") + R"("])";
  run_line(url("/redirect"), "fetch | null");
  run_line(url("/page"), "paginate next=(.json.next) | null");
  run_line(url("/page"), "fetch | set url=(.json.next) | fetch | null");
  CHECK(holds(known.received(), "hunter2"));
  run_line(url("/gone") + mirror, "fetch fail=4xx | null");
  run_line(url("/gone") + mirror, "fetch fail=4xx race=2 user=\"me:hunter2\" | null");
  CHECK(holds(other.received(), "GET /mirror"));
  CHECK_FALSE(got_some(other.received()));
}

TEST_CASE("own origin: a mirror that gives a segment gets none of it") {
  const TempDir directory;
  const ScriptedServer other(std::map<std::string, tests::Script>{});
  tests::write_file(directory / "list", R"({"url":")" + origin().url("/range/4000000/x") +
                                            R"(","mirrors":[")" + other.url("/mirror") +
                                            R"("],"headers":["X-Key: hunter2"]})" + "\n");
  const auto ran =
      run_spec("lines \"" + std::string(directory / "list") +
               "\" | fetch segments=4 min-segment=64KiB limit-rate=4M user=\"me:hunter2\" | save \"" +
               std::string(directory / "{name}") + "\" | null");
  CHECK(ran.count(Outcome::ok) == 1);
  CHECK(holds(other.received(), "GET /mirror"));
  CHECK_FALSE(got_some(other.received()));
}

TEST_CASE("own origin: an origin that url= writes out is the user's own word") {
  const ScriptedServer other([](const std::string&) { return ok("application/json", "{}"); });
  const Knows known(other.url(""));
  for (const char* stages : {"fetch url=\"$B/x/{status}\" $C", "set url=\"$B/x\" | fetch $C"}) {
    CAPTURE(stages);
    const auto before = other.received().size();
    run_road(("urls $A/page | fetch | " + replaced(stages, "$B", other.url("")) + " | null").c_str(),
             "bearer=\"hunter2\"", known);
    CHECK(holds(other.received().substr(before), "Bearer hunter2"));
  }
  // A field may be a part of the host.
  const auto host = other.url("").substr(7);
  run_road(("urls $A/page | fetch | set meta.h=\"" + host + "\" | fetch url=\"http://{meta.h}/y\" $C | null")
               .c_str(),
           "bearer=\"hunter2y\"", known);
  CHECK(holds(other.received(), "GET /y"));
  CHECK_FALSE(holds(other.received(), "hunter2y"));
}

TEST_CASE("own origin: before anything was fetched every URL is the user's") {
  const ScriptedServer other([](const std::string&) { return ok("application/json", "{}"); });
  const Knows known(other.url(""));
  run_road(("urls $A/page | each (\"" + other.url("/mine") + "\") | fetch $C | null").c_str(),
           "bearer=\"hunter2\"", known);
  CHECK(holds(other.received(), "Bearer hunter2"));
}

TEST_CASE("own origin: a client certificate is shown to the origin that a record began with alone") {
  const tests::WireServer server;
  const std::string keys =
      "insecure=true cert=\"" + server.client_certificate() + "\" key=\"" + server.client_key() + "\"";
  const auto bodies = [&](const std::string& more) {
    const auto ran =
        run_spec("urls " + server.url() + " | fetch " + keys +
                 " | each (select(.body | test(\"client=CN=client\")) | \"" + server.url("localhost") +
                 "\") | fetch " + keys + " " + more + " | write json include=body");
    REQUIRE(ran.lines.size() == 1);
    return ran.lines[0].text("body");
  };
  CHECK_FALSE(holds(bodies(""), "CN=client"));
  CHECK(holds(bodies("trust=\"" + server.url("localhost") + "\""), "CN=client"));
}

TEST_CASE("own origin: a refusal where credentials stayed behind says so") {
  const ScriptedServer other([](const std::string&) {
    return "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  });
  const Knows known(other.url(""));
  const auto message = [&](const std::string& args) {
    const auto ran = run_spec("urls " + known.url("/page") +
                              " | fetch | each (.json.next) | fetch fail=4xx " + args + " | write json");
    REQUIRE(ran.lines.size() == 1);
    return ran.lines[0].error_message();
  };
  CHECK(holds(message("bearer=\"hunter2\""), "trust="));
  CHECK(holds(message("bearer=\"hunter2\""), known.url("")));
  CHECK_FALSE(holds(message(""), "trust="));
  CHECK_FALSE(holds(message("bearer=\"hunter2\" trust=\"" + other.url("") + "\""), "trust="));
}
