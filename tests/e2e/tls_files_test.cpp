// Files for TLS that can't be used are reported before anything starts, and no library asks for a pass
// phrase.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/certificates.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/pty_process.hpp"
#include "tests/support/wire_server.hpp"

using namespace leat::tests;

namespace {

using Words = std::vector<std::string>;

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Runs leat in a session of its own, without a terminal on which it could ask.
Finished run_apart(Words arguments, const std::string& input = "") {
  arguments.insert(arguments.begin(), {"setsid", "--wait", LEAT_BINARY});
  return run_process(arguments, input);
}

}  // namespace

TEST_CASE(
    "tls files: a file that can't be used ends get, run and bench with 2 and its name, and nothing is sent") {
  const OriginProcess origin;
  const Certificates files;
  const std::string empty = files.file("empty.pem", "");
  const std::string url = origin.url("/never");
  for (const auto& words :
       std::vector<Words>{{"get", "--cacert", empty, url},
                          {"get", "-k", "-E", files.certificate(), "--key", files.other_key(), url},
                          {"get", "-E", empty, "--key", files.key(), url},
                          {"run", "urls " + url + " | fetch cacert=\"" + empty + "\" | write"},
                          {"run", "urls " + url + " | fetch cert=\"" + files.certificate() + "\" key=\"" +
                                      files.rsa_key() + "\" | write"},
                          {"bench", "-n", "1", "--cacert", empty, url},
                          {"bench", "-n", "1", "--http2", "--cacert", files.key(), "https://127.0.0.1:1/"}}) {
    CAPTURE(words);
    const auto run = run_apart(words);
    CHECK(run.status == 2);
    CHECK(run.out.empty());
    CHECK(holds(run.err, ".pem"));
  }
  CHECK(origin.requests_of("/never") == 0);
}

TEST_CASE(
    "tls files: a locked key without a pass phrase and a terminal is refused, and no line of the list is "
    "lost") {
  const Certificates files;
  const auto run =
      run_apart({"get", "-E", files.certificate(), "--key", files.locked_key(), "-i", "-"}, "open sesame\n");
  CHECK(run.status == 2);
  CHECK(holds(run.err, "locked by a pass phrase"));
  CHECK(holds(run.err, files.locked_key()));
  CHECK_FALSE(holds(run.err, "Enter PEM"));
}

TEST_CASE("tls files: on a terminal, the pass phrase of a locked key is asked for once, and not shown") {
  const WireServer nginx;
  PtyProcess leat({LEAT_BINARY, "get", "--progress", "off", "--cacert", nginx.certificate(), "-E",
                   nginx.client_certificate(), "--key", nginx.locked_client_key(), nginx.url() + "1",
                   nginx.url("127.0.0.2") + "2"},
                  Terminal());
  REQUIRE(leat.wait_for("Pass phrase for the key in "));
  leat.type("open sesame\n");
  CHECK(leat.wait() == 0);
  const auto first = leat.written().find("Pass phrase");
  CHECK(leat.written().find("Pass phrase", first + 1) == std::string::npos);
  CHECK_FALSE(holds(leat.written(), "sesame"));
}

TEST_CASE("tls files: a wrong pass phrase that was typed ends with 2") {
  const Certificates files;
  PtyProcess leat(
      {LEAT_BINARY, "run", "urls https://127.0.0.1:1/ | fetch cert=\"" + files.both_locked() + "\" | write"},
      Terminal());
  REQUIRE(leat.wait_for("Pass phrase for the key in "));
  leat.type("wrong\n");
  CHECK(leat.wait() == 2);
  CHECK(holds(leat.written(), "does not open the key"));
}
