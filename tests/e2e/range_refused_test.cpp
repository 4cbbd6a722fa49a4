// Some servers refuse every Range but give the whole: no run gets stuck on a .part there.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <string>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;
using Names = std::set<std::string>;

namespace {

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i % 23);
  return text;
}

const std::string& body() {
  static const std::string one = pattern(400'000);
  return one;
}

std::string whole(std::size_t sent = std::string::npos) {
  return "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: " + std::to_string(body().size()) + "\r\n\r\n" +
         body().substr(0, sent);
}

std::string part(std::size_t first, std::size_t last) {
  return "HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes " + std::to_string(first) +
         "-" + std::to_string(last) + "/" + std::to_string(body().size()) +
         "\r\nContent-Length: " + std::to_string(last + 1 - first) + "\r\n\r\n" +
         body().substr(first, last + 1 - first);
}

std::string head_of(const std::string& answer) { return answer.substr(0, answer.find("\r\n\r\n") + 4); }

std::string refusal(int status) {
  return "HTTP/1.1 " + std::to_string(status) + " No\r\nContent-Length: 2\r\n\r\nno";
}

bool has_range(const std::string& head) { return head.find("\r\nRange: ") != std::string::npos; }

JsonLine get(const TempDir& dir, const ScriptedServer& server, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"get", "-O", dir.path()});
  more.push_back(server.url("/x.bin"));
  const auto lines = lines_of(run_leat(more).out);
  REQUIRE(lines.size() == 1);
  return JsonLine(lines.front());
}

void check_whole(const TempDir& dir, const JsonLine& line) {
  CHECK(line.error_message() == "");
  CHECK(line.text("outcome") == "ok");
  CHECK(line.number("status") == 200);
  CHECK((read_file(dir / "x.bin") == body()));
  CHECK(dir.names() == Names{"x.bin"});
}

/// Cuts the first answer in its middle, and refuses ranges with that status.
class Refusing {
 public:
  explicit Refusing(int status)
      : server_([this, status](const std::string& head) {
          if (has_range(head)) return Script(refusal(status));
          return Script(whole(asked_++ == 0 ? body().size() / 2 : std::string::npos));
        }) {}
  [[nodiscard]] const ScriptedServer& server() const noexcept { return server_; }

 private:
  std::atomic<int> asked_ = 0;
  ScriptedServer server_;
};

}  // namespace

TEST_CASE("range refused: the whole file is fetched if there is a .part of an earlier run") {
  for (const int status : {400, 403, 404, 405, 406, 416, 500, 501, 503}) {
    CAPTURE(status);
    const TempDir dir;
    const Refusing refusing(status);
    const auto cut = get(dir, refusing.server(), {"--retry", "0"});
    CHECK(cut.error_code() == "truncated");
    CHECK(dir.names() == Names{"x.bin.part", "x.bin.part.resume"});
    const auto line = get(dir, refusing.server(), {"--retry", "0"});
    check_whole(dir, line);
    CHECK(line.number("num_retries") == 0);
    CHECK(line.number("resumed_from") == 0);
    CHECK(refusing.server().requests_of("/x.bin") == 3);
  }
}

TEST_CASE("range refused: the same is true after a cut in the same run") {
  const TempDir dir;
  const Refusing refusing(403);
  check_whole(dir, get(dir, refusing.server(), {"--retry", "1"}));
  CHECK(refusing.server().requests_of("/x.bin") == 3);
}

TEST_CASE(
    "range refused: a refusal that may pass is tried again first, so that the part is not thrown away for "
    "it") {
  const TempDir dir;
  std::atomic<int> asked = 0;
  const ScriptedServer server([&](const std::string& head) {
    const int before = asked++;
    if (before == 0) return Script(whole(300'000));
    if (before == 1) return Script(refusal(503));
    return has_range(head) ? Script(part(300'000, body().size() - 1)) : Script(whole());
  });
  CHECK(get(dir, server, {"--retry", "0"}).error_code() == "truncated");
  const auto line = get(dir, server, {"--retry", "1"});
  CHECK(line.number("resumed_from") == 300'000);
  CHECK((read_file(dir / "x.bin") == body()));
}

TEST_CASE("range refused: if the whole is refused as well, the part stays") {
  const TempDir dir;
  std::atomic<int> asked = 0;
  const ScriptedServer server([&](const std::string&) {
    const int before = asked++;
    if (before == 0) return Script(whole(300'000));
    return before < 3 ? Script(refusal(403)) : Script(part(300'000, body().size() - 1));
  });
  CHECK(get(dir, server, {"--retry", "0"}).error_code() == "truncated");
  CHECK(get(dir, server, {"--retry", "0"}).error_code() == "http_status");
  CHECK(dir.names() == Names{"x.bin.part", "x.bin.part.resume"});
  CHECK(get(dir, server, {"--retry", "0"}).number("resumed_from") == 300'000);
  CHECK((read_file(dir / "x.bin") == body()));
}

TEST_CASE("range refused: a part that never grows doesn't delay it") {
  const TempDir dir;
  std::atomic<int> asked = 0;
  const ScriptedServer server([&](const std::string& head) {
    if (has_range(head)) return Script(head_of(part(200'000, body().size() - 1)));
    return Script(whole(asked++ == 0 ? 200'000 : std::string::npos));
  });
  CHECK(get(dir, server, {"--retry", "0"}).error_code() == "truncated");
  check_whole(dir, get(dir, server, {"--retry", "0"}));
}

TEST_CASE("range refused: a pipeline that accepts every status gets the whole, too") {
  const TempDir dir;
  const Refusing refusing(403);
  CHECK(get(dir, refusing.server(), {"--retry", "0"}).error_code() == "truncated");
  const auto run = run_leat({"run", "urls " + refusing.server().url("/x.bin") + " | fetch retry=0 | save \"" +
                                        dir.path() + "/{name}\""});
  CHECK(run.status == 0);
  CHECK((read_file(dir / "x.bin") == body()));
}

TEST_CASE("range refused: with --segments, the whole comes over one connection") {
  for (const int status : {400, 403, 405, 416, 500, 501, 503}) {
    CAPTURE(status);
    const TempDir dir;
    const ScriptedServer server(
        [&](const std::string& head) { return Script(has_range(head) ? refusal(status) : whole()); });
    const std::vector<std::string> segments{"--segments", "4", "--min-segment", "1k", "--retry", "0"};
    check_whole(dir, get(dir, server, segments));
    CHECK(server.requests_of("/x.bin") == 2);
  }
}

TEST_CASE("range refused: with --segments, the whole comes if an answer to a range can be none") {
  for (const std::string odd :
       {"HTTP/1.1 304 Not Modified\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n", "no HTTP at all\r\n\r\n", ""}) {
    for (const std::string tries : {"0", "2"}) {
      CAPTURE(odd);
      CAPTURE(tries);
      const TempDir dir;
      const ScriptedServer server(
          [&](const std::string& head) { return Script(has_range(head) ? odd : whole()); });
      check_whole(dir,
                  get(dir, server,
                      {"--segments", "4", "--min-segment", "1k", "--retry", tries, "--retry-delay", "1ms"}));
    }
  }
}

TEST_CASE("range refused: a server that gives only the first range gives the whole in place of pieces") {
  const TempDir dir;
  const std::vector<std::string> segments{"--segments", "4", "--min-segment", "1k", "--retry", "0"};
  std::atomic<bool> refuses_all = true;
  const ScriptedServer server([&](const std::string& head) {
    if (head.find("\r\nRange: bytes=0-\r\n") != std::string::npos)
      return Script(part(0, body().size() - 1).substr(0, 50'000));
    if (has_range(head)) return Script(refusal(403));
    return Script(refuses_all ? refusal(403) : whole());
  });
  CHECK(get(dir, server, segments).text("outcome") == "failed");
  CHECK(dir.names() == Names{"x.bin.part", "x.bin.part.resume"});
  refuses_all = false;
  check_whole(dir, get(dir, server, segments));
}

TEST_CASE("range refused: 404 and the like are not asked about twice by --segments") {
  const TempDir dir;
  const ScriptedServer server([](const std::string&) { return Script(refusal(404)); });
  CHECK(get(dir, server, {"--segments", "4", "--retry", "0"}).error_code() == "http_status");
  CHECK(server.requests_of("/x.bin") == 1);
}

TEST_CASE("range refused: the whole file is fetched if what comes for a part can be no answer to it") {
  for (const std::string odd :
       {"HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n", "no HTTP at all\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 206 Partial Content\r\nContent-Length: -1\r\n\r\n"}) {
    for (const bool within_a_run : {true, false}) {
      CAPTURE(odd);
      CAPTURE(within_a_run);
      const TempDir dir;
      std::atomic<int> asked = 0;
      const ScriptedServer server([&](const std::string& head) {
        if (has_range(head)) return Script(odd);
        return Script(whole(asked++ == 0 ? body().size() / 2 : std::string::npos));
      });
      if (!within_a_run) CHECK(get(dir, server, {"--retry", "0"}).error_code() == "truncated");
      check_whole(dir, get(dir, server, {"--retry", within_a_run ? "1" : "0", "--retry-delay", "1ms"}));
    }
  }
}

TEST_CASE("range refused: what is there stays if the whole is no answer either") {
  for (const std::string odd :
       {"HTTP/1.1 304 Not Modified\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n", "no HTTP at all\r\n\r\n"}) {
    CAPTURE(odd);
    const TempDir dir;
    std::atomic<int> asked = 0;
    const ScriptedServer server(
        [&](const std::string&) { return Script(asked++ == 0 ? whole(body().size() / 2) : odd); });
    CHECK(get(dir, server, {"--retry", "0"}).error_code() == "truncated");
    CHECK(get(dir, server, {"--retry", "0"}).error_code() == "bad_response");
    CHECK(dir.names() == Names{"x.bin.part", "x.bin.part.resume"});
    CHECK(read_file(dir / "x.bin.part").size() == body().size() / 2);
  }
}
