#include "engine/http/message/netrc.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using leat::http::Netrc;

namespace {

Netrc parsed(const char* text) {
  auto netrc = Netrc::parse(text);
  REQUIRE(netrc.ok());
  return std::move(*netrc);
}

// What is wrong with the text; empty if nothing.
std::string fault(const std::string& text) {
  const auto netrc = Netrc::parse(text);
  return netrc ? "" : netrc.error().message;
}

std::string found(const Netrc& netrc, const char* host, const char* user = "") {
  const auto login = netrc.find(host, user);
  return login ? login->user + ":" + login->password : "nothing";
}

}  // namespace

TEST_CASE("Netrc: a host's first entry counts, or a user's own entry if a user is named") {
  const Netrc netrc = parsed(
      "machine a.org login u1 password p1\n"
      "machine a.org\n  password p2 login u2\n"
      "machine b.org login u3 password p3 account x port 993\n");
  CHECK(found(netrc, "a.org") == "u1:p1");
  CHECK(found(netrc, "A.ORG") == "u1:p1");
  CHECK(found(netrc, "a.org", "u2") == "u2:p2");
  CHECK(found(netrc, "b.org", "u3") == "u3:p3");
  CHECK(found(netrc, "a.org", "u3") == "nothing");
  CHECK(found(netrc, "c.org") == "nothing");
}

TEST_CASE("Netrc: \"default\" is for every host, and an entry without a login for every user") {
  const Netrc netrc = parsed("machine a.org password any default login me password def");
  CHECK(found(netrc, "a.org", "you") == "you:any");
  CHECK(found(netrc, "c.org") == "me:def");
  CHECK(found(netrc, "c.org", "me") == "me:def");
  CHECK(found(netrc, "c.org", "you") == "nothing");
}

TEST_CASE("Netrc: comments and macros are skipped, and words may be quoted") {
  const Netrc netrc = parsed(
      "# machine no.org login no password no\r\n"
      "machine a.org login me # password no\n password \"two words \\\"q\\\" \\\\\"\n"
      "macdef init\nmachine no.org login no password no\n\n"
      "machine b.org login you password p#1\r\n");
  CHECK(found(netrc, "a.org") == "me:two words \"q\" \\");
  CHECK(found(netrc, "b.org") == "you:p#1");
  CHECK(found(netrc, "no.org") == "nothing");
}

TEST_CASE("Netrc: a value may stand in the next line, and be empty in quotes") {
  const Netrc netrc = parsed("machine\na.org\nlogin\nu\npassword\np\nmachine b.org login u password \"\"\n");
  CHECK(found(netrc, "a.org") == "u:p");
  CHECK(found(netrc, "b.org") == "u:");
  CHECK(found(parsed("machine a.org login password password machine"), "a.org") == "password:machine");
  CHECK(found(parsed("\xEF\xBB\xBFmachine a.org login u password p"), "a.org") == "u:p");
}

TEST_CASE("Netrc: what is malformed is refused with the number of its line, and no secret is shown") {
  struct Case {
    std::string text;
    std::string message;
  };
  const std::string open = "a quote is not closed in its line";
  const std::string unknown = "a word that is none of machine, default";
  const std::vector<Case> cases{
      {"machine a.org login u password \"hunter2\n", "line 1: " + open},
      {"machine a.org\n  login u\n  password \"hunter2\nmachine b.org password \"x\"\n", "line 3: " + open},
      {"machine a.org login u password \"hunter2\\\"", "line 1: " + open},
      {"machine a.org login u password \"hunter2\\", "line 1: " + open},
      {"\"machine", "line 1: " + open},
      {"machine a.org login u pasword hunter2\n", "line 1: " + unknown},
      {"machine a.org login u\npassword hunter 2\n", "line 2: " + unknown},
      {"\xff\xfe", "line 1: " + unknown},
      {"machine a.org login u password p\nmachine", "line 2: \"machine\" has no value"},
      {"machine a.org\nlogin\npassword hunter2\n", "line 2: \"login\" has no value"},
      {"machine a.org login u\nPassword\nmachine b.org\n", "line 2: \"password\" has no value"},
      {"machine a.org login u password #hunter2\nmachine b.org\n", "line 1: \"password\" has no value"},
      {"machine \"\" login u password hunter2", "line 1: \"machine\" has an empty name"},
      {"# mine\nlogin u password hunter2", "line 2: \"login\" stands before the first machine"},
  };
  for (const auto& one : cases) {
    const std::string& text = one.text;
    CAPTURE(text);
    CHECK(fault(text).starts_with(one.message));
    CHECK(fault(text).find("hunter2") == std::string::npos);
  }
  CHECK(fault("") == "");
  CHECK(fault("macdef x machine a.org login u password p") == "");
}

TEST_CASE("Netrc: a file that can't be read names nobody") {
  const leat::tests::TempDir dir;
  leat::tests::write_file(dir / "netrc", "machine a.org login u password p");
  CHECK(found(Netrc::read(dir / "netrc").value(), "a.org") == "u:p");
  CHECK(found(Netrc::read(dir / "nothing").value(), "a.org") == "nothing");
  leat::tests::write_file(dir / "netrc", "machine a.org login u password \"p");
  const auto broken = Netrc::read(dir / "netrc");
  REQUIRE_FALSE(broken.ok());
  CHECK(broken.error().message.starts_with((dir / "netrc") + ": line 1: a quote is not closed"));
}
