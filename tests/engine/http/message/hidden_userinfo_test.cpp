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

TEST_CASE("with_hidden_userinfo: a password with quotes and backslashes in it is hidden as a whole") {
  CHECK(with_hidden_userinfo("urls http://me:it's@a.org/") == "urls http://*******@a.org/");
  CHECK(with_hidden_userinfo(R"(urls "http://me:a\"b@a.org" | x)") == R"(urls "http://*******@a.org" | x)");
  CHECK(with_hidden_userinfo(R"("http://me:a\\\"b@a.org")") == R"("http://*********@a.org")");
  CHECK(with_hidden_userinfo(R"("http://me:\\(b@a.org" "c@d")") == R"("http://*******@a.org" "c@d")");
  CHECK(with_hidden_userinfo(R"(http://me:a\nb\u00e4@a.org)") == "http://*************@a.org");
}

TEST_CASE("with_hidden_userinfo: what stands behind the end of a text, or is a program's, is no userinfo") {
  for (const char* same : {R"(["http://a\\","me@b"])", R"(["http://a.org","me@b.org"])",
                           R"(("http://\(.user)@a.org/"))", "http://a.org\\/me@b", "http://a\nme@b"}) {
    CAPTURE(same);
    CHECK(with_hidden_userinfo(same) == same);
  }
}

TEST_CASE("with_hidden_userinfo: JSON within a text ends its URLs with the kind of quote that began them") {
  for (const char* same :
       {R"(body="{\"url\":\"http://a.org\",\"mail\":\"x@y\"}")", R"("[\"http://a.org\",\"@\"]")",
        R"("\"{\\\"u\\\":\\\"http://a.org\\\",\\\"m\\\":\\\"x@y\\\"}\"")"}) {
    CAPTURE(same);
    CHECK(with_hidden_userinfo(same) == same);
  }
  CHECK(with_hidden_userinfo(R"("{\"url\":\"http://u:p@a.org\",\"mail\":\"x@y\"}")") ==
        R"("{\"url\":\"http://***@a.org\",\"mail\":\"x@y\"}")");
  CHECK(with_hidden_userinfo(R"("{\"url\":\"http://u:p\\\"q@a.org\",\"mail\":\"x@y\"}")") ==
        R"("{\"url\":\"http://********@a.org\",\"mail\":\"x@y\"}")");
  CHECK(with_hidden_userinfo(R"("\"see\" http://me:a\"b@a.org")") == R"("\"see\" http://*******@a.org")");
}
