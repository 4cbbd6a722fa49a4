// Lines that are no requests, and URLs that are hard to read: see tests/e2e/faults, Input.
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"

using namespace leat::tests;
using namespace std::string_literals;

namespace {

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

struct Case {
  std::string line;
  std::string code;  // "": ok
};

// Each line's result has its number and that code, and the sum is right.
Finished check_lines(const std::vector<Case>& cases) {
  std::string input;
  for (const auto& c : cases) input += c.line + "\n";
  const auto run = run_leat({"get", "--order", "input", "--retry", "0"}, input);
  const auto lines = json_lines(run.out);
  REQUIRE(lines.size() == cases.size());
  int ok = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const std::string shown = cases[i].line.substr(0, 100);
    CAPTURE(shown);
    CHECK(lines[i].number("line") == static_cast<double>(i + 1));
    CHECK(lines[i].error_code() == cases[i].code);
    CHECK(lines[i].text("outcome") == (cases[i].code.empty() ? "ok" : "failed"));
    ok += cases[i].code.empty() ? 1 : 0;
  }
  const std::string sum =
      std::to_string(ok) + " ok + " + std::to_string(cases.size() - static_cast<std::size_t>(ok)) +
      " failed + 0 skipped + 0 not modified + 0 cancelled = " + std::to_string(cases.size());
  CHECK_MESSAGE(run.err.find(sum) != std::string::npos, run.err);
  CHECK(run.status == (static_cast<std::size_t>(ok) == cases.size() ? 0 : 1));
  return run;
}

}  // namespace

TEST_CASE("input: blank lines, comments, CRLF, a BOM and a last line without its end are accepted") {
  const std::string ok = origin().url("/ok/");
  const auto run =
      run_leat({"get", "-q", "--order", "input"}, "\xEF\xBB\xBF" + ok + "1\r\n\r\n   \t\r\n# " + ok +
                                                      "no\n  # " + ok + "no\n\t" + ok + "6  \n" + ok + "7");
  CHECK(run.status == 0);
  const auto lines = json_lines(run.out);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].number("line") == 1);
  CHECK(lines[1].number("line") == 6);
  CHECK(lines[2].number("line") == 7);
  for (const auto& line : lines) CHECK(line.text("url") == ok + std::to_string(int(line.number("line"))));
  CHECK(run_leat({"get", "-q"}, "").status == 0);
  CHECK(run_leat({"get", "-q"}, "\xEF\xBB\xBF").status == 0);
}

TEST_CASE("input: a NUL, invalid UTF-8, a line of 1 MB, broken JSON and JSON of a wrong type are bad_input") {
  const std::string url = origin().url("/ok/x");
  const std::string object = "{\"url\":\"" + url + "\"";
  const auto run = check_lines({
      {url, ""},
      {origin().url("/ok/\0x"s), "bad_input"},
      {origin().url("/ok/\xff\xfe"), "bad_input"},
      {origin().url("/ok/\xc0\xae"), "bad_input"},
      {origin().url("/ok/\xed\xa0\x80"), "bad_input"},
      {origin().url("/ok/" + std::string(1 << 20, 'a')), "bad_input"},
      {std::string(1 << 21, ' ') + url, "bad_input"},
      {"{", "bad_input"},
      {"{}", "bad_input"},
      {object, "bad_input"},
      {object + ",}", "bad_input"},
      {object + "} and more", "bad_input"},
      {object + ",\"url\":\"" + url + "\"}", "bad_input"},
      {"{\"url\":7}", "bad_input"},
      {"{\"url\":null}", "bad_input"},
      {"{\"url\":[\"" + url + "\"]}", "bad_input"},
      {object + ",\"headers\":7}", "bad_input"},
      {object + ",\"headers\":{\"A\":\"b\\r\\nC: d\"}}", "bad_input"},
      {object + ",\"method\":\"GET / HTTP/1.1\\r\\nX: y\"}", "bad_input"},
      {object + ",\"method\":{}}", "bad_input"},
      {object + ",\"sha256\":\"none\"}", "bad_input"},
      {object + ",\"no such field\":1}", "bad_input"},
      {object + ",\"meta\":\"\\ud80\"}", "bad_input"},
      {"[\"" + url + "\"]", "bad_input"},
      {"[1, 2]", "bad_input"},
      {"[]", "bad_input"},
      {"[{\"url\":\"" + url + "\"}]", "bad_input"},
      {"\"" + url + "\"", ""},
      {url, ""},
  });
  CHECK(run.out.size() < 100'000);  // a line of a megabyte is not repeated
}

TEST_CASE("input: URLs with blanks or control characters, or with an impossible host, are bad_url") {
  const std::string port = std::to_string(origin().port());
  const auto run = check_lines({
      {origin().url("/ok/a b"), "bad_url"},
      {origin().url("/ok/\x1b[31m"), "bad_url"},
      {origin().url("/ok/\x7f"), "bad_url"},
      {"http://a b/", "bad_url"},
      {"http://", "bad_url"},
      {"http:///x", "bad_url"},
      {"http://:80/", "bad_url"},
      {"http://127.0.0.1:99999/", "bad_url"},
      {"http://127.0.0.1:x/", "bad_url"},
      {"http://[::1", "bad_url"},
      {"http://[zz]/", "bad_url"},
      {"http://" + std::string(254, 'a') + "/", "bad_url"},
      {"http://" + std::string(126, 'a') + "." + std::string(127, 'b') + "/", "bad_url"},
      {origin().url("/ok/%20%09"), ""},
  });
  CHECK(run.out.find('\x1b') == std::string::npos);
}

TEST_CASE("input: schemes other than http and https are unsupported_scheme, in upper or lower case") {
  check_lines({
      {"ftp://127.0.0.1/x", "unsupported_scheme"},
      {"FTP://127.0.0.1/x", "unsupported_scheme"},
      {"file:///etc/passwd", "unsupported_scheme"},
      {"data:text/plain,x", "unsupported_scheme"},
      {"javascript:alert(1)", "unsupported_scheme"},
      {"ws://127.0.0.1/", "unsupported_scheme"},
      {"gopher://127.0.0.1/", "unsupported_scheme"},
      {"{\"url\":\"file:///etc/passwd\"}", "unsupported_scheme"},
      {"{\"url\":\"" + origin().url("/status/503") + "\",\"mirrors\":[\"file:///etc/passwd\"]}",
       "unsupported_scheme"},
      {"HTTP" + origin().url("/ok/x").substr(4), ""},
  });
}

TEST_CASE("input: names in any script, IPv6 addresses, ports, and unusual forms of addresses work") {
  const OriginProcess v6({"--host", "::1", "--host", "127.0.0.1"});
  const std::string port = std::to_string(v6.port());
  check_lines({
      {"http://[::1]:" + port + "/ok/x", ""},
      {"[::1]:" + port + "/ok/x", ""},
      {"127.0.0.1:" + port + "/ok/x", ""},
      {"http://127.1:" + port + "/ok/x", ""},
      {"http://localhost:" + port, ""},
      {"http://127.0.0.1:" + port + "?q", ""},
      {"http://b\xC3\xBC"
       "cher.invalid/",
       "dns_failed"},
      {"http://xn--bcher-kva.invalid/", "dns_failed"},
      {"http://127.0.0.1:1/", "connect_refused"},
      {"http://127.0.0.1:0/", "connect_refused"},
  });
}

TEST_CASE("input: userinfo of a URL is used but printed nowhere, whatever is wrong with the URL") {
  const std::string at = "127.0.0.1:" + std::to_string(origin().port());
  const auto run = check_lines({
      {"http://me:hunter2@" + at + "/ok/x", ""},
      {"http://me:hunter2@127.0.0.1:1/", "connect_refused"},
      {"http://me:hunter2@nosuch.invalid/", "dns_failed"},
      {"http://me:hunter2@/", "bad_url"},
      {"http://me:hunter2@127.0.0.1:99999/", "bad_url"},
      {"http://me:hunter2@a b/", "bad_url"},
      {"http://me:hun\x1bter2@" + at + "/", "bad_url"},
      {"ftp://me:hunter2@127.0.0.1/", "unsupported_scheme"},
      {"{\"url\":\"http://me:hunter2@" + at + "/ok/y\",\"headers\":7}", "bad_input"},
      {"{\"url\":\"http://me:hunter2@" + at + "/ok/y\"", "bad_input"},
      {"[\"http://me:hunter2@" + at + "/ok/y\"]", "bad_input"},
      {"http://me:hunter2@" + at + "/\xff", "bad_input"},
  });
  CHECK((run.out + run.err).find("hunter2") == std::string::npos);
  CHECK((run.out + run.err).find("ter2") == std::string::npos);
  const auto used = run_leat({"get", "-q", "--include", "body", "http://me:pw@" + at + "/headers/x"});
  CHECK(used.out.find("Basic bWU6cHc=") != std::string::npos);
}
