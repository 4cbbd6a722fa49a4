#include "cli/bench/find_rate.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <random>
#include <set>

#include "tests/cli/bench/synthetic.hpp"

using namespace leat::cli;
using State = CheckOutcome::State;

namespace {

/// A server that keeps a bound up to a certain rate; near that rate one can't be sure.
struct Server {
  double most;
  double blurred = 0;  // a share of `most` on either side of it

  State tried(double rate) const {
    if (rate < most * (1 - blurred)) return State::holds;
    return rate > most * (1 + blurred) ? State::fails : State::undecided;
  }
};

RateSearch searched(double start, const Server& server, double most = 10e6) {
  RateSearch search(start, most);
  while (const auto trial = search.next()) search.tell(server.tried(trial->rate));
  return search;
}

}  // namespace

TEST_CASE("RateSearch: it finds the highest rate that holds, from below and from above") {
  for (const double most : {3.0, 57.0, 100.0, 5'000.0, 123'456.0}) {
    for (const double start : {1.0, 100.0, 50'000.0}) {
      CAPTURE(most);
      CAPTURE(start);
      const auto search = searched(start, {most});
      REQUIRE(search.held());
      REQUIRE(search.failed());
      CHECK(*search.held() < most);
      CHECK(*search.failed() >= most);
      if (search.trials() < RateSearch::kMostTrials) CHECK(*search.held() >= most / RateSearch::kFine);
    }
  }
}

TEST_CASE("RateSearch: without a complete trial it claims nothing") {
  CHECK(find_rate_sentence(RateSearch(100, 10e6), "p99<50ms") ==
        "Nothing is known of p99<50ms: the first trial was cut short.");
}

TEST_CASE("RateSearch: it ends in limited time, whatever the trials say") {
  std::mt19937 random(3);
  for (int run = 0; run < 200; ++run) {
    RateSearch search(100, 10e6);
    std::size_t trials = 0;
    while (search.next()) {
      search.tell(static_cast<State>(random() % 3));
      REQUIRE(++trials <= RateSearch::kMostTrials);
    }
    CHECK(search.trials() == trials);
  }
}

TEST_CASE(
    "RateSearch: a trial that decides nothing is repeated once at the same rate, and then counts as not "
    "holding") {
  RateSearch search(100, 10e6);
  search.tell(State::holds);
  CHECK(search.next()->rate == 200);
  CHECK_FALSE(search.next()->again);
  search.tell(State::undecided);
  CHECK(search.next()->rate == 200);
  CHECK(search.next()->again);
  search.tell(State::undecided);
  CHECK(*search.failed() == 200);
  CHECK(search.next()->rate < 200);
  const auto blurred = searched(100, {5000, 0.05});
  REQUIRE(blurred.held());
  CHECK(*blurred.held() <= 5000 * 0.95);
  CHECK(*blurred.held() >= 5000 * 0.85);
}

TEST_CASE("RateSearch: a lucky trial at the end is not believed") {
  RateSearch search(100, 10e6);
  bool lucky = true;
  while (const auto trial = search.next()) {
    const bool holds = trial->rate < 1000 || (trial->rate < 1400 && std::exchange(lucky, false));
    search.tell(holds ? State::holds : State::fails);
  }
  REQUIRE(search.held());
  CHECK(*search.held() < 1000);
}

TEST_CASE("RateSearch: it tries no rate above what is allowed, and finds none if the bound never holds") {
  const auto all = searched(100, {1e12}, 5000);
  CHECK(*all.held() == 5000);
  CHECK_FALSE(all.failed());
  const auto none = searched(100, {0});
  CHECK_FALSE(none.held());
  CHECK(find_rate_sentence(none, "p99<50ms").find("holds at no rate") != std::string::npos);
  CHECK(find_rate_sentence(all, "p99<50ms").find("holds at 5,000/s, the highest") != std::string::npos);
}

TEST_CASE("RateSearch: it ends when the client is the limit, and says so") {
  RateSearch search(100, 10e6);
  search.tell(State::holds);
  search.tell_client_limit();
  search.tell(State::fails);
  CHECK_FALSE(search.next());
  CHECK(find_rate_sentence(search, "p99<50ms").find("the client itself was the limit") != std::string::npos);
}

TEST_CASE("RateSearch: its sentence names what stopped it") {
  RateSearch search(100, 10e6);
  search.tell(State::holds);
  search.tell(State::fails, "error_rate was 12 % (10 % to 14 %)");
  CHECK(find_rate_sentence(search, "p99<50ms")
            .find("it no longer does at 200/s: error_rate was 12 % (10 % to 14 %)") != std::string::npos);
}

TEST_CASE("Trials: every check has to hold in each, and by default an error rate below 1 %") {
  const auto check = [](const char* text) { return parse_check("--check", text).value(); };
  Synthetic calm;
  const auto good = calm.result();
  calm.timed_out = 80;  // of some 4,080: 2 %
  const auto lossy = calm.result();
  const TrialRules usual(check("p50<5ms"), {}, CheckMode::interval);
  CHECK(usual.judge(good).state == State::holds);
  CHECK(usual.judge(lossy).state == State::fails);
  CHECK(usual.judge(lossy).reason.starts_with("error_rate was "));
  const TrialRules lenient(check("p50<5ms"), {check("error_rate<10%")}, CheckMode::interval);
  CHECK(lenient.judge(lossy).state == State::holds);
  const TrialRules two(check("p50<5ms"), {check("p90<1ms")}, CheckMode::interval);
  CHECK(two.judge(good).state == State::fails);
  CHECK(two.judge(good).reason.starts_with("p90 was "));
}

TEST_CASE("Trials: one is as long as its samples take, but not ten times as long as the user says") {
  const auto check = [](const char* text) { return parse_check("--check", text).value(); };
  const TrialRules rules(check("p99<5ms"), {}, CheckMode::interval);
  CHECK(rules.samples() == 368);
  CHECK(rules.lasts(1000, std::chrono::seconds(1)) == std::chrono::seconds(1));
  CHECK(rules.lasts(100, std::chrono::seconds(1)) > std::chrono::seconds(4));
  CHECK(rules.lasts(1, std::chrono::seconds(1)) == std::chrono::seconds(10));
  CHECK(rules.lasts(1, std::chrono::seconds(30)) == std::chrono::minutes(1));
  CHECK(rules.lasts(1, std::chrono::minutes(5)) == std::chrono::minutes(5));
  CHECK(rules.lowest_rate(std::chrono::seconds(1)) == doctest::Approx(368 * 1.1 / 10));
  CHECK(rules.lowest_rate(std::chrono::minutes(1)) == doctest::Approx(368 * 1.1 / 60));
  CHECK(TrialRules(check("p99<5ms"), {}, CheckMode::point).samples() < 100);
  CHECK(TrialRules(check("p50<5ms"), {check("error_rate<0.1%")}, CheckMode::interval).samples() > 3800);
}
