#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

std::string faults_of(const std::string& spec) {
  const auto loaded = load_spec(spec, stage_signatures(), SpecOptions());
  return loaded.ok() ? "" : render(loaded.faults);
}

bool has_own(const Signature& signature, std::string_view key) {
  return std::any_of(signature.args.begin(), signature.args.end(),
                     [&](const ArgRow& row) { return row.key == key; });
}

std::string stage_of(const tests::JsonLine& line) {
  return line["error"].IsNull() ? "" : std::string(line["error"]["stage"].GetString());
}

// Runs until it is stopped.
constexpr const char* kEndless = "(def f: f; if .id == 2 then f else .id end)";

}  // namespace

TEST_CASE("common arguments: a stage takes each of them, or says why not and what to use instead") {
  for (const auto* row : stage_table()) {
    CAPTURE(row->signature.name);
    for (const auto& common : common_args()) {
      CAPTURE(common.key);
      const auto why = refusal(row->signature, common);
      if (!why.empty()) CHECK_FALSE(has_own(row->signature, common.key));
    }
  }
  CHECK(faults_of("lines | limit 2 timeout=1s") ==
        "spec:1:17: error: \"limit\" takes no \"timeout=\": it takes no time\n"
        "lines | limit 2 timeout=1s\n                ^\n");
  CHECK(faults_of("lines n=3").find("n= of fetch says how many are fetched at once") != std::string::npos);
  CHECK(faults_of("lines | ordered n=3").find("window= says how many places there are") != std::string::npos);
  CHECK(faults_of("lines | null on-error={ null }").find("no record fails in it") != std::string::npos);
  CHECK(faults_of("lines | write timeout=1s").find("a line waits for its reader") != std::string::npos);
}

TEST_CASE("common arguments: an argument that means nothing without another is refused at its column") {
  CHECK(faults_of("lines | rate 9/s n=3") ==
        "spec:1:18: error: \"n=\" of \"rate\" means nothing without \"key=\"\n"
        "lines | rate 9/s n=3\n                 ^\n");
  CHECK(faults_of("lines | rate 9/s n=3 key=(.url)").empty());
  CHECK(faults_of("lines | extract css=a n=3").find("without \"jq=\"") != std::string::npos);
  CHECK(faults_of("lines | count timeout=1s").find("together with by=") != std::string::npos);
  CHECK(faults_of("lines | delay 1s on-error={ null }").find("together with timeout=") != std::string::npos);
  CHECK(faults_of("lines | batch n=2 on-error={ null }").find("together with timeout=") != std::string::npos);
  CHECK(faults_of("lines | write json on-error={ null }").find("no record fails in json") !=
        std::string::npos);
  CHECK(faults_of("lines | write \"{url}\" on-error={ null }").empty());
}

TEST_CASE("check: a wrong argument is the only error that is reported for its stage") {
  CHECK(faults_of("lines | extract css=\"a[href\"") ==
        "spec:1:28: error: ']' is missing\nlines | extract css=\"a[href\"\n                           ^\n");
  CHECK(faults_of("lines | paginate next=foo") ==
        "spec:1:23: error: next= takes link, or a jq program in ( … ), not \"foo\"\n"
        "lines | paginate next=foo\n                      ^\n");
  CHECK(faults_of("lines | batch n=0").find("\"batch\" takes") == std::string::npos);
  CHECK(faults_of("lines | extract cs=a").find("takes one of") == std::string::npos);
}

TEST_CASE("check: a template's field that no record has is an error at its column") {
  CHECK(faults_of("lines | write \"{id} {ulr}\"") ==
        "spec:1:22: error: no field {ulr}; did you mean {url}?\n"
        "lines | write \"{id} {ulr}\"\n                     ^\n");
  CHECK(faults_of("lines | exec echo \"{zzz}\"").find("are in meta, as {meta.zzz}") != std::string::npos);
  CHECK(faults_of("lines | set meta.a=\"{jsn.a}\"").find("did you mean {json}?") != std::string::npos);
  CHECK(faults_of("lines | fetch header=\"X: {ulr}\"").find("did you mean {url}?") != std::string::npos);
  CHECK(faults_of("let t = a; lines | fetch header=\"X: {$t} {ulr}\"").find("spec:1:43: error: no field") ==
        0);
  CHECK(faults_of("lines | write \"{{ulr}} {json.items[0].k} {meta.ulr} {env:HOME}\"").empty());
}

TEST_CASE("timeout=: for a jq program it is the limit of one evaluation, and only that record fails") {
  for (const std::string stage :
       {"where (%) timeout=150ms", "each (%|{meta:{}}) timeout=150ms", "set meta.a=(%) timeout=150ms",
        "extract jq=(%) timeout=150ms", "dedupe by=(%) timeout=150ms", "rate 1000/s key=(%) timeout=150ms"}) {
    std::string text = stage;
    text.replace(text.find("(%"), 2, std::string(kEndless).substr(0, std::string(kEndless).size() - 1));
    CAPTURE(text);
    const auto ran = run_spec("urls $O/a $O/b $O/c | " + text);
    REQUIRE(ran.lines.size() == 3);
    CHECK(ran.count(Outcome::failed) == 1);
    const auto failed = std::find_if(ran.lines.begin(), ran.lines.end(),
                                     [](const auto& line) { return line.text("outcome") == "failed"; });
    REQUIRE(failed != ran.lines.end());
    CHECK(failed->error_code() == "timeout");
    CHECK(stage_of(*failed) == stage.substr(0, stage.find(' ')));
    CHECK(failed->number("id") == 2);
  }
}

TEST_CASE("timeout=: work that can't be interrupted fails when it is done, and is not dropped") {
  const auto ran = run_spec(
      "urls $O/size/1M/a $O/size/1M/b | fetch | where (.body | test(\"zzz\")) timeout=1us | write json");
  REQUIRE(ran.lines.size() == 2);
  for (const auto& line : ran.lines) {
    CHECK(line.error_code() == "timeout");
    CHECK(stage_of(line) == "where");
    CHECK(line.error_message() == "it took longer than timeout=1us");
  }
}

TEST_CASE("timeout=: records that fail by it go into the stage's on-error block") {
  const auto ran = run_spec(
      "urls $O/size/1M/a | fetch | extract regex=\"(b+)\" timeout=1us "
      "on-error={ set meta.why=(.error.code) | write json fields=meta } | null");
  REQUIRE(ran.lines.size() == 1);
  CHECK(std::string(ran.lines[0]["meta"]["why"].GetString()) == "timeout");
}

TEST_CASE("timeout=: a longer delay fails each record after the shorter of the two times") {
  const auto ran = run_spec("urls $O/a $O/b | delay 1h timeout=20ms");
  REQUIRE(ran.lines.size() == 2);
  for (const auto& line : ran.lines) CHECK(line.error_code() == "timeout");
  CHECK(run_spec("urls $O/a | delay 1ms timeout=1h").count(Outcome::ok) == 1);
}

TEST_CASE("timeout=: a record whose turn in a rate is too far away fails at once and takes no turn") {
  const auto ran = run_spec("expand $O/ok/[1-5] | rate 1/h key=(1) timeout=1s");
  REQUIRE(ran.lines.size() == 5);
  CHECK(ran.count(Outcome::ok) == 1);
  CHECK(ran.count(Outcome::failed) == 4);
  for (const auto& line : ran.lines) {
    if (line.text("outcome") == "failed") CHECK(stage_of(line) == "rate");
  }
}

TEST_CASE("timeout=: a batch that does not fill in time fails with its members in it") {
  const auto ran = run_spec(
      "urls $O/ok/a $O/ok/b $O/delay/400/c | fetch n=3 | batch n=9 timeout=100ms | write json "
      "fields=outcome,error,meta.size");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.lines[0].error_code() == "timeout");
  CHECK(stage_of(ran.lines[0]) == "batch");
  CHECK(ran.lines[0]["meta.size"].GetInt() == 2);
  CHECK(ran.lines[1].error_code().empty());
}

TEST_CASE(
    "timeout=: ordered gives up a record that waits too long for its turn, and the others keep theirs") {
  const auto ran =
      run_spec("urls $O/delay/600/a $O/ok/b $O/ok/c $O/delay/700/d | fetch n=4 | ordered timeout=150ms");
  REQUIRE(ran.lines.size() == 4);
  CHECK(ran.count(Outcome::failed) == 2);
  CHECK(ran.lines[0].number("id") == 2);
  CHECK(ran.lines[0].error_code() == "timeout");
  CHECK(stage_of(ran.lines[0]) == "ordered");
  CHECK(ran.lines[1].number("id") == 3);
  CHECK(ran.lines[2].number("id") == 1);
  CHECK(ran.lines[2].error_code().empty());
  CHECK(ran.lines[3].number("id") == 4);
  CHECK(ran.lines[3].error_code().empty());
}

TEST_CASE("timeout=: tee fails a record if its block has no room for the copy in time") {
  const auto ran = run_spec("expand $O/ok/[1-300] | tee { rate 200/s | null } timeout=1ms");
  REQUIRE(ran.lines.size() == 300);
  CHECK(ran.count(Outcome::ok) >= 64);
  CHECK(ran.count(Outcome::failed) > 0);
  for (const auto& line : ran.lines) {
    if (line.text("outcome") == "failed") CHECK(stage_of(line) == "tee");
  }
}

TEST_CASE("timeout=: a command that takes longer is stopped and fails as every timeout does") {
  const auto ran = run_spec("urls $O/a | exec sleep 60 timeout=50ms");
  REQUIRE(ran.lines.size() == 1);
  CHECK(ran.lines[0].error_code() == "timeout");
  CHECK(stage_of(ran.lines[0]) == "exec");
}

TEST_CASE(
    "on-error=: in write it gets the records that lack a field of the template, and no earlier failures") {
  const auto ran = run_spec(
      "urls $O/ok/a gopher://a.org/ $O/ok/b | set meta.k=(if .id == 1 then 1 else empty end) "
      "| write \"{{\\\"id\\\":{id},\\\"k\\\":{meta.k}}}\" on-error={ set meta.why=(.error.stage) | write "
      "json }");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.of_id(1)["k"].GetInt() == 1);
  CHECK(std::string(ran.of_id(3)["meta"]["why"].GetString()) == "write");
  CHECK(ran.count(Outcome::failed) == 2);
  CHECK(ran.count(Outcome::ok) == 1);
}

TEST_CASE("on-error=: in count it gets the records for which its program fails; without it they fail there") {
  const std::string spec = "urls $O/ok/a $O/ok/b | count by=(if .id == 1 then error(\"x\") else .id end)";
  auto ran = run_spec(spec + " on-error={ write json }");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.count(Outcome::failed) == 1);
  ran = run_spec(spec);
  REQUIRE(ran.lines.size() == 2);  // one row for null and one for 2
  CHECK(ran.count(Outcome::failed) == 1);
  CHECK(ran.count(Outcome::ok) == 1);
}

TEST_CASE("on-error=: count by= asks libjq about failed records, too") {
  const auto ran = run_spec(
      "urls $O/status/404/a | fetch fail=4xx retry=0 | count by=(.error.code|explode|implode|ascii_upcase)");
  REQUIRE(ran.lines.size() == 1);
  CHECK(ran.lines[0].text("key") == "HTTP_STATUS");
}
