#include "cli/bench/csv_report.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "cli/bench/markdown_report.hpp"
#include "tests/cli/bench/synthetic.hpp"
#include "tests/support/says.hpp"

using namespace leat::cli;
using leat::tests::says;

namespace {

BenchRecord two_targets() {
  auto record = Synthetic().record();
  auto& result = record.subject.result;
  result.by_target.push_back(result.by_target[0]);
  result.by_target[1].url = "http://h/a|b,c";
  result.by_target[1].tally.status_errors = 7;
  result.by_address = {{"127.0.0.1:80", result.by_target[1].tally, {}}, {"[::1]:80", {}, {}}};
  return record;
}

}  // namespace

TEST_CASE(
    "CSV: it has a row for each side, target, address and stage, all with as many fields as the first line") {
  auto record = two_targets();
  record.other = Synthetic().measurement();
  const std::string csv = csv_report(record);
  CHECK(csv.starts_with("side,scope,name,scheduled,ok,status_errors,"));
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 7);
  CHECK(says(csv, "\nb,run,http://127.0.0.1:8080/ok,"));
  CHECK(says(csv, "\na,address,127.0.0.1:80,"));
  CHECK(says(csv, "\na,address,[::1]:80,"));
  CHECK(says(csv, "\na,target,\"GET http://h/a|b,c\","));
  const std::string first = csv.substr(0, csv.find('\n'));
  const std::string second =
      csv.substr(first.size() + 1, csv.find('\n', first.size() + 1) - first.size() - 1);
  CHECK(std::count(first.begin(), first.end(), ',') == std::count(second.begin(), second.end(), ','));
}

TEST_CASE("Markdown: its tables have what the report has, and no text breaks them") {
  auto record = two_targets();
  record.checks.push_back(
      apply(parse_check("--check", "p50<1ms").value(), record.subject.result, CheckMode::interval));
  const std::string text = markdown_report(record);
  CHECK(text.starts_with("## leat bench\n"));
  CHECK(says(text, "| p50\\<1ms | fail | "));
  CHECK(says(text, "| GET http://h/a\\|b,c | "));
  CHECK(says(text, "| \\[::1\\]:80 | 0 | 0 | – | – |"));
  CHECK(says(text, "| response time |  | 95 % interval |\n| :--- | ---: | ---: |\n"));
  CHECK(says(text, "```sh\nleat bench http://127.0.0.1:8080/ok\n```\n"));
}

TEST_CASE("CSV: each member of a team has a row, and one that has died nothing but its name") {
  auto record = Synthetic().record();
  record.members = Synthetic().members();
  const std::string csv = csv_report(record);
  const std::string run =
      csv.substr(csv.find("\na,run,") + 1, csv.find("\na,member,") - csv.find("\na,run,"));
  const std::string figures = run.substr(run.find("/ok,") + 4);
  CHECK(says(csv, "\na,member,host|a:17," + figures));
  const std::string dead = csv.substr(csv.find("\na,member,\"host,b:18\",") + 1);
  CHECK(dead == "a,member,\"host,b:18\"" + std::string(18, ',') + "\n");
  CHECK(std::count(figures.begin(), figures.end(), ',') + 1 == 18);
  record.other = record.subject;  // the members are of whichever side came last
  CHECK(says(csv_report(record), "\n,member,host|a:17,"));
}

TEST_CASE("Markdown: each member of a team has a row, and one that has died is said to have") {
  auto record = Synthetic().record();
  record.members = Synthetic().members();
  const std::string text = markdown_report(record);
  CHECK(says(text, "| member | ok | rate | not | p50 | p99 | client | clock from Redis's |\n"));
  CHECK(says(text, " | suspect (its core was busy) | +12.0 us ± 3.00 us |\n"));
  CHECK(says(text, "| host\\|a:17 | "));
  CHECK(says(text, "| host,b:18: died; its part is missing in every figure |  |  |  |  |  |  |  |\n"));
}
