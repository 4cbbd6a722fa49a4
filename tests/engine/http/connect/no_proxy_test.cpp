#include "engine/http/connect/no_proxy.hpp"

#include <doctest/doctest.h>

using leat::http::needs_no_proxy;

TEST_CASE(
    "needs_no_proxy: an entry is a name and all names below it, with or without dots before and after it") {
  for (const char* list :
       {"a.test", ".a.test", "a.test.", "b.test,a.test", "b.test, A.TEST", "b.test a.test"}) {
    CAPTURE(list);
    CHECK(needs_no_proxy("a.test", list));
    CHECK(needs_no_proxy("a.test.", list));
    CHECK(needs_no_proxy("www.a.test", list));
    CHECK_FALSE(needs_no_proxy("ba.test", list));
    CHECK_FALSE(needs_no_proxy("test", list));
  }
}

TEST_CASE("needs_no_proxy: * is every host, an empty list is none, and addresses are left to libcurl") {
  CHECK(needs_no_proxy("a.test", "*"));
  CHECK_FALSE(needs_no_proxy("a.test", ""));
  CHECK_FALSE(needs_no_proxy("a.test", "b.test,*"));
  CHECK_FALSE(needs_no_proxy("a.test", ".,,"));
  CHECK_FALSE(needs_no_proxy("127.0.0.1", "127.0.0.1"));
  CHECK_FALSE(needs_no_proxy("[::1]", "[::1]"));
}
