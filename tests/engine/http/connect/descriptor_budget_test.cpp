#include "engine/http/connect/descriptor_budget.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <initializer_list>
#include <limits>
#include <string>

namespace leat::http {

TEST_CASE("DescriptorBudget: transfers, idle connections and multi handles together stay within the limit") {
  constexpr std::size_t kSocketFileDirectory = 3;
  for (const std::size_t limit : {64u, 80u, 256u, 1024u, 4096u, 65536u, 1048576u}) {
    CAPTURE(limit);
    const DescriptorBudget budget(limit);
    CHECK(budget.transfers() * kSocketFileDirectory + budget.idle_connections() + 24 <= limit);
    CHECK(budget.multis() * 2 <= limit / 16);
  }
}

TEST_CASE("DescriptorBudget: there is always room for one transfer") {
  for (const std::size_t limit : {0u, 1u, 20u, 50u}) {
    CAPTURE(limit);
    CHECK(DescriptorBudget(limit).transfers() == 1);
    CHECK(DescriptorBudget(limit).multis() == 1);
  }
}

TEST_CASE("DescriptorBudget: a limit that is too low is refused, with its size and what to do") {
  CHECK_FALSE(DescriptorBudget(32).check());
  const auto refused = DescriptorBudget(31).check();
  REQUIRE(refused);
  CHECK(refused->message.find(" is 31, ") != std::string::npos);
  CHECK(refused->message.find("to 32 or more") != std::string::npos);
  CHECK_FALSE(DescriptorBudget(20).check(DescriptorBudget::kLeastOfPlain));
}

TEST_CASE("DescriptorBudget: no limit counts as a very high one") {
  const DescriptorBudget budget(std::numeric_limits<std::size_t>::max());
  CHECK(budget.transfers() > 1'000'000);
  CHECK(budget.idle_connections() > 1'000'000);
}

}  // namespace leat::http
