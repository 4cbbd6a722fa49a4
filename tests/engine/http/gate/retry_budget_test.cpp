#include "engine/http/gate/retry_budget.hpp"

#include <doctest/doctest.h>

using namespace leat::http;
using namespace std::chrono_literals;
using leat::async::TimePoint;

TEST_CASE("RetryBudget: a hundred retries may start at once, and further ones wait for fifty a second") {
  RetryBudget budget;
  const TimePoint now = TimePoint() + 1h;
  for (int i = 0; i < 100; ++i) CHECK(budget.take(now) == 0s);
  CHECK(budget.take(now) == 20ms);
  CHECK(budget.take(now) == 40ms);
  CHECK(budget.take(now + 1s) == 0s);
}

TEST_CASE("RetryBudget: a fifth of the transfers may be retries without a wait") {
  RetryBudget budget;
  const TimePoint now = TimePoint() + 1h;
  for (int i = 0; i < 1000; ++i) budget.credit();
  for (int i = 0; i < 300; ++i) CHECK(budget.take(now) == 0s);
  CHECK(budget.take(now) > 0s);
}
