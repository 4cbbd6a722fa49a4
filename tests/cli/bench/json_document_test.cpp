#include "cli/bench/json_document.hpp"

#include <doctest/doctest.h>
#include <rapidjson/document.h>

#include <string>
#include <vector>

#include "cli/bench/hdr_encoding.hpp"
#include "tests/cli/bench/synthetic.hpp"

using namespace leat::cli;
using Names = std::vector<std::string>;

namespace {

rapidjson::Document parsed(const BenchRecord& record) {
  const std::string text = json_document(record);
  CHECK(text.back() == '\n');
  rapidjson::Document json;
  json.Parse<rapidjson::kParseValidateEncodingFlag>(text.c_str());
  REQUIRE_FALSE(json.HasParseError());
  return json;
}

Names names_of(const rapidjson::Value& json) {
  Names names;
  for (const auto& member : json.GetObject()) names.emplace_back(member.name.GetString());
  return names;
}

}  // namespace

TEST_CASE("Document: it has the contract's fields in the contract's order") {
  const auto json = parsed(Synthetic().record());
  CHECK(names_of(json) == Names{"schema", "argv", "env", "plan", "totals", "rate", "error_rate", "latency",
                                "by_target", "by_address", "by_status", "by_error", "series", "client",
                                "checks", "exit_code"});
  CHECK(std::string(json["schema"].GetString()) == "leat.bench/1");
  CHECK(names_of(json["plan"]) ==
        Names{"mode", "rate", "concurrency", "threads", "warmup_s", "measured_s", "targets"});
  CHECK(names_of(json["totals"]) == Names{"scheduled", "sent", "ok", "failed", "timed_out", "dropped",
                                          "unanswered", "resent", "status_errors", "in_flight_at_end",
                                          "bytes_in", "bytes_out", "connections_opened", "unsolicited"});
  CHECK(names_of(json["latency"]) == Names{"response", "service", "client_queue", "dns", "connect", "tls",
                                           "tls_resumed", "first_byte", "transfer", "unexpected"});
  const auto& response = json["latency"]["response"];
  CHECK(names_of(response) == Names{"count", "censored", "min", "mean", "stdev", "max", "p", "hdr"});
  CHECK(names_of(response["p"]) == Names{"50", "90", "95", "99", "99.9"});
  CHECK(names_of(response["p"]["50"]) == Names{"v", "lo", "hi"});
  CHECK(names_of(json["series"][0]) == Names{"t_s", "sent", "ok", "status_errors", "failed", "p50", "p99",
                                             "in_flight", "schedule_lag_p99", "cpu"});
  CHECK(names_of(json["client"]) ==
        Names{"cpu", "loop_lag_p99", "schedule_lag_p99", "little", "verdict", "reason"});
}

TEST_CASE("Document: times are whole nanoseconds, and missing values are null") {
  const auto record = Synthetic().record();
  const auto json = parsed(record);
  CHECK(std::string(json["plan"]["mode"].GetString()) == "closed");
  CHECK(json["plan"]["rate"].IsNull());
  CHECK(json["plan"]["measured_s"].GetDouble() == 10.0);
  const auto& response = json["latency"]["response"];
  CHECK(response["mean"].IsUint64());
  CHECK(response["stdev"].IsUint64());
  const auto& median = response["p"]["50"];
  CHECK(median["lo"].GetUint64() < 2'000'000);
  CHECK(median["hi"].GetUint64() > 2'000'000);
  CHECK(median["lo"].GetUint64() <= median["v"].GetUint64());
  const auto histogram = decode_hdr(response["hdr"].GetString());
  REQUIRE(histogram);
  CHECK(histogram->count() == response["count"].GetUint64());
  CHECK(json["latency"]["dns"]["count"].GetDouble() == 0);
  CHECK(json["latency"]["dns"]["mean"].IsNull());
  CHECK(json["latency"]["dns"]["p"]["50"].IsNull());
  CHECK(json["client"]["reason"].IsNull());
  CHECK(json["client"]["loop_lag_p99"].IsNull());
  CHECK(json["client"]["little"].GetDouble() == doctest::Approx(1).epsilon(0.01));
}

TEST_CASE(
    "Document: percentiles with too few samples are null, and so are ends of intervals among failures") {
  Synthetic few;
  few.seconds = 1;
  few.per_second = 500;
  few.timed_out = 5;
  const auto json = parsed(few.record());
  const auto& p = json["latency"]["response"]["p"];
  CHECK(p["99.9"].IsNull());
  CHECK(p["99"]["hi"].IsNull());
  CHECK(p["99"]["lo"].IsUint64());
  CHECK(p["50"]["hi"].IsUint64());
  CHECK(json["latency"]["response"]["censored"].GetDouble() == 5);
  CHECK(json["by_error"]["timeout"]["count"].GetDouble() == 5);
  CHECK(json["by_error"]["timeout"]["first_s"].GetDouble() == 1.5);
  CHECK(std::string(json["by_error"]["timeout"]["example"].GetString()) == "no answer within 1 s");
}

TEST_CASE("Document: an open loop has its rate, and one with stages has their mean") {
  auto record = Synthetic().record();
  record.subject.plan.mode = leat::load::LoadPlan::Mode::open;
  record.subject.plan.rate = 400;
  CHECK(parsed(record)["plan"]["rate"].GetDouble() == 400.0);
  record.subject.plan.stages = {{std::chrono::seconds(10), 100, 100}, {std::chrono::seconds(30), 100, 300}};
  CHECK(parsed(record)["plan"]["rate"].GetDouble() == 175.0);
}

TEST_CASE("Document: it contains the checks, their intervals and the status") {
  auto record = Synthetic().record();
  record.checks.push_back(
      apply(parse_check("--check", "p50<1ms").value(), record.subject.result, CheckMode::interval));
  record.exit_code = 4;
  const auto json = parsed(record);
  CHECK(json["exit_code"].GetDouble() == 4);
  CHECK(std::string(json["checks"][0]["check"].GetString()) == "p50<1ms");
  CHECK(std::string(json["checks"][0]["result"].GetString()) == "fail");
  CHECK(json["checks"][0]["lo"].GetDouble() > 1e6);
}

TEST_CASE("Document: bytes of a server that are no UTF-8 do not break it") {
  Synthetic broken;
  broken.timed_out = 1;
  auto record = broken.record();
  record.subject.result.by_error[leat::Errc::timeout].example = "got \xff\x01 \"quoted\"";
  CHECK(std::string(parsed(record)["by_error"]["timeout"]["example"].GetString()).find("\"quoted\"") !=
        std::string::npos);
}

TEST_CASE("argv: it contains no secret") {
  CHECK(without_secrets({"leat", "bench", "-u", "me:hush", "-uyou:hush", "--user=x:hush", "-H",
                         "Authorization: Bearer hush", "-HCookie: a=hush", "--header=X-Api-Key: hush", "-H",
                         "Accept: text/html", "-x", "http://a:hush@p:1", "http://u:hush@h/"}) ==
        Names{"leat", "bench", "-u", "(secret)", "-u(secret)", "--user=(secret)", "-H",
              "Authorization: (secret)", "-HCookie: (secret)", "--header=X-Api-Key: (secret)", "-H",
              "Accept: text/html", "-x", "http://p:1", "http://h/"});
  CHECK(without_secrets(
            {"leat", "bench", "-d", "hush", "--data-raw=hush", "--vs", "http://u:hush@h/", "-n", "5"}) ==
        Names{"leat", "bench", "-d", "hush", "--data-raw=hush", "--vs", "http://h/", "-n", "5"});
}

TEST_CASE("argv: it contains no secret either where letters of options stand together") {
  CHECK(without_secrets({"leat", "bench", "-ku", "me:hush", "-kume:hush", "-qku", "me:hush", "http://h/"}) ==
        Names{"leat", "bench", "-ku", "(secret)", "-ku(secret)", "-qku", "(secret)", "http://h/"});
  CHECK(
      without_secrets({"-kH", "Authorization: Bearer hush", "-qHAuthorization: hush", "-kH", "Accept: a"}) ==
      Names{"-kH", "Authorization: (secret)", "-qHAuthorization: (secret)", "-kH", "Accept: a"});
  CHECK(without_secrets({"-kn", "5", "-kn5", "-k", "-", "--", "http://u:hush@h/"}) ==
        Names{"-kn", "5", "-kn5", "-k", "-", "--", "http://h/"});
}

TEST_CASE("Document: the password behind letters that stand together is not in it") {
  auto record = Synthetic().record();
  record.argv = without_secrets({"leat", "bench", "-ku", "me:hush", "-kume:hush", "-kH", "Cookie: hush"});
  CHECK(json_document(record).find("hush") == std::string::npos);
  CHECK(json_document(record).find("-ku(secret)") != std::string::npos);
}

TEST_CASE("argv: a body says what was measured, but for the fields in it that hold credentials") {
  CHECK(without_secrets({"-d", "mail=joe@example.org&password=hush&x=1", "--data-binary", "@body"}) ==
        Names{"-d", "mail=joe@example.org&password=(secret)&x=1", "--data-binary", "@body"});
  CHECK(without_secrets({"--data-raw", R"({"user":"joe","api_token" : "hu\"sh","n":1,"secret":7})"}) ==
        Names{"--data-raw", R"({"user":"joe","api_token" : (secret),"n":1,"secret":(secret)})"});
  CHECK(without_secrets({"-d", "token=hush"}) == Names{"-d", "token=(secret)"});
  CHECK(without_secrets({"--stages", "200ms@50", "-A", "bot@example.org"}) ==
        Names{"--stages", "200ms@50", "-A", "bot@example.org"});
}

TEST_CASE("argv: as a line it is what a shell takes apart into the same words") {
  CHECK(command_line({"leat", "bench", "-H", "A: it's", "http://h/?a=1&b=$x", ""}) ==
        R"(leat bench -H 'A: it'\''s' 'http://h/?a=1&b=$x' '')");
}
