#include "engine/text/percent.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat::text;

TEST_CASE("percent_encoded: what a URL could misread is encoded, and comes back") {
  CHECK(percent_encoded("a/b c~é") == "a%2Fb%20c~%C3%A9");
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  CHECK(percent_decoded(percent_encoded(every)) == every);
}

TEST_CASE("percent_decoded: a percent sign stays if no two digits follow it") {
  CHECK(percent_decoded("%2f%2F%41") == "//A");
  CHECK(percent_decoded("%") == "%");
  CHECK(percent_decoded("%4") == "%4");
  CHECK(percent_decoded("%4G%zz") == "%4G%zz");
}
