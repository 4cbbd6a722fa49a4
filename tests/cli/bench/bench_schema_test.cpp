#include "cli/bench/bench_schema.hpp"

#include <doctest/doctest.h>
#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <string>

#include "cli/bench/json_document.hpp"
#include "tests/cli/bench/synthetic.hpp"

using namespace leat::cli;

namespace {

/// What the schema says of a document: empty if it keeps it, else the place that does not.
std::string fault_of(const rapidjson::Document& document) {
  static const rapidjson::Document text = [] {
    rapidjson::Document json;
    json.Parse(bench_schema().data(), bench_schema().size());
    REQUIRE_FALSE(json.HasParseError());
    return json;
  }();
  static const rapidjson::SchemaDocument schema(text);
  rapidjson::SchemaValidator validator(schema);
  if (document.Accept(validator)) return "";
  rapidjson::StringBuffer place;
  validator.GetInvalidDocumentPointer().StringifyUriFragment(place);
  return std::string(place.GetString()) + ": " + validator.GetInvalidSchemaKeyword();
}

rapidjson::Document parsed(const BenchRecord& record) {
  rapidjson::Document json;
  json.Parse(json_document(record).c_str());
  REQUIRE_FALSE(json.HasParseError());
  return json;
}

BenchRecord with_everything() {
  Synthetic broken;
  broken.timed_out = 40;
  auto record = broken.record();
  auto& result = record.subject.result;
  record.subject.plan.stages = {{std::chrono::seconds(10), 100, 200}};
  result.by_stage.push_back({record.subject.plan.stages[0], result.totals, result.latency.response});
  record.other = Synthetic().measurement();
  record.comparison = Comparison();
  record.comparison->p99 = leat::load::Ratio{1, 0.9, 1.1};
  compare_counts(*record.comparison, result.totals, result.by_status, record.other->result.totals,
                 {{503, 7}});
  record.checks.push_back(apply(parse_check("--check", "p99.9<1ms").value(), result, CheckMode::interval));
  record.noise_floor = noise_floor_of(result);
  record.found_rate = FoundRate{"p99<1s", 100.0, std::nullopt, 3, "p99<1s holds."};
  record.other->plan.samples_answers = true;
  record.other->result.findings = {3, 1, "status 200, body \"\": it is false"};
  record.other->result.by_address = {{"127.0.0.1:80", {}, {}}, {"[::1]:80", {}, {}}};
  result.paused = std::chrono::seconds(3);
  record.aborted = "error_rate>5%: error_rate was 12 %";
  record.members.resize(2);
  record.members[0].is_here = true;
  record.members[0].totals.ok = 3;
  record.members[0].response.record_many(1000, 3);
  return record;
}

}  // namespace

TEST_CASE("Schema: documents keep it, whatever they contain") {
  CHECK(fault_of(parsed(Synthetic().record())) == "");
  CHECK(fault_of(parsed(with_everything())) == "");
  Synthetic few;
  few.seconds = 1;
  few.per_second = 3;
  CHECK(fault_of(parsed(few.record())) == "");
  BenchRecord nothing;
  nothing.subject.plan.targets.emplace_back();
  CHECK(fault_of(parsed(nothing)) == "");
}

TEST_CASE("Schema: it names every member, and lets no other in") {
  for (const char* name : {"totals", "plan", "latency", "client", "env"}) {
    auto document = parsed(with_everything());
    document[name].AddMember("more", 1, document.GetAllocator());
    CHECK_FALSE(fault_of(document).empty());
    document[name].RemoveMember("more");
    document[name].RemoveMember(document[name].MemberBegin());
    CHECK_FALSE(fault_of(document).empty());
  }
  auto document = parsed(with_everything());
  document.AddMember("more", 1, document.GetAllocator());
  CHECK_FALSE(fault_of(document).empty());
}
