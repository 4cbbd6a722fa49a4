#include "pipelines/options/url_pattern.hpp"

#include <doctest/doctest.h>

#include <string>
#include <variant>
#include <vector>

using namespace leat::pipelines;

TEST_CASE("URL patterns: what each set and range stands for can be told") {
  const auto pattern = std::get<UrlPattern>(UrlPattern::compile("http://{a,b}.org/x{c}/[01-02]"));
  CHECK(pattern.at(0) == "http://a.org/xc/01");
  CHECK(pattern.choices_at(0) == std::vector<std::string>{"a", "c", "01"});
  CHECK(pattern.choices_at(3) == std::vector<std::string>{"b", "c", "02"});
}
