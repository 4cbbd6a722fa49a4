// A record that failed has the status of the last head that came, as curl's %{http_code}.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/keeping_server.hpp"
#include "tests/support/one_fetch.hpp"

using namespace leat::tests;
using End = Reply::End;

namespace {

const std::string kCut = "HTTP/1.1 404 Not Found\r\nContent-Length: 30\r\n\r\n300";

void check_failure(const KeepingServer& server, const std::string& path,
                   const std::vector<std::string>& words, const std::string& code, int status) {
  CAPTURE(path);
  CAPTURE(code);
  const OneFetch got(server.url(path), words);
  CHECK(got.code() == code);
  if (status == 0) {
    CHECK(got.line().is_null("status"));
  } else {
    CHECK(got.line().number("status") == status);
  }
  CHECK(got.files().empty());
}

}  // namespace

TEST_CASE("failed status: a body that stalls, takes too long, is cut or reset keeps the status that came") {
  const KeepingServer server([](const Asked& asked) {
    if (asked.path == "/cut") return Reply(kCut, End::close);
    if (asked.path == "/reset") return Reply(kCut, End::reset);
    return asked.path == "/silent" ? Reply() : Reply(kCut);
  });
  check_failure(server, "/x", {"--stall", "300ms"}, "stalled", 404);
  check_failure(server, "/x", {"--timeout", "300ms"}, "timeout", 404);
  check_failure(server, "/cut", {}, "truncated", 404);
  check_failure(server, "/reset", {}, "reset", 404);
  check_failure(server, "/silent", {"--timeout", "300ms"}, "timeout", 0);
}

TEST_CASE("failed status: if a redirect's target gives no answer, the record keeps the redirect's status") {
  const KeepingServer server([](const Asked& asked) {
    if (asked.path == "/silent") return Reply();
    return Reply("HTTP/1.1 302 Found\r\nLocation: /silent\r\nContent-Length: 0\r\n\r\n");
  });
  check_failure(server, "/x", {"--timeout", "500ms"}, "timeout", 302);
}
