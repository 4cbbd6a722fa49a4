#include "engine/http/message/netrc.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using leat::http::Netrc;

namespace {

std::string found(const Netrc& netrc, const char* host, const char* user = "") {
  const auto login = netrc.find(host, user);
  return login ? login->user + ":" + login->password : "nothing";
}

}  // namespace

TEST_CASE("Netrc: a host's first entry counts, or a user's own entry if a user is named") {
  const Netrc netrc(
      "machine a.org login u1 password p1\n"
      "machine a.org\n  password p2 login u2\n"
      "machine b.org login u3 password p3 account x\n");
  CHECK(found(netrc, "a.org") == "u1:p1");
  CHECK(found(netrc, "A.ORG") == "u1:p1");
  CHECK(found(netrc, "a.org", "u2") == "u2:p2");
  CHECK(found(netrc, "b.org", "u3") == "u3:p3");
  CHECK(found(netrc, "a.org", "u3") == "nothing");
  CHECK(found(netrc, "c.org") == "nothing");
}

TEST_CASE("Netrc: \"default\" is for every host, and an entry without a login for every user") {
  const Netrc netrc("machine a.org password any default login me password def");
  CHECK(found(netrc, "a.org", "you") == "you:any");
  CHECK(found(netrc, "c.org") == "me:def");
  CHECK(found(netrc, "c.org", "me") == "me:def");
  CHECK(found(netrc, "c.org", "you") == "nothing");
}

TEST_CASE("Netrc: comments and macros are skipped, and words may be quoted") {
  const Netrc netrc(
      "# machine no.org login no password no\r\n"
      "machine a.org login me # password no\n password \"two words \\\"q\\\" \\\\\"\n"
      "macdef init\nmachine no.org login no password no\n\n"
      "machine b.org login you password p#1\r\n");
  CHECK(found(netrc, "a.org") == "me:two words \"q\" \\");
  CHECK(found(netrc, "b.org") == "you:p#1");
  CHECK(found(netrc, "no.org") == "nothing");
}

TEST_CASE("Netrc: a text that is cut short, or that is no netrc, names nobody") {
  for (const char* text : {"", "machine", "login u password p", "machine a.org login u password \"never ends",
                           "macdef x machine a.org login u password p", "\xff\xfe"}) {
    CAPTURE(text);
    const auto login = Netrc(text).find("a.org");
    CHECK((!login || login->password.empty()));
  }
}

TEST_CASE("Netrc: a file that can't be read names nobody") {
  const leat::tests::TempDir dir;
  leat::tests::write_file(dir / "netrc", "machine a.org login u password p");
  CHECK(found(Netrc::read(dir / "netrc"), "a.org") == "u:p");
  CHECK(found(Netrc::read(dir / "nothing"), "a.org") == "nothing");
}
