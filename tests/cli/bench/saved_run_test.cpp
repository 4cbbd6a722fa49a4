#include "cli/bench/saved_run.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "cli/bench/checks.hpp"
#include "cli/bench/json_document.hpp"
#include "tests/cli/bench/synthetic.hpp"

using namespace leat::cli;

namespace {

SavedRun saved(const Synthetic& synthetic) {
  auto run = parse_saved_run("run.json", json_document(synthetic.record()));
  REQUIRE(run.ok());
  return std::move(run).value();
}

std::string fault_of(const std::string& json) {
  const auto run = parse_saved_run("run.json", json);
  REQUIRE_FALSE(run.ok());
  CHECK(run.error().message.find("\"run.json\"") == 0);
  return run.error().message;
}

}  // namespace

TEST_CASE("Saved run: a saved result says the same again when it is read") {
  Synthetic synthetic;
  synthetic.timed_out = 3;
  const auto result = synthetic.result();
  const auto run = saved(synthetic);
  CHECK(run.url == synthetic.url);
  CHECK(run.response.count() == result.latency.response.count());
  CHECK(run.response.censored() == 3);
  const auto rate = leat::load::estimate_rate(result);
  CHECK(run.rate.value == doctest::Approx(rate.value));
  CHECK(run.rate.lowest == doctest::Approx(rate.lowest));
}

TEST_CASE("Saved run: of 100 equal pairs at most 7 differ; a difference of 10 percent is found in 95") {
  int alike = 0;
  int slower = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Synthetic old_run;
    old_run.seconds = 6;
    old_run.per_second = 150;
    old_run.seed = 2 * seed;
    Synthetic new_run = old_run;
    new_run.seed = 2 * seed + 1;
    const SavedRun before = saved(old_run);
    alike += compare_saved(before, saved(new_run)).differs();
    new_run.median_ns *= 1.1;
    const auto comparison = compare_saved(before, saved(new_run));
    slower += comparison.median && comparison.median->lowest > 1;
  }
  CHECK(alike <= 7);
  CHECK(slower >= 95);
}

TEST_CASE("Saved run: another file is refused by its name, with the reason") {
  const std::string good = json_document(Synthetic().record());
  CHECK(fault_of("").find("no JSON at byte") != std::string::npos);
  CHECK(fault_of(good.substr(0, good.size() / 2)).find("no JSON at byte") != std::string::npos);
  CHECK(fault_of("[1,2]").find("no \"schema\"") != std::string::npos);
  CHECK(fault_of("{\"schema\":\"k6/2\"}").find("its schema is \"k6/2\"") != std::string::npos);
  CHECK(fault_of("{\"schema\":7}").find("no \"schema\"") != std::string::npos);
  CHECK(fault_of("{\"schema\":\"leat.bench/1\"}").find("latency.response") != std::string::npos);
  std::string bad = good;
  bad.replace(bad.find("\"hdr\":\"") + 7, 4, "xxxx");
  CHECK(fault_of(bad).find("can't be decoded") != std::string::npos);
}

TEST_CASE("Saved run: a document whose counts are missing or no counts is refused") {
  const std::string good = json_document(Synthetic().record());
  const auto with = [&](const std::string& name, const std::string& value) {
    std::string changed = good;
    const auto at = changed.find(name, changed.find("\"totals\":")) + name.size();
    changed.replace(at, changed.find_first_of(",}", at) - at, value);
    return fault_of(changed);
  };
  for (const std::string value : {"-5", "\"many\"", "1.5", "null", "99999999999999999999"}) {
    CAPTURE(value);
    CHECK(with("\"ok\":", value).find("\"totals.ok\" is not a number") != std::string::npos);
    CHECK(with("\"failed\":", value).find("\"totals.failed\" is not a number") != std::string::npos);
  }
  const auto without = [&](const std::string& name) {
    std::string changed = good;
    changed[changed.rfind("\"" + name + "\":") + 1] = '_';
    return fault_of(changed);
  };
  CHECK(without("totals").find("\"totals.scheduled\" is not a number") != std::string::npos);
  CHECK(without("by_status").find("no \"by_status\"") != std::string::npos);
}

TEST_CASE("Saved run: a document without a rate and the newer counts is read, too") {
  std::string old = json_document(Synthetic().record());
  for (const std::string name : {"\"rate\":{", "\"unanswered\"", "\"status_errors\""}) {
    for (auto at = old.find(name); at != std::string::npos; at = old.find(name)) old[at + 1] = '_';
  }
  const auto run = parse_saved_run("run.json", old);
  REQUIRE(run.ok());
  CHECK(run.value().rate.value == doctest::Approx(400).epsilon(0.02));
  CHECK(std::isinf(run.value().rate.highest));
  CHECK(run.value().totals.status_errors == 0);
}

TEST_CASE("Comparison: a side that answered nothing is said first, and no check of a ratio passes") {
  Comparison comparison;
  comparison.a = "A";
  comparison.b = "B";
  leat::load::Tally well;
  well.scheduled = well.sent = well.ok = 2000;
  leat::load::Tally dead;
  dead.scheduled = dead.sent = dead.failed = 1902;
  compare_counts(comparison, well, {{200, 2000}}, dead, {});
  CHECK(comparison_sentence(comparison) == "B answered none of 1,902.");
  CHECK(comparison_text(comparison).ends_with("B answered none of 1,902.\n"));
  const auto check = parse_check("--check", "ratio.p99<1.1").value();
  CHECK(apply(check, comparison, CheckMode::interval).state == CheckOutcome::State::fails);
  dead.failed = 0;
  dead.status_errors = 1902;
  compare_counts(comparison = {}, well, {{200, 2000}}, dead, {{503, 1902}});
  CHECK(failed_side_sentence(comparison).find("none of 1,902 with a good status") != std::string::npos);
}

TEST_CASE("Comparison: error rates and statuses are compared as times are") {
  Comparison comparison;
  comparison.a = "A";
  comparison.b = "B";
  comparison.median = leat::load::Ratio{1.0, 0.99, 1.01};
  leat::load::Tally well;
  well.scheduled = well.sent = 1000;
  well.ok = 999;
  well.status_errors = 1;
  leat::load::Tally worse = well;
  worse.ok = 900;
  worse.status_errors = 100;
  compare_counts(comparison, well, {{200, 999}, {503, 1}}, worse, {{200, 900}, {503, 100}});
  CHECK(comparison.differs());
  CHECK(comparison_sentence(comparison).find("its error rate is 10 % and not 0.1 %") != std::string::npos);
  CHECK(comparison_text(comparison).find("status 503 0.1 % to 10 %") != std::string::npos);
  Comparison alike;
  compare_counts(alike, well, {{200, 999}, {503, 1}}, well, {{200, 999}, {503, 1}});
  CHECK_FALSE(alike.differs());
}

TEST_CASE("Comparison: a sentence says whether they differ, and in which values") {
  Comparison comparison;
  comparison.a = "http://a/";
  comparison.b = "http://b/";
  CHECK(comparison_sentence(comparison).find("can't be said") != std::string::npos);
  comparison.median = leat::load::Ratio{1.002, 0.99, 1.014};
  CHECK(comparison_sentence(comparison) ==
        "No difference between http://b/ and http://a/; a difference of the median beyond 1.4 % would have "
        "been "
        "seen.");
  comparison.rate = leat::load::Ratio{0.9, 0.88, 0.92};
  CHECK(comparison.differs());
  CHECK(comparison_sentence(comparison) ==
        "http://b/ differs from http://a/: its rate is 10 % lower (8.0 % to 12 %).");
}
