#include "engine/load/normal.hpp"

#include <doctest/doctest.h>

using namespace leat::load;

TEST_CASE("the quantiles of the normal and Student distributions are those of the tables") {
  CHECK(normal_quantile(0.975) == doctest::Approx(1.959964).epsilon(1e-6));
  CHECK(normal_quantile(0.5) == doctest::Approx(0).scale(1));
  CHECK(normal_probability(1.0) == doctest::Approx(0.8413447));
  CHECK(student_quantile(0.975, 1) == doctest::Approx(12.7062).epsilon(1e-5));
  CHECK(student_quantile(0.975, 4) == doctest::Approx(2.776445).epsilon(1e-5));
  CHECK(student_quantile(0.995, 9) == doctest::Approx(3.249836).epsilon(1e-5));
  CHECK(student_quantile(0.025, 30) == doctest::Approx(-2.042272).epsilon(1e-5));
  CHECK(student_quantile(0.975, 1e6) == doctest::Approx(1.96).epsilon(1e-4));
}
