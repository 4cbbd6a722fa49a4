#include "cli/bench/checks.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/cli/bench/synthetic.hpp"

using namespace leat::cli;
using State = CheckOutcome::State;

namespace {

Check check_of(std::string_view text) {
  auto check = parse_check("--check", text);
  REQUIRE_MESSAGE(check.ok(), text);
  return std::move(check).value();
}

std::string fault_of(std::string_view text) {
  auto check = parse_check("--check", text);
  REQUIRE_FALSE(check.ok());
  return check.error().message;
}

State state_of(std::string_view text, const leat::load::LoadResult& result,
               CheckMode mode = CheckMode::interval) {
  return apply(check_of(text), result, mode).state;
}

}  // namespace

TEST_CASE("check: a bound has its metric's unit") {
  CHECK(check_of("p99<200ms").bound == 200e6);
  CHECK(check_of("p99<200ms").percentile == 99);
  CHECK(check_of(" p99.9 <= 1.5 s ").bound == 1.5e9);
  CHECK(check_of("p99.9<=1s").percentile == 99.9);
  CHECK(check_of("mean<500us").bound == 500e3);
  CHECK(check_of("max<2m").bound == 120e9);
  CHECK(check_of("rate>1000/s").bound == 1000);
  CHECK(check_of("rate>=600/min").bound == doctest::Approx(10));
  CHECK(check_of("rate>1000").bound == 1000);
  CHECK(check_of("error_rate<0.1%").bound == doctest::Approx(0.001));
  CHECK(check_of("error_rate<0.1%").op == Check::Op::less);
  CHECK(check_of("rate>=5/s").op == Check::Op::greater_equal);
}

TEST_CASE("check: an error says what is wrong and at which column") {
  const auto says = [](std::string_view text, std::string_view words) {
    const std::string fault = fault_of(text);
    CAPTURE(fault);
    CHECK(fault.find(words) != std::string::npos);
    CHECK(fault.find("--check") == 0);
  };
  says("p99", "column 4: a comparison is missing");
  says("p99<", "column 5");
  says("p99<200", "column 8: a unit is missing; takes a time with its unit, such as 200ms");
  says("p99<200km", "column 8: \"km\" is no unit");
  says("p99<fast", "column 5: \"fast\" given");
  says("p101<1s", "column 1: no percentile \"p101\"");
  says("p0<1s", "no percentile \"p0\"");
  says("p100<1s", "no percentile \"p100\"");
  says("p9x<1s", "no percentile \"p9x\"");
  says("p-5<1s", "no percentile \"p-5\"");
  says("  meen<1s", "column 3: \"meen\" is not a measured value");
  says("meen<1s", "did you mean \"mean\"?");
  says("error_rate<5/s", "is no unit");
  says("error_rate<1", "column 13: a unit is missing; takes a share such as 0.1%");
  says("ratio.p99<1.1ms", "is no unit");
  says("ratio.p90<1.1", "is not a measured value");
  says("rate>5ms", "is no unit");
  says("", "column 1");
  says("<5ms", "column 1");
  says("p99<<5ms", "column 5");
  says("p99<-5ms", "column 5");
  says("p99<nan", "column 5");
  says("p99<infs", "column 5");
}

TEST_CASE("check: a check fails only if the whole interval is beyond the bound") {
  const auto result = Synthetic().result();  // median 2 ms, 4,000 samples, 400/s
  CHECK(state_of("p50<3ms", result) == State::holds);
  CHECK(state_of("p50<1ms", result) == State::fails);
  const auto median = apply(check_of("p50<2ms"), result, CheckMode::interval);
  CHECK(median.state == State::undecided);
  CHECK(median.measured.lowest < 2e6);
  CHECK(median.measured.highest > 2e6);
  CHECK(state_of("p50<2ms", result, CheckMode::point) != State::undecided);
  CHECK(state_of("rate>300/s", result) == State::holds);
  CHECK(state_of("rate>500/s", result) == State::fails);
  CHECK(state_of("mean<3ms", result) == State::holds);
  CHECK(state_of("mean>3ms", result) == State::fails);
  CHECK(state_of("min>=1ns", result) == State::holds);
  CHECK(state_of("max<1us", result) == State::fails);
  CHECK(state_of("error_rate<1%", result) == State::holds);
  CHECK(state_of("error_rate<0.01%", result) == State::undecided);
  CHECK(state_of("error_rate<0.01%", result, CheckMode::point) == State::holds);
}

TEST_CASE("check: a bound of zero needs no unit") {
  CHECK(check_of("error_rate<=0").bound == 0);
  CHECK(check_of("p99>0").bound == 0);
}

TEST_CASE("check: a ratio of a comparison is judged by its interval, too") {
  Comparison comparison;
  comparison.p99 = leat::load::Ratio{1.05, 1.01, 1.09};
  comparison.rate = leat::load::Ratio{0.9, 0.85, 0.97};
  const auto state = [&](std::string_view text, CheckMode mode = CheckMode::interval) {
    const Check check = check_of(text);
    CHECK(check.is_of_comparison());
    return apply(check, comparison, mode).state;
  };
  CHECK(state("ratio.p99<1.1") == State::holds);
  CHECK(state("ratio.p99<1.06") == State::undecided);
  CHECK(state("ratio.p99<1.06", CheckMode::point) == State::holds);
  CHECK(state("ratio.p99<1") == State::fails);
  CHECK(state("ratio.rate>0.98") == State::fails);
  CHECK(state("ratio.p50<2") == State::undecided);
  CHECK(state("ratio.p50<2", CheckMode::point) == State::fails);
}

TEST_CASE("check: a percentile that is not shown decides nothing, unless point mode is asked for") {
  Synthetic few;
  few.seconds = 1;
  few.per_second = 50;
  const auto outcome = apply(check_of("p99.9<1s"), few.result(), CheckMode::interval);
  CHECK(outcome.state == State::undecided);
  CHECK(outcome.note.find("too few for p99.9, which wants 3688") != std::string::npos);
  CHECK(state_of("p99.9<1s", few.result(), CheckMode::point) == State::holds);
  CHECK(state_of("p99.9<1us", few.result(), CheckMode::point) == State::fails);
}

TEST_CASE("check: a request without an answer is slower than every bound") {
  Synthetic broken;
  broken.timed_out = 200;  // of some 4,200: 4.8 %
  const auto result = broken.result();
  CHECK(state_of("p99<10s", result) == State::fails);
  CHECK(state_of("p90<10s", result) == State::holds);
  CHECK(state_of("max<1h", result) == State::fails);
  CHECK(state_of("mean<1h", result) != State::holds);
  CHECK(state_of("error_rate<1%", result) == State::fails);
  CHECK(state_of("error_rate<10%", result) == State::holds);
  leat::load::LoadResult refused;
  refused.totals.scheduled = refused.totals.sent = refused.totals.failed = 1000;
  for (int i = 0; i < 1000; ++i) refused.latency.response.record_censored(50'000);
  for (const char* text : {"p50<1s", "p99<1s", "max<1s", "mean<1s", "min<1s", "error_rate<50%"}) {
    CAPTURE(text);
    CHECK(state_of(text, refused) == State::fails);
    CHECK(state_of(text, refused, CheckMode::point) == State::fails);
  }
}

TEST_CASE("check: an answer of status 400 or more is an error") {
  auto result = Synthetic().result();
  result.totals.status_errors = result.totals.ok / 2;
  CHECK(state_of("error_rate<10%", result) == State::fails);
}

TEST_CASE("check: a run that measured nothing proves nothing") {
  const leat::load::LoadResult none;
  CHECK(state_of("p99<1s", none) == State::undecided);
  CHECK(state_of("p99<1s", none, CheckMode::point) == State::fails);
  CHECK(state_of("error_rate<1%", none) == State::undecided);
  CHECK_FALSE(measured_text(apply(check_of("p99<1s"), none, CheckMode::interval)).empty());
}
