#include "pipelines/stages/record/extract.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "engine/async/sleep.hpp"
#include "tests/pipelines/run_fixture.hpp"
#include "tests/support/scripted_server.hpp"

using namespace leat;
using namespace leat::pipelines;
using namespace std::chrono_literals;

namespace {

// A page of links, either small or so large that the pool reads it.
constexpr const char* kSmall = "urls $O/ring/50/0?links=20 | fetch | ";
constexpr const char* kLarge = "urls $O/ring/5000/0?links=3000 | fetch | ";

// Each node looks at all nodes, and does so again for each of those.
constexpr const char* kEndless = "extract xpath=\"//a[count(//a[count(//a) > 1]) > 1]\"";

std::string meta_of(const Ran& ran) {
  REQUIRE(ran.lines.size() == 1);
  REQUIRE_MESSAGE(ran.lines[0]["error"].IsNull(), ran.lines[0]["error"]["message"].GetString());
  const auto links = ran.lines[0]["meta"]["links"].GetArray();
  std::string all;
  for (const auto& link : links) all.append(link.GetString()).append(" ");
  return all;
}

async::Task<void> cancel_soon(Run& run) {
  co_await async::sleep_for(50ms);
  run.cancel_now();
}

async::Task<Status> run_and_cancel(Run& run) {
  auto cancelling = async::spawn(cancel_soon(run));
  auto executing = run.execute();
  auto status = co_await std::move(executing);
  co_await cancelling;
  co_return status;
}

}  // namespace

TEST_CASE("Extract: neighbouring extractors find in a shared page what each finds alone") {
  for (const std::string page : {kSmall, kLarge}) {
    CAPTURE(page);
    const std::string css = "extract css=\"a[href]\" attr=href as=meta.";
    const std::string xpath = "extract xpath=\"//a/@href\" as=meta.";
    const std::string regex = "extract regex=\">(link [0-9]+)<\" as=meta.";
    const auto alone = meta_of(run_spec(page + css + "links | write json"));
    CHECK(alone.find("/ring/") != std::string::npos);
    CHECK(meta_of(run_spec(page + xpath + "links | write json")) == alone);
    CHECK(meta_of(run_spec(page + css + "links | " + css + "more | write json")) == alone);
    for (const std::string& others : {xpath + "a | " + css + "b | ", css + "a | " + regex + "b | "}) {
      CHECK(meta_of(run_spec(page + others + css + "links | write json")) == alone);
      CHECK(meta_of(run_spec(page + others + xpath + "links | write json")) == alone);
      CHECK(meta_of(run_spec(page + others + regex + "links | write json")).starts_with("link 0 link 1 "));
    }
  }
}

TEST_CASE("Extract: large and small pages keep their order, each with its own results") {
  const auto ran = run_spec(
      "expand $O/ring/5000/[0-9]?links=3000 $O/ring/50/[0-9]?links=2 | fetch n=4 | ordered "
      "| extract css=title as=meta.t | extract css=title as=meta.u | write json");
  REQUIRE(ran.lines.size() == 20);
  for (int i = 0; i < 20; ++i) {
    const auto& line = ran.lines[static_cast<std::size_t>(i)];
    CHECK(line.number("id") == i + 1);
    CHECK(line["meta"]["t"][0].GetString() == "Page " + std::to_string(i % 10));
    CHECK(line["meta"]["u"] == line["meta"]["t"]);
  }
}

TEST_CASE("Extract: the body is unchanged after an extractor that read it on another thread") {
  const auto ran = run_spec(std::string(kLarge) +
                            "extract css=title as=meta.t | set meta.n=(.body | length) | write json");
  REQUIRE(ran.lines.size() == 1);
  CHECK(ran.lines[0]["meta"]["n"].GetInt() == ran.lines[0].number("size_download"));
}

TEST_CASE("Extract: an XPath that would never end fails only its record, at --expr-timeout") {
  Plan plan = plan_of_spec("urls $O/ring/5000/0?links=3000 $O/ring/50/1?links=2 | fetch | " +
                           std::string(kEndless) + " as=meta.n | write json");
  plan.expr_timeout = 300ms;
  const auto ran = run_plan(plan);
  CHECK(ran.count(Outcome::failed) == 1);
  const auto& failed = ran.of_id(1)["error"];
  CHECK(failed["code"] == "filter_error");
  CHECK(failed["message"] == "ran longer than 300ms");
  CHECK(failed["stage"] == "extract");
  CHECK(ran.of_id(2)["meta"]["n"].Size() == 2);
}

TEST_CASE("Extract: timeout= is the limit of an XPath") {
  Plan plan = plan_of_spec(std::string(kLarge) + kEndless + " timeout=200ms | write json");
  plan.expr_timeout = 1h;
  const auto ran = run_plan(plan);
  CHECK(ran.lines[0]["error"]["code"] == "timeout");
}

TEST_CASE("Extract: a failure in one of several neighbours goes into that one's block") {
  const auto ran = run_spec(
      "urls $O/ok/a | fetch | extract xpath=\"//a\" as=meta.a on-error={ null } "
      "| extract css=a as=meta.b | extract xpath=\"count(//a)\" as=meta.c | write json");
  REQUIRE(ran.lines.size() == 1);
  CHECK(ran.lines[0]["meta"]["a"].Size() == 0);
  CHECK(ran.lines[0]["meta"]["c"][0].GetInt() == 0);
}

TEST_CASE("Extract: a run that is ended while pages are read on other threads counts them as cancelled") {
  for (const std::string extract : {"extract css=\"a[href]\"", kEndless}) {
    CAPTURE(extract);
    Plan plan =
        plan_of_spec("expand $O/ring/5000/[0-99]?links=3000 | fetch n=2 | " + extract + " | write json");
    plan.expr_timeout = 1h;
    const tests::TempDir directory;
    std::FILE* file = std::fopen((directory / "out").c_str(), "w");
    Ran ran;
    {
      async::EventLoop loop;
      Run run(loop, plan, ::fileno(file));
      ran.status = loop.run(run_and_cancel(run));
      ran.stats = run.stats();
    }
    std::fclose(file);
    ran.lines = tests::json_lines(tests::read_file(directory / "out"));
    ran.check_accounting();
  }
}

TEST_CASE("Extract: an XPath reads a page in any character set, and strangers' entities lead to no file") {
  const auto answer = [](const std::string& type, const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\nConnection: close\r\n\r\n" + body;
  };
  const tests::ScriptedServer server(
      {{"/cyrillic", answer("text/html; charset=windows-1251", "<p>\xCF\xF0</p>")},
       {"/japanese", answer("text/html", "<meta charset=euc-jp><p>\xA4\xA2</p>")},
       {"/xml", answer("application/xml", "<?xml version=\"1.0\" encoding=\"koi8-r\"?><p>\xF0\xD2</p>")},
       {"/entity",
        answer("application/xml", "<!DOCTYPE p [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><p>a&e;b</p>")}});
  const auto text_of = [&](const std::string& path) {
    const auto ran = run_spec("urls " + server.url(path) +
                              " | fetch retry=0 | extract xpath=\"string(//p)\" as=meta.p | write json");
    REQUIRE(ran.lines.size() == 1);
    const auto& meta = ran.lines[0]["meta"];
    return meta.IsObject() ? std::string(meta["p"][0].GetString()) : ran.lines[0].error_message();
  };
  CHECK(text_of("/cyrillic") == "\u041F\u0440");
  CHECK(text_of("/japanese") == "\u3042");
  CHECK(text_of("/xml") == "\u041F\u0440");
  CHECK(text_of("/entity").find("root:") == std::string::npos);
}
