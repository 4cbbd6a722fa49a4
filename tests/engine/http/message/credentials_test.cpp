#include "engine/http/message/credentials.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using leat::http::Credentials;
using leat::http::Url;
using leat::http::WireOptions;
using Use = WireOptions::Netrc;

namespace {

struct Row {
  Use use;
  const char* user_option;
  const char* userinfo;
  const char* wanted;  // null: no credentials
};

}  // namespace

// This is what curl 7.88 sends, except for a user whom the file does not name: curl gives that user the
// password of another one.
TEST_CASE("Credentials: -u, --netrc, the URL and --netrc-optional come in curl's order") {
  const leat::tests::TempDir dir;
  leat::tests::write_file(dir / "netrc",
                          "machine h.org login u1 password p1\nmachine h.org login u3 password p3\n");
  const std::vector<Row> rows{
      {Use::off, "", "", nullptr},         {Use::off, "", "u1@", "u1:"},
      {Use::off, "", "u1:x@", "u1:x"},     {Use::off, "", "us%41er:p%3Aw@", "usAer:p:w"},
      {Use::off, "a:b", "u1:x@", "a:b"},   {Use::required, "a:b", "u1:x@", "a:b"},
      {Use::optional, "a:b", "", "a:b"},   {Use::required, "", "", "u1:p1"},
      {Use::required, "", "u1@", "u1:p1"}, {Use::required, "", "u1:wrong@", "u1:p1"},
      {Use::required, "", "u3@", "u3:p3"}, {Use::required, "", "u3:wrong@", "u3:p3"},
      {Use::required, "", "u2@", "u2:"},   {Use::required, "", "u2:x@", "u2:x"},
      {Use::optional, "", "", "u1:p1"},    {Use::optional, "", "u1@", "u1:p1"},
      {Use::optional, "", "u3@", "u3:p3"}, {Use::optional, "", "u1:mine@", "u1:mine"},
      {Use::optional, "", "u1:@", "u1:"},  {Use::optional, "", "u2@", "u2:"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.userinfo);
    CAPTURE(static_cast<int>(row.use));
    WireOptions wire;
    wire.netrc = row.use;
    wire.netrc_file = dir / "netrc";
    const std::string option = row.user_option;
    const auto sent =
        Credentials(option, wire).of(Url("http://" + std::string(row.userinfo) + "h.org:8080/x"));
    CHECK(sent.has_value() == (row.wanted != nullptr));
    if (sent && row.wanted != nullptr) CHECK(*sent == row.wanted);
  }
}

TEST_CASE(
    "Credentials: a host that the file does not name uses the URL's credentials; a port does not matter") {
  const leat::tests::TempDir dir;
  leat::tests::write_file(dir / "netrc",
                          "machine ::1 login six password p6 machine h.org login u password p");
  WireOptions wire;
  wire.netrc = Use::required;
  wire.netrc_file = dir / "netrc";
  const std::string none;
  const Credentials credentials(none, wire);
  CHECK(credentials.of(Url("http://other.org/")) == std::nullopt);
  CHECK(credentials.of(Url("http://a:b@other.org/")) == "a:b");
  CHECK(credentials.of(Url("http://[::1]:80/")) == "six:p6");
  CHECK(credentials.of(Url("h.org:8080/x")) == "u:p");
}
