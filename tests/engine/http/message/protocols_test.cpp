#include "engine/http/message/protocols.hpp"

#include <doctest/doctest.h>

using leat::http::allowed_schemes;

TEST_CASE("allowed_schemes: a list sets, adds and takes away, as curl's --proto does") {
  CHECK(allowed_schemes("=https") == "https");
  CHECK(allowed_schemes("-http") == "https");
  CHECK(allowed_schemes("-all,https") == "https");
  CHECK(allowed_schemes("=http,+https") == "http,https");
  CHECK(allowed_schemes("HTTP") == "http,https");
  CHECK(allowed_schemes("") == "http,https");
  CHECK(allowed_schemes("-ftp") == "http,https");
  CHECK(allowed_schemes("=ftp").empty());
  CHECK(allowed_schemes("-all").empty());
}
