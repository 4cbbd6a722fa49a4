#include "engine/http/message/shown_url.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat;
using namespace leat::http;

TEST_CASE("shown_url: the credentials are removed before the text is cut, however long they are") {
  const std::string secret(300, 's');
  CHECK(shown_url("http://u:" + secret + "@a.org/x") == "http://a.org/x");
  CHECK(shown_url("http://" + secret + ":p@a.org/x") == "http://a.org/x");
  CHECK(shown_url(secret + "@a.org/x") == "a.org/x");
  CHECK(shown_url("http://u:p@a.org/" + std::string(300, 'x'), 20) == "http://a.org/xxxxxxx");
  CHECK(shown_url("http://a.org/x\thttp://u:" + secret + "@b.org/y\tname") ==
        "http://a.org/x\xEF\xBF\xBDhttp://b.org/y\xEF\xBF\xBDname");
  CHECK(shown_url("http://u:" + secret + "\t" + secret + "@a.org/x") == "http://a.org/x");
  CHECK(shown_url("http://a\x1B.org/\xFF") == "http://a\xEF\xBF\xBD.org/\xEF\xBF\xBD");
}
