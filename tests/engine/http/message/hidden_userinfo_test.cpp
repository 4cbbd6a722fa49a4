#include "engine/http/message/hidden_userinfo.hpp"

#include <doctest/doctest.h>

using namespace leat::http;

TEST_CASE(
    "with_hidden_userinfo: the credentials of each URL in a text are stars, and all else keeps its place") {
  CHECK(with_hidden_userinfo("urls \"http://u:p@a.org/x@y\" | fetch") ==
        "urls \"http://***@a.org/x@y\" | fetch");
  CHECK(with_hidden_userinfo("https://u:p@q@a.org http://é@b") == "https://*****@a.org http://*@b");
  for (const char* same :
       {"", "://", "http://a.org/?m=u@b", "http://a.org me@b.org", "\"http://a\" \"@\"", "a@b"}) {
    CHECK(with_hidden_userinfo(same) == same);
  }
}
