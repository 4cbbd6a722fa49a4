// Requests as people paste them from curl's manual.
#include <doctest/doctest.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scripted_server.hpp"

using namespace leat::tests;
using Names = std::set<std::string>;

namespace {

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Finished get(std::vector<std::string> arguments, const std::string& input = "") {
  arguments.insert(arguments.begin(), {"get", "-q", "--retry", "0", "--include", "body"});
  return run_leat(arguments, input);
}

// The body of the only answer.
std::string body(const Finished& run) { return json_lines(run.out).at(0).text("body"); }

std::string answer(const std::string& body, const std::string& fields = "") {
  return "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

}  // namespace

TEST_CASE("requests: --digest and --anyauth answer the server's question, and the last answer counts") {
  const ScriptedServer server([](const std::string& head) {
    if (!holds(head, "Authorization: Digest ")) {
      return Script(
          "HTTP/1.1 401 Who\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
          "Content-Length: 3\r\n\r\nno\n");
    }
    return Script(holds(head, "username=\"me\"") ? answer("in\n")
                                                 : "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
  });
  for (const char* way : {"--digest", "--anyauth"}) {
    CAPTURE(way);
    const auto run = get({way, "-u", "me:pw", server.url("/x")});
    CHECK(run.status == 0);
    CHECK(json_lines(run.out).at(0).number("status") == 200);
    CHECK(body(run) == "in\n");
    CHECK_FALSE(holds(run.out, "pw\""));
  }
  const auto basic = get({"-u", "me:pw", server.url("/x")});
  CHECK(json_lines(basic.out).at(0).number("status") == 401);
  CHECK_FALSE(holds(server.received(), "me:pw"));
  const auto post = get({"--digest", "-u", "me:pw", "-d", "a=1", server.url("/p")});
  CHECK(body(post) == "in\n");
  CHECK(holds(server.received(), "a=1"));
}

TEST_CASE("requests: --aws-sigv4 signs, with the key of -u") {
  const auto run =
      get({"--aws-sigv4", "aws:amz:eu-central-1:s3", "-u", "KEY:SECRET", origin().url("/headers/x")});
  CHECK(holds(body(run), "AWS4-HMAC-SHA256 Credential=KEY/"));
  CHECK_FALSE(holds(run.out, "SECRET"));
}

TEST_CASE("requests: -F sends a form, and -G, --data-urlencode and --url-query make the URL's query") {
  const TempDir dir;
  write_file(dir / "f.txt", "hey");
  const auto form = get({"-F", "a=b", "-F", "f=@" + (dir / "f.txt"), origin().url("/headers/x")});
  CHECK(holds(body(form), "\"method\":\"POST\""));
  CHECK(holds(body(form), "multipart/form-data; boundary="));
  CHECK(holds(body(form), "filename=\\\"f.txt\\\""));
  const auto query = get({"-G", "-d", "x=1", "--data-urlencode", "a=b c", "--url-query", "+z=%20",
                          origin().url("/headers/x?q=1#part"), origin().url("/headers/y")});
  const auto lines = json_lines(query.out);
  std::set<std::string> urls{lines.at(0).text("url"), lines.at(1).text("url")};
  CHECK(urls == std::set<std::string>{origin().url("/headers/x?q=1&z=%20&x=1&a=b+c#part"),
                                      origin().url("/headers/y?z=%20&x=1&a=b+c")});
  for (const auto& line : lines) CHECK(line.text("method") == "GET");
  CHECK(get({"-G", "-d", "a b", origin().url("/ok")}).status == 2);
}

TEST_CASE("requests: -r asks for a part, and -z for what has changed") {
  const auto part = get({"-r", "0-4", origin().url("/range/100/x")});
  CHECK(json_lines(part.out).at(0).number("status") == 206);
  CHECK(json_lines(part.out).at(0).number("size_download") == 5);
  const TempDir dir;
  write_file(dir / "f", "");
  const auto sent = [](const std::string& time) {
    return body(get({"-z", time, origin().url("/headers/x")}));
  };
  CHECK(holds(sent("2020-01-31"), "if-modified-since"));
  CHECK(holds(sent("2020-01-31"), "Fri, 31 Jan 2020 00:00:00 GMT"));
  CHECK(holds(sent("2020-01-31T12:34:56Z"), "Fri, 31 Jan 2020 12:34:56 GMT"));
  CHECK(holds(sent("Fri, 31 Jan 2020 12:34:56 GMT"), "Fri, 31 Jan 2020 12:34:56 GMT"));
  CHECK(holds(sent("-2020-01-31"), "if-unmodified-since"));
  CHECK(holds(sent(dir / "f"), "if-modified-since"));
  CHECK(get({"-z", "no such time", origin().url("/ok")}).status == 2);
}

TEST_CASE(
    "requests: patterns in URLs stand for several, #1 names what they stood for, and -g takes them as they "
    "are") {
  const TempDir dir;
  const auto run = run_leat({"get", "-q", "-o", dir / "#1-#2.txt", origin().url("/ok/{a,b}/[1-2]")});
  CHECK(run.status == 0);
  CHECK(dir.names() == Names{"a-1.txt", "a-2.txt", "b-1.txt", "b-2.txt"});
  const auto plain = get({"-g", origin().url("/ok/{a,b}")});
  CHECK(json_lines(plain.out).at(0).text("url") == origin().url("/ok/{a,b}"));
  const auto wrong = run_leat({"get", origin().url("/ok/{a")});
  CHECK(wrong.status == 2);
  CHECK(holds(wrong.err, "-g takes { } and [ ] as they are"));
  const auto list = get({}, origin().url("/ok/{a,b}") + "\n");
  CHECK(json_lines(list.out).at(0).text("url") == origin().url("/ok/{a,b}"));
}

TEST_CASE("requests: -T - sends standard input, to each URL, with a length") {
  const std::string bytes(3'000'000, 'x');
  const auto run = get({"-T", "-", origin().url("/echo/a"), origin().url("/echo/b")}, bytes);
  const auto lines = json_lines(run.out);
  REQUIRE(lines.size() == 2);
  for (const auto& line : lines) {
    CHECK(line.text("method") == "PUT");
    CHECK((line.text("body") == bytes));
  }
  CHECK(get({"-T", "-"}, "http://a.org/\n").status == 2);
}

TEST_CASE("requests: a body of bytes that are no text arrives as it is, by itself and as a part of a form") {
  const TempDir dir;
  std::string bytes("\xFF\0\r\n", 4);
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  write_file(dir / "b", bytes);
  const auto echoed = [&](const std::string& option, const std::string& value) {
    const auto run =
        get({"--on-exist", "overwrite", "-o", dir / "echoed", option, value, origin().url("/echo/x")});
    CHECK(run.status == 0);
    return read_file(dir / "echoed");
  };
  CHECK(echoed("--data-binary", "@" + (dir / "b")) == bytes);
  CHECK(holds(echoed("-F", "f=@" + (dir / "b")), "\r\n\r\n" + bytes + "\r\n--"));
  const auto header = get({"-H", "X-Latin: \xE9", origin().url("/ok/latin")});
  CHECK(header.status == 0);
}

TEST_CASE(
    "requests: --proto, --request-target, --path-as-is, --proxy-header and -p are what they are in curl") {
  const auto refused = get({"--proto", "=https", origin().url("/ok/never-proto")});
  CHECK(json_lines(refused.out).at(0).error_code() == "unsupported_scheme");
  CHECK(origin().requests_of("/ok/never-proto") == 0);
  CHECK(get({"--proto", "=ftp", origin().url("/ok")}).status == 2);
  const ScriptedServer server(
      [](const std::string& head) { return Script(answer(head.substr(0, head.find("\r\n")))); });
  CHECK(body(get({"-X", "OPTIONS", "--request-target", "*", server.url("/x")})) == "OPTIONS * HTTP/1.1");
  CHECK(body(get({server.url("/a/../b/./c")})) == "GET /b/c HTTP/1.1");
  CHECK(body(get({"--path-as-is", server.url("/a/../b/./c")})) == "GET /a/../b/./c HTTP/1.1");
  const ScriptedServer proxy([](const std::string& head) { return Script(answer(head)); });
  const auto through = get({"-x", proxy.url(""), "--proxy-header", "X-Way: 1", "http://a.invalid/x"});
  CHECK(holds(body(through), "X-Way: 1"));
  get({"-x", proxy.url(""), "-p", "http://b.invalid/x"});
  CHECK(holds(proxy.received(), "CONNECT b.invalid:80 HTTP/1.1"));
}

TEST_CASE(
    "requests: --retry-delay waits that long before each try, and --retry-all-errors tries again after all") {
  const auto begin = std::chrono::steady_clock::now();
  const auto run = run_leat({"get", "-q", "--retry", "2", "--retry-delay", "200ms", "--retry-all-errors",
                             origin().url("/flaky/2/delayed?status=404")});
  CHECK(json_lines(run.out).at(0).number("num_retries") == 2);
  const auto took = std::chrono::steady_clock::now() - begin;
  CHECK(took >= std::chrono::milliseconds(400));
}

TEST_CASE("requests: what curl's users type out of habit is taken") {
  const TempDir dir;
  const auto run = run_leat({"get", "-L", "-f", "-S", "-s", "-Z", "-R", "--create-dirs", "--fail-early", "-O",
                             dir / "o", "--url", origin().url("/ok/habit")});
  CHECK(run.status == 0);
  CHECK(run.err.empty());
  CHECK(read_file(dir / "o/habit") == "ok\n");
  const auto failed = run_leat({"get", "-sS", origin().url("/status/404/x"), origin().url("/ok/x")});
  CHECK(failed.status == 1);
  const auto lines = lines_of(failed.err);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].ends_with("/status/404/x: http_status: HTTP 404 Not Found"));
  CHECK(holds(lines[1], "failed: 1 http_status (404 ×1)"));
}
