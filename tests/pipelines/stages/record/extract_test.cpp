#include "pipelines/stages/record/extract.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

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

TEST_CASE("Extract: the rows of a page have aligned fields, here and in the worker's process") {
  for (const std::string page : {"$O/page/2?links=2", "$O/page/2?links=3000"}) {
    for (const std::string rows : {"rows=li", "xpath=\"//li\""}) {
      for (const std::string name : {"css=a", "xpath=a"}) {
        CAPTURE(rows);
        CAPTURE(name);
        const auto ran =
            run_spec("urls " + page + " | fetch | extract " + rows + " as=meta.rows { name " + name +
                     " href css=\"a\" attr=href price css=.price } "
                     "| each (.meta.rows[] | {row: .}) meta=none | limit 2 | write json");
        REQUIRE(ran.lines.size() == 2);
        for (int i = 0; i < 2; ++i) {
          const auto& row = ran.lines[static_cast<std::size_t>(i)]["meta"]["row"];
          CHECK(std::string(row["name"].GetString()) == "link " + std::to_string(i));
          CHECK(std::string(row["href"].GetString()).find("/page/3/" + std::to_string(i) + "?links=") !=
                std::string::npos);
          CHECK(row["price"].IsNull());
        }
      }
    }
  }
}

TEST_CASE("Extract: wrong fields of a row are told from the stage's own arguments, each with its place") {
  struct Wrong {
    std::string arguments;  // of `lines | extract `, which is 16 characters long
    std::size_t column;
    std::string message;
  };
  const std::vector<Wrong> table{
      {R"(rows="li" { a css="b" as=meta.x })", 39,
       R"("as=" belongs to "extract" itself, outside of the braces)"},
      {R"(rows="li" { a css="b" n=3 })", 39, R"("n=" belongs to "extract" itself, outside of the braces)"},
      {R"(rows="li" { a csss="b" })", 31, R"("a" takes no "csss="; did you mean "css"?)"},
      {R"(rows="li" { a filter="b" })", 31, R"("a" takes no "filter="; it takes css= xpath= attr= html=)"},
      {R"(rows="li" { a })", 29,
       R"(the field "a" needs css= or xpath=; attr= or html=true alone take that of the row itself)"},
      {R"(rows="li" { a css="b" b })", 39,
       R"(the field "b" needs css= or xpath=; attr= or html=true alone take that of the row itself)"},
      {R"(rows="li" { a css="b" xpath="b" })", 29, R"(the field "a" takes one of css= xpath=)"},
      {R"(rows="li" { a attr=id html=true })", 29, R"(the field "a" takes one of attr= html=)"},
      {R"(rows="li" { a css="b" a css="i" })", 39, R"(the field "a" is there twice)"},
      {R"(rows="li" { a ".b" })", 31,
       R"(".b" is no name of a field, which is a word of letters, digits, "_" and "-", with its arguments behind it)"},
      {R"(rows="li" { a css="b[" })", 38, ""},
      {R"(rows="li" { a xpath="//b" })", 38, "begins at the page and not at the row, as in: .//b"},
      {R"(rows="li" { a css="b" | b css="i" })", 41,
       R"(fields stand one behind the other, without a "|" between them)"},
      {R"(rows="li" { let x = 1; a css="b" })", 33,
       R"(no let and no include stands among the fields of "extract")"},
      {R"(rows="li" { })", 27, "the block has no field"},
      {R"(rows="li")", 9,
       R"("rows=" needs the fields of a row, as in: extract rows="li" { name css=".name" href css="a" attr=href })"},
      {R"({ a css="b" })", 9, "the fields in { … } need rows= or xpath=, which says what a row is"},
      {R"(css="li" { a css="b" })", 9, "rows are named by rows= in the place of css="},
      {R"(rows="li" attr=href { a css="b" })", 9,
       R"("attr=" belongs to a field of the row, inside of the braces)"},
      {R"(rows="li" html=true { a css="b" })", 9,
       R"("html=" belongs to a field of the row, inside of the braces)"},
      {R"(rows="li" xpath="//li" { a css="b" })", 9,
       R"("extract" takes one of css= xpath= regex= jq= rows=)"},
      {R"~(xpath="count(//li)" { a css="b" })~", 9,
       "rows are elements, and this xpath= gives a text, a number or a boolean"},
      {R"(rows="li" css)", 27, R"("extract" takes only values with a key, not "css"; did you mean "css=…"?)"},
  };
  for (const auto& wrong : table) {
    CAPTURE(wrong.arguments);
    const auto loaded = load_spec("lines | extract " + wrong.arguments, stage_signatures(), SpecOptions());
    REQUIRE_FALSE(loaded.ok());
    CHECK(loaded.faults.shown[0].column == wrong.column);
    if (!wrong.message.empty()) CHECK(loaded.faults.shown[0].message == wrong.message);
  }
}

TEST_CASE("Extract: xml=lenient belongs to what reads XML, and takes its two words") {
  const auto message = [](const std::string& arguments) {
    const auto loaded = load_spec("lines | extract " + arguments, stage_signatures(), SpecOptions());
    return loaded.ok() ? std::string() : loaded.faults.shown[0].message;
  };
  const std::string none = "xml= says how css= xpath= and rows= read XML, and regex= and jq= read none";
  CHECK(message("regex=a xml=lenient") == none);
  CHECK(message("jq=(.body) xml=lenient") == none);
  CHECK(message("xpath=\"//a\" xml=loose").find("lenient") != std::string::npos);
  CHECK(message("xpath=\"//a\" xml=lenient").empty());
  CHECK(message("css=a xml=strict").empty());
  CHECK(message("rows=\"a\" xml=lenient { b css=\"b\" }").empty());
}

TEST_CASE("Extract: XML that is not well-formed fails its record, unless it is read leniently") {
  const std::string page =
      "urls $O/echo | fetch method=POST header=\"Content-Type: text/xml\" "
      "body=\"<a><b>1 & 2</b><b>3</a>\" | extract as=meta.b ";
  for (const char* what : {"xpath=\"//b\"", "css=b"}) {
    CAPTURE(what);
    const Ran strict = run_spec(page + what + " | write json");
    CHECK(strict.count(Outcome::failed) == 1);
    const Ran lenient = run_spec(page + what + " xml=lenient | write json");
    CHECK(lenient.count(Outcome::ok) == 1);
    REQUIRE(lenient.lines.size() == 1);
    CHECK(std::string(lenient.lines[0]["meta"]["b"][1].GetString()) == "3");
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
