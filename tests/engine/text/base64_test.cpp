#include "engine/text/base64.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <utility>

using namespace leat::text;

TEST_CASE("base64: it is that of RFC 4648") {
  for (const auto& [bytes, text] :
       std::initializer_list<std::pair<std::string, std::string>>{{"", ""},
                                                                  {"f", "Zg=="},
                                                                  {"fo", "Zm8="},
                                                                  {"foo", "Zm9v"},
                                                                  {"foob", "Zm9vYg=="},
                                                                  {"fooba", "Zm9vYmE="}}) {
    CHECK(encode_base64(bytes) == text);
    CHECK(decode_base64(text) == bytes);
  }
}

TEST_CASE("base64: incomplete or malformed base64 is refused") {
  for (const char* text :
       {"Zg=", "Z===", "Z!==", "====", "Zg==Zg==", "Zm9v ", " Zm9", "Zm9\n", "Zm9-", "Z=9v", "Zm\x80v"}) {
    CAPTURE(text);
    CHECK_FALSE(decode_base64(text));
  }
}
