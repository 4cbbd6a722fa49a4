// HTTP/2: connections are shared, malformed answers are named, and what HTTP/2 loses is sent again.
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/certificates.hpp"
#include "tests/support/one_fetch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/wire_server.hpp"

using namespace leat::tests;

namespace {

using Words = std::vector<std::string>;

const Certificates& files() {
  static const Certificates made;
  return made;
}

/// Runs tests/support/h2_server.py.
class Http2Server {
 public:
  explicit Http2Server(const std::string& behaviour, int limit = 0)
      : process_({"python3", std::string(LEAT_SOURCE_DIR) + "/tests/support/h2_server.py",
                  files().certificate(), files().key(), behaviour, std::to_string(limit)}) {
    const auto line = process_.read_line();
    if (!line || !line->starts_with("port ")) throw std::runtime_error("h2_server.py did not start");
    url_ = "https://127.0.0.1:" + line->substr(5) + "/";
  }

  [[nodiscard]] const std::string& url() const { return url_; }
  /// Ends it, and gives what it has printed since it began to listen.
  Words end() {
    process_.signal(SIGTERM);
    return lines_of(process_.wait().out);
  }

 private:
  Process process_;
  std::string url_;
};

OneFetch get(const Http2Server& server, Words more = {}) {
  more.insert(more.begin(), {"--http2", "--cacert", files().certificate(), "--retry", "2"});
  return OneFetch(server.url(), more);
}

auto count(const Words& lines, const std::string& line) {
  return std::count(lines.begin(), lines.end(), line);
}

bool is_retryable(const OneFetch& got) { return got.line()["error"]["retryable"].GetBool(); }

std::string list_of(const std::string& url, int count) {
  std::string list;
  for (int i = 0; i < count; ++i) list += url + std::to_string(i) + "\n";
  return list;
}

}  // namespace

TEST_CASE("http2: a malformed answer is bad_response, once, with the status that came") {
  for (const std::string behaviour :
       {"uppercase", "connection", "doubled_status", "two_lengths", "long_body"}) {
    CAPTURE(behaviour);
    Http2Server server(behaviour);
    const OneFetch got = get(server);
    CHECK(got.code() == "bad_response");
    CHECK(got.attempts() == 1);
    CHECK_FALSE(is_retryable(got));
    CHECK(got.line().number("status") == 200);
    CHECK(count(server.end(), "request") == 1);
  }
  Http2Server server("no_status");
  CHECK(get(server).code() == "bad_response");
}

TEST_CASE(
    "http2: a body that ends before its length is truncated or bad_response, never ok, and has its status") {
  for (const std::string behaviour : {"short_body", "reset_within"}) {
    CAPTURE(behaviour);
    Http2Server server(behaviour);
    const OneFetch got = get(server, {"--retry", "0"});
    const std::set<std::string> codes{"truncated", "bad_response", "reset"};
    CHECK(codes.contains(got.code()));
    CHECK(got.line().number("status") == 200);
  }
}

TEST_CASE("http2: a head that is too large for HTTP/2 comes by HTTP/1.1, or is header_too_large at once") {
  for (const std::string behaviour : {"large_field", "many_fields"}) {
    CAPTURE(behaviour);
    Http2Server server(behaviour);
    const OneFetch got = get(server);
    CHECK(got.outcome() == "ok");
    CHECK(got.line().text("http_version") == "1.1");
    CHECK(got.attempts() == 1);
    CHECK(count(server.end(), "request") == 1);
    Http2Server once(behaviour);
    const OneFetch post = get(once, {"-d", "x"});
    CHECK(post.code() == "header_too_large");
    CHECK(post.attempts() == 1);
    CHECK(count(once.end(), "request") == 1);
  }
}

TEST_CASE("http2: a head that is too large fails none of the transfers that share its connection") {
  Http2Server server("large_once", 100);
  const auto run = run_leat({"get", "--http2", "--cacert", files().certificate(), "-j", "20", "--retry", "0"},
                            list_of(server.url(), 60));
  CHECK(run.status == 0);
  for (const auto& line : json_lines(run.out)) CHECK(line.text("outcome") == "ok");
}

TEST_CASE("http2: HTTP_1_1_REQUIRED switches to HTTP/1.1, whatever the method") {
  for (const Words& more : {Words{}, Words{"-d", "x"}}) {
    Http2Server server("http_1_1_required");
    const OneFetch got = get(server, more);
    CHECK(got.outcome() == "ok");
    CHECK(got.line().text("http_version") == "1.1");
    CHECK(got.attempts() == 1);
  }
}

TEST_CASE("http2: a request after the last stream of a GOAWAY is sent again, also a POST") {
  for (const Words& more : {Words{}, Words{"-d", "x"}}) {
    Http2Server server("goaway_first");
    const OneFetch got = get(server, more);
    CHECK(got.outcome() == "ok");
    CHECK(got.line().text("http_version") == "2");
  }
}

TEST_CASE("http2: transfers to an origin share as few connections as the server's streams allow") {
  Http2Server server("well", 10);
  const auto run = run_leat({"get", "--http2", "--cacert", files().certificate(), "-j", "40", "--retry", "0"},
                            list_of(server.url(), 200));
  CHECK(run.status == 0);
  CHECK(lines_of(run.out).size() == 200);
  const Words said = server.end();
  CHECK(count(said, "request") == 200);
  CHECK(count(said, "refused") == 0);
  CHECK(count(said, "connection 2") == 4);
}

TEST_CASE("http2: one connection is enough if the server takes so many streams") {
  Http2Server server("well", 100);
  const auto run =
      run_leat({"get", "--http2", "--cacert", files().certificate(), "-j", "32"}, list_of(server.url(), 500));
  CHECK(run.status == 0);
  const Words said = server.end();
  CHECK(count(said, "request") == 500);
  CHECK(count(said, "connection 2") == 1);
}

TEST_CASE("http2: a server without HTTP/2 has as many transfers at once as without --http2") {
  const WireServer nginx;  // it has none at 127.0.0.2
  const auto run = run_leat({"get", "--http2", "--cacert", nginx.certificate(), "-j", "20"},
                            list_of(nginx.url("127.0.0.2"), 300));
  CHECK(run.status == 0);
  for (const auto& line : json_lines(run.out)) CHECK(line.text("http_version") == "1.1");
}

TEST_CASE("http2: libcurl's faults are reported once, and not with -q") {
  Http2Server server("well");
  const Words words{"get", "--http2", "--cacert", files().certificate(), server.url(), server.url() + "2"};
  const std::string said = run_leat(words).err;
  const auto first = said.find("HTTP/2 by libcurl");
  if (first != std::string::npos) CHECK(said.find("HTTP/2 by libcurl", first + 1) == std::string::npos);
  Words quiet = words;
  quiet.emplace_back("-q");
  CHECK(run_leat(quiet).err.empty());
  CHECK(run_leat({"get", "--cacert", files().certificate(), server.url()}).err.find("libcurl") ==
        std::string::npos);
}

TEST_CASE("http2: bench --full counts what libcurl sends again, so that its counts are the server's") {
  Http2Server server("refuse_third");
  const auto run = run_leat({"bench", "--full", "--http2", "--cacert", files().certificate(), "-c", "1", "-n",
                             "20", "--format", "json", "--progress", "off", server.url()});
  const JsonLine document(run.out);
  const auto& totals = document["totals"];
  CHECK(totals["ok"].GetInt() == 20);
  CHECK(totals["resent"].GetInt() > 0);
  CHECK(totals["sent"].GetInt() + totals["resent"].GetInt() == count(server.end(), "request"));
}
