#include "cli/options/url_data.hpp"

#include <doctest/doctest.h>

#include "tests/cli/fake_system.hpp"

using namespace leat::cli;

TEST_CASE("url_encoded_data: what follows the first = or @ is encoded, and a name in front stays") {
  FakeSystem system;
  system.files["f"] = "a b\n";
  const auto made = [&system](const char* value) { return url_encoded_data(value, system).value(); };
  CHECK(made("just text") == "just+text");
  CHECK(made("=a=b&c") == "a%3Db%26c");
  CHECK(made("name=a b+%") == "name=a+b%2B%25");
  CHECK(made("a&b=c") == "a&b=c");
  CHECK(made("@f") == "a+b%0A");
  CHECK(made("name@f") == "name=a+b%0A");
  CHECK(made("name=x@y") == "name=x%40y");
  CHECK(made("-._~") == "-._~");
  CHECK(made("").empty());
  CHECK(url_encoded_data("@none", system).error().message == "\"none\": No such file or directory");
}
