#include "pipelines/stages/network/streamed_body.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"
#include "tests/support/scripted_server.hpp"

using namespace leat;
using namespace leat::pipelines;
using leat::tests::Script;
using leat::tests::ScriptedServer;

namespace {

const std::string kHead = "HTTP/1.1 200 OK\r\nConnection: close\r\n";

std::string answer(const std::string& body, const std::string& fields = "") {
  return kHead + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string events(const std::string& body) { return answer(body, "Content-Type: text/event-stream\r\n"); }

// Ends after what is given here, 1000 bytes too early.
std::string cut(const std::string& body, const std::string& fields = "") {
  return kHead + fields + "Content-Length: " + std::to_string(body.size() + 1000) + "\r\n\r\n" + body;
}

Ran stream(const Script& script, const std::string& how, const std::string& rest = "write json") {
  const ScriptedServer server({{"/x", script}});
  return run_spec("urls " + server.url("/x") + " | fetch " + how + " | " + rest);
}

std::vector<std::string> texts(const Ran& ran, const char* member) {
  std::vector<std::string> found;
  for (const auto& line : ran.lines) {
    const auto& meta = line["meta"];
    found.emplace_back(meta.IsObject() && meta.HasMember(member) ? meta[member].GetString() : "none");
  }
  return found;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("StreamedBody: each line is a record with its text, and its URL if it is one") {
  const Ran ran = stream(answer("a b\r\n\r\n  \nhttp://127.0.0.1:1/x\n{\"n\": 1}\nlast"), "stream=lines");
  CHECK(texts(ran, "line") == Texts{"a b", "http://127.0.0.1:1/x", "{\"n\": 1}", "last"});
  CHECK(ran.lines.at(0).is_null("url"));
  CHECK(ran.lines.at(1).text("url") == "http://127.0.0.1:1/x");
  CHECK(ran.lines.at(1).number("parent") == 1);
  CHECK(ran.stats.records_in == 5);
  CHECK(ran.count(Outcome::ok) == 5);
}

TEST_CASE("StreamedBody: text is decoded by its charset, and bodies by their coding") {
  CHECK(texts(stream(answer("caf\xE9\n", "Content-Type: text/plain; charset=latin1\r\n"), "stream=lines"),
              "line") == Texts{"caf\xC3\xA9"});
  const std::string gzip = tests::run_process({"gzip", "-c"}, "one\ntwo\n").out;
  CHECK(texts(stream(answer(gzip, "Content-Encoding: gzip\r\n"), "stream=lines"), "line") ==
        Texts{"one", "two"});
  CHECK(texts(stream(answer(gzip, "Content-Encoding: gzip\r\n"), "stream=lines compressed=true"), "line") ==
        Texts{"one", "two"});
  const Ran half =
      stream(answer(gzip.substr(0, gzip.size() - 3), "Content-Encoding: gzip\r\n"), "stream=lines");
  CHECK(half.count(Outcome::failed) == 1);
  CHECK(half.lines.back().error_code() == "bad_response");
}

TEST_CASE("StreamedBody: lines and JSON values are read by the answer's charset, UTF-16 too") {
  const std::string lines(
      "\xFF\xFE"
      "a\0\n\0\xE9\0\n\0",
      10);
  CHECK(texts(stream(answer(lines), "stream=lines"), "line") == Texts{"a", "\xC3\xA9"});
  const std::string unmarked = lines.substr(2);
  CHECK(texts(stream(answer(unmarked, "Content-Type: text/plain; charset=utf-16le\r\n"), "stream=lines"),
              "line") == Texts{"a", "\xC3\xA9"});
  CHECK(texts(stream(answer("{\"a\":\"\xE9\"}", "Content-Type: application/json; charset=latin1\r\n"),
                     "stream=json"),
              "a") == Texts{"\xC3\xA9"});
  CHECK(texts(stream(answer("{\"a\":\"\x83\x5C\"}", "Content-Type: application/json; charset=sjis\r\n"),
                     "stream=json"),
              "a") == Texts{"\xE3\x82\xBD"});
  CHECK(texts(stream(answer("a\n\xFF\n", "Content-Type: text/plain; charset=utf-8\r\n"), "stream=lines"),
              "line") == Texts{"a", "\xEF\xBF\xBD"});
}

TEST_CASE("StreamedBody: a packed body is unpacked though no Content-Encoding says that it is one") {
  for (const char* program : {"gzip", "zstd", "xz", "bzip2"}) {
    CAPTURE(program);
    const std::string packed = tests::run_process({program, "-c"}, "{\"a\":\"1\"}\n{\"a\":\"2\"}\n").out;
    CHECK(texts(stream(answer(packed), "stream=json"), "a") == Texts{"1", "2"});
    const Ran half = stream(answer(packed.substr(0, packed.size() - 3)), "stream=json retry=0");
    CHECK(half.count(Outcome::failed) == 1);
    CHECK(half.lines.back().error_code() == "bad_response");
  }
  CHECK(texts(stream(answer("\x1F"), "stream=lines"), "line") == Texts{"\x1F"});
}

TEST_CASE("StreamedBody: each JSON value is an item, one after the other or in one array") {
  for (const std::string body :
       {R"({"id": 9007199254740993} {"url": "/y"})", R"([{"id": 9007199254740993}, {"url": "/y"}])"}) {
    const Ran ran = stream(answer(body), "stream=json", "write json include=json");
    REQUIRE(ran.lines.size() == 2);
    CHECK(ran.lines[0]["meta"]["id"].GetInt64() == 9007199254740993);
    CHECK(ran.lines[1].text("url").ends_with("/y"));
    CHECK(ran.lines[1].text("url").starts_with("http://127.0.0.1:"));
  }
  const Ran wrong = stream(answer("{\"a\":1}\n{\"a\" 2}\n{\"a\":3}\n"), "stream=json", "write json");
  REQUIRE(wrong.lines.size() == 3);
  CHECK(wrong.lines[1].error_message().starts_with("line 2 of the answer: not JSON at byte 6"));
  CHECK(wrong.count(Outcome::ok) == 3);
}

TEST_CASE("StreamedBody: an array that the answer doesn't close fails the record after its items") {
  const Ran ran = stream(answer("[{\"a\":1},{\"a\":2}"), "stream=json retry=3");
  REQUIRE(ran.lines.size() == 3);
  CHECK(ran.lines[2].error_code() == "bad_response");
  CHECK(ran.lines[2].error_message() ==
        "the array that begins in line 1 is not closed where the answer ends");
}

TEST_CASE("StreamedBody: an event has its type, data and id, and is asked for as such") {
  const ScriptedServer server({{"/x", events("data: a\n\nevent: add\nid: 7\ndata: {\"n\":1}\n\ndata: cut")}});
  const Ran ran = run_spec("urls " + server.url("/x") + " | fetch stream=sse | write json");
  CHECK(texts(ran, "event") == Texts{"message", "add"});
  CHECK(texts(ran, "data") == Texts{"a", "{\"n\":1}"});
  CHECK(texts(ran, "id") == Texts{"", "7"});
  CHECK(server.received().find("\r\nAccept: text/event-stream\r\n") != std::string::npos);
  CHECK(server.received().find("Last-Event-ID") == std::string::npos);
}

TEST_CASE("StreamedBody: an answer of another type is no event stream, and a 204 is one without events") {
  const Ran page =
      stream(answer("<p>data: no\n\n", "Content-Type: text/html; charset=utf-8\r\n"), "stream=sse retry=3");
  REQUIRE(page.lines.size() == 1);
  CHECK(page.lines[0].error_message() == "the answer is text/html, and an event stream is text/event-stream");
  const Ran none = stream("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", "stream=sse");
  CHECK(none.lines.empty());
  CHECK(none.count(Outcome::skipped) == 1);
}

TEST_CASE(
    "StreamedBody: a line or an event that is too long is a failed record that says which, and the rest goes "
    "on") {
  const std::string longer(5000, 'x');
  const Ran lines = stream(answer("a\n" + longer + "\nb\n"), "stream=lines body-limit=1k");
  REQUIRE(lines.lines.size() == 3);
  CHECK(lines.lines[1].error_code() == "bad_input");
  CHECK(lines.lines[1].error_message() == "line 2 of the answer is longer than body-limit, 1024 bytes");
  CHECK(texts(lines, "line") == Texts{"a", "none", "b"});
  const Ran more =
      stream(events("data: a\n\ndata: " + longer + "\n\ndata: b\n\n"), "stream=sse body-limit=1k");
  REQUIRE(more.lines.size() == 3);
  CHECK(more.lines[1].error_message() == "event 2 of the answer is longer than body-limit, 1024 bytes");
}

TEST_CASE(
    "StreamedBody: a cut answer fails its record after the children that came whole, and isn't asked for "
    "again") {
  const ScriptedServer server({{"/x", cut("one\ntwo\nthr")}});
  const Ran ran =
      run_spec("urls " + server.url("/x") + " | fetch stream=lines retry=3 retry-delay=1ms | write json");
  CHECK(texts(ran, "line") == Texts{"one", "two", "none"});
  CHECK(ran.lines.back().error_code() == "truncated");
  CHECK(ran.lines.back().number("id") == 1);
  CHECK(ran.count(Outcome::failed) == 1);
  CHECK(server.requests_of("/x") == 1);
}

TEST_CASE("StreamedBody: before the first child an answer is asked for again as ever") {
  std::atomic<int> asked = 0;
  const ScriptedServer server([&](const std::string& /*head*/) -> Script {
    const int now = ++asked;
    if (now == 1) return "HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 5\r\n\r\nlater";
    return now == 2 ? cut("on") : answer("one\n");
  });
  const Ran ran =
      run_spec("urls " + server.url("/x") + " | fetch stream=lines retry=3 retry-delay=1ms | write json");
  CHECK(texts(ran, "line") == Texts{"one"});
  CHECK(asked == 3);
  CHECK(ran.count(Outcome::ok) == 2);
}

TEST_CASE(
    "StreamedBody: what an answer that was cut has left is no record when another answer ends the tries") {
  std::atomic<int> asked = 0;
  const ScriptedServer server([&](const std::string& /*head*/) -> Script {
    if (++asked == 1) return cut("on");
    return "HTTP/1.1 404 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno";
  });
  const Ran ran =
      run_spec("urls " + server.url("/x") + " | fetch stream=lines retry=3 retry-delay=1ms | write json");
  REQUIRE(ran.lines.size() == 1);
  CHECK(ran.lines[0].error_code() == "http_status");
  CHECK(ran.lines[0].number("id") == 1);
  CHECK(asked == 2);
}

TEST_CASE("StreamedBody: a stream whose events have ids is gone on with behind the last one") {
  const ScriptedServer server([](const std::string& head) -> Script {
    const std::string type = "Content-Type: text/event-stream\r\n";
    if (head.find("Last-Event-ID: 2\r\n") != std::string::npos)
      return events("id: 3\ndata: c\n\ndata: d\n\n");
    if (head.find("Last-Event-ID") != std::string::npos)
      return "HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n";
    return cut("retry: 1\n\nid: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: c", type);
  });
  const Ran ran =
      run_spec("urls " + server.url("/x") + " | fetch stream=sse retry=3 retry-delay=1ms | write json");
  CHECK(texts(ran, "data") == Texts{"a", "b", "c", "d"});
  CHECK(ran.count(Outcome::ok) == 5);
  CHECK(server.requests_of("/x") == 2);
}

TEST_CASE("StreamedBody: an answer of no success has no children, and its record fails") {
  for (const std::string how : {"stream=lines", "stream=lines fail=4xx"}) {
    const Ran ran =
        stream("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 4\r\n\r\na\nb\n", how);
    REQUIRE(ran.lines.size() == 1);
    CHECK(ran.lines[0].error_code() == "http_status");
    CHECK(ran.lines[0].number("status") == 404);
  }
}

TEST_CASE("StreamedBody: a record is there before the rest of its answer is sent") {
  const tests::TempDir dir;
  const std::string out = dir / "lines";
  Script script(kHead + "\r\nfirst\n");
  script.released = [&] { return tests::read_file(out).find("first") != std::string::npos; };
  script.rest = "second\n";
  const ScriptedServer server({{"/x", script}});
  const Ran ran =
      run_spec("urls " + server.url("/x") + " | fetch stream=lines | write json to=\"" + out + "\"");
  CHECK(ran.count(Outcome::ok) == 3);
  CHECK(tests::lines_of(tests::read_file(out)).size() == 2);
}

TEST_CASE(
    "StreamedBody: a slow reader has the transfer pause, and an answer without an end ends with its reader") {
  std::string lines;
  for (int i = 0; i < 10'000; ++i) lines += "a line of the answer\n";
  const ScriptedServer server({{"/x", Script(kHead + "\r\n", lines)}});
  const Ran ran =
      run_spec("urls " + server.url("/x") + " | fetch stream=lines | rate 200 | limit 60 | write json");
  CHECK(ran.lines.size() == 60);
  CHECK(ran.stats.bytes > 60 * 20);
  CHECK(ran.stats.bytes < 1'000'000);
}

TEST_CASE("StreamedBody: mirrors, races, segments, threads and save have no place beside it") {
  const auto faults = [](const std::string& spec) {
    const auto loaded = load_spec(spec, stage_signatures(), SpecOptions());
    return loaded.ok() ? std::string() : render(loaded.faults);
  };
  const std::string why = "stream= reads one answer while it comes, on one thread: leave out ";
  for (const std::string more : {"until=(true)", "race=2", "segments=2", "threads=2"}) {
    CAPTURE(more);
    const std::string shown = faults("urls http://h/ | fetch stream=lines " + more + " | write json");
    CHECK(shown.find(why + more.substr(0, more.find('=')) + "=") != std::string::npos);
  }
  CHECK(faults("urls http://h/ | fetch stream=line | write json").find("lines") != std::string::npos);
  CHECK(faults("urls http://h/ | paginate stream=lines next=link | write json").find("stream") !=
        std::string::npos);
}
