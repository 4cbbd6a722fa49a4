#include "pipelines/stages/source/event_splitter.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

using namespace leat::pipelines;
using namespace std::chrono_literals;

namespace {

// Each event as "type|data|id", of a stream that comes in chunks of that size.
std::vector<std::string> feed(EventSplitter& splitter, std::string_view stream, std::size_t chunk) {
  std::vector<std::string> events;
  for (std::size_t at = 0; at < stream.size(); at += chunk) {
    splitter.feed(stream.substr(at, chunk));
    while (const auto event = splitter.next()) {
      const std::string data = event->too_long ? "too long" : std::string(event->data);
      events.push_back(std::string(event->type) + "|" + data + "|" + std::string(event->id));
    }
  }
  return events;
}

std::vector<std::string> events_of(std::string_view stream, std::size_t chunk = 1000) {
  EventSplitter splitter(100);
  return feed(splitter, stream, chunk);
}

using Texts = std::vector<std::string>;

}  // namespace

// The examples are those of WHATWG HTML, 9.2.6.
TEST_CASE("EventSplitter: the examples of the standard give what it says, from chunks of any size") {
  const struct {
    std::string stream;
    Texts events;
  } cases[]{
      {"data: This is the first message.\n\ndata: This is the second message, it\ndata: has two lines.\n\n"
       "data: This is the third message.\n\n",
       {"message|This is the first message.|", "message|This is the second message, it\nhas two lines.|",
        "message|This is the third message.|"}},
      {"event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\nevent: add\ndata: 113411\n\n",
       {"add|73857293|", "remove|2153|", "add|113411|"}},
      {"data: YHOO\ndata: +2\ndata: 10\n\n", {"message|YHOO\n+2\n10|"}},
      {": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
       {"message|first event|1", "message|second event|", "message| third event|"}},
      {"data\n\ndata\ndata\n\ndata:", {"message||", "message|\n|"}},
      {"data:test\n\ndata: test\n\n", {"message|test|", "message|test|"}},
  };
  for (const auto& one : cases) {
    CAPTURE(one.stream);
    for (std::size_t chunk = 1; chunk < 30; ++chunk) CHECK(events_of(one.stream, chunk) == one.events);
  }
}

TEST_CASE("EventSplitter: lines end in LF, CR or CRLF, and a carriage return is not waited for") {
  const Texts wanted{"message|a\nb|", "x|c|"};
  for (const std::string end : {"\n", "\r", "\r\n"}) {
    const std::string stream =
        "data: a" + end + "data: b" + end + end + "event: x" + end + "data: c" + end + end;
    for (std::size_t chunk = 1; chunk < 30; ++chunk) CHECK(events_of(stream, chunk) == wanted);
  }
  CHECK(events_of("data: a\n\r\ndata: b\r\n\n") == Texts{"message|a|", "message|b|"});
  CHECK(events_of("data: a\r\r") == Texts{"message|a|"});
}

TEST_CASE("EventSplitter: a byte order mark is skipped at the start only, and unknown fields say nothing") {
  const std::string bom = "\xEF\xBB\xBF";
  CHECK(events_of(bom + "data: a\n\n") == Texts{"message|a|"});
  CHECK(events_of(bom + bom + "data: a\n\n").empty());
  CHECK(events_of("data: a\n" + bom + "data: b\n\n") == Texts{"message|a|"});
  CHECK(events_of("Data: a\n data: b\nfoo: c\ndata: d\n\n") == Texts{"message|d|"});
  CHECK(events_of(bom + ": only a comment\n\n").empty());
}

TEST_CASE("EventSplitter: an id stays until another one comes, also with an event that has no data") {
  CHECK(events_of("id: 1\ndata: a\n\ndata: b\n\nid: 2\n\ndata: c\n\n") ==
        Texts{"message|a|1", "message|b|1", "message|c|2"});
  CHECK(events_of(std::string("id: 1\ndata: a\n\nid: x\0y\ndata: b\n\n", 32)) ==
        Texts{"message|a|1", "message|b|1"});
  CHECK(events_of("event: lost\nid: 7\n\ndata: a\n\n") == Texts{"message|a|7"});
}

TEST_CASE("EventSplitter: a stream is gone on with after an id only if nothing has come behind that event") {
  EventSplitter splitter(100);
  feed(splitter, "data: a\n\n", 100);
  CHECK(splitter.resume_id().empty());
  feed(splitter, "id: 1\ndata: b\n\n", 100);
  CHECK(splitter.resume_id() == "1");
  feed(splitter, ": alive\n\n", 100);
  CHECK(splitter.resume_id() == "1");
  feed(splitter, "data: c\n\n", 100);
  CHECK(splitter.resume_id().empty());
  feed(splitter, "id: 2\n\n", 100);
  CHECK(splitter.resume_id() == "2");

  feed(splitter, "id: 3\ndata: cut", 100);
  splitter.restart();
  CHECK(splitter.resume_id() == "2");
  CHECK(feed(splitter,
             "\xEF\xBB\xBF"
             "data: d\n\n",
             100) == Texts{"message|d|2"});
}

TEST_CASE("EventSplitter: only digits are a reconnection time") {
  EventSplitter splitter(100);
  for (const std::string wrong :
       {"retry: 1s\n", "retry:\n", "retry: -1\n", "retry: 1.5\n", "retry: 9999999999\n"}) {
    feed(splitter, wrong, 100);
    CHECK_FALSE(splitter.reconnection_time());
  }
  feed(splitter, "retry: 1500\n", 100);
  CHECK(splitter.reconnection_time() == 1500ms);
}

TEST_CASE(
    "EventSplitter: an event that is too long is named, its rest is skipped, and the next one is whole") {
  const std::string line(90, 'x');
  const std::string longer(150, 'x');
  for (std::size_t chunk = 1; chunk < 40; ++chunk) {
    CHECK(events_of("data: " + line + "\n\n", chunk) == Texts{"message|" + line + "|"});
    CHECK(events_of("data: " + longer + "\ndata: b\n\ndata: c\n\n", chunk) ==
          Texts{"message|too long|", "message|c|"});
    CHECK(events_of("event: e\ndata: " + line + "\ndata: " + line + "\ndata: b\n\ndata: c\n\n", chunk) ==
          Texts{"e|too long|", "message|c|"});
    CHECK(events_of(": " + longer + "\ndata: c\n\n", chunk) == Texts{"message|c|"});
  }
}
