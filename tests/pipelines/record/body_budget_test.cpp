#include "pipelines/record/body_budget.hpp"

#include <doctest/doctest.h>

#include <utility>

#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;
using namespace leat::pipelines;

namespace {

Task<void> wait_while_over(BodyBudget& budget) {
  if (budget.is_over()) co_await budget.wait();
}

Task<void> over_and_under(BodyBudget& budget) {
  auto small = budget.take(40);
  auto large = budget.take(70);
  CHECK(budget.is_over());
  auto waiting = spawn(wait_while_over(budget));
  auto some = turns(3);
  co_await std::move(some);
  CHECK_FALSE(waiting.done());
  large = BodyBudget::Share();
  CHECK_FALSE(budget.is_over());
  co_await waiting;
  large = budget.take(100);
  CHECK(budget.is_over());
  auto again = spawn(wait_while_over(budget));
  auto more = turns(3);
  co_await std::move(more);
  CHECK_FALSE(again.done());
  small = BodyBudget::Share();
  co_await again;
}

}  // namespace

TEST_CASE(
    "BodyBudget: a task that waits because the budget is exceeded goes on when enough is given back, each "
    "time") {
  ManualLoop t;
  BodyBudget budget(100);
  t.run(over_and_under(budget));
  CHECK_FALSE(budget.is_over());
}
