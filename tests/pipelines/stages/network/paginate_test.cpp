#include "pipelines/stages/network/paginate.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/pipelines/run_fixture.hpp"
#include "tests/support/scripted_server.hpp"

using namespace leat;
using namespace leat::pipelines;
using tests::ScriptedServer;

namespace {

std::string answer(const std::string& body, const std::string& status = "200 OK") {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n\r\n" + body;
}

// Pages 1 to `last`, each of which names the next one.
ScriptedServer pages(int last) {
  return ScriptedServer([last](const std::string& head) {
    const auto at = head.find("p=");
    const int page = at == std::string::npos ? 1 : std::stoi(head.substr(at + 2));
    const std::string next = page < last ? "\"/l?p=" + std::to_string(page + 1) + "\"" : "null";
    return answer("{\"n\":" + std::to_string(page) + ",\"next\":" + next + "}");
  });
}

Ran walk(const ScriptedServer& server, const std::string& args, const std::string& path = "/l") {
  return run_spec("urls " + server.url(path) + " | paginate retry=0 " + args + " | write json");
}

const tests::JsonLine& failed_line(const Ran& ran) {
  for (const auto& line : ran.lines) {
    if (line.text("outcome") == "failed") return line;
  }
  FAIL("no record has failed");
  return ran.lines.front();
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("paginate: a walk that has come to its end is all good") {
  const auto server = pages(3);
  const auto ran = walk(server, "next=(.json.next) max=3");
  CHECK(ran.count(Outcome::ok) == 3);
  CHECK(ran.lines.size() == 3);
}

TEST_CASE("paginate: an empty text names no next page") {
  const ScriptedServer server([](const std::string& head) {
    return answer(holds(head, "p=2") ? "{\"next\":\"\"}" : "{\"next\":\"/l?p=2\"}");
  });
  const auto ran = walk(server, "next=(.json.next)");
  CHECK(ran.count(Outcome::ok) == 2);
  CHECK(ran.lines.size() == 2);
}

TEST_CASE("paginate: another fragment is no other page, and the walk is over") {
  const ScriptedServer server([](const std::string&) { return answer("{\"next\":\"#more\"}"); });
  const auto ran = walk(server, "next=(.json.next) on-max=stop");
  CHECK(ran.count(Outcome::ok) == 1);
  CHECK(ran.lines.size() == 1);
}

TEST_CASE("paginate: pages that max= leaves out are a failure, and the pages before them are good") {
  const auto server = pages(5);
  const auto ran = walk(server, "next=(.json.next) max=3");
  CHECK(ran.count(Outcome::ok) == 3);
  CHECK(ran.count(Outcome::failed) == 1);
  CHECK(failed_line(ran).error_code() == "pagination_incomplete");
  CHECK(holds(failed_line(ran).text("url"), "/l?p=4"));
  CHECK(holds(failed_line(ran).error_message(), "on-max=stop"));
  CHECK(server.requests_of("/l?p=4") == 0);
  const auto meant = walk(server, "next=(.json.next) max=3 on-max=stop");
  CHECK(meant.lines.size() == 3);
  CHECK(meant.count(Outcome::ok) == 3);
}

TEST_CASE("paginate: a next page that was there already is a failure, unless that is meant") {
  const ScriptedServer server([](const std::string&) { return answer("{\"next\":\"/l\"}"); });
  const auto ran = walk(server, "next=(.json.next)");
  CHECK(ran.count(Outcome::ok) == 1);
  CHECK(failed_line(ran).error_code() == "pagination_incomplete");
  CHECK(holds(failed_line(ran).error_message(), "fetched already"));
  CHECK(server.requests_of("/l") == 1);
  CHECK(walk(server, "next=(.json.next) on-max=stop").lines.size() == 1);
}

TEST_CASE("paginate: query= is added once to each page, whether the next page's URL has kept it or not") {
  const ScriptedServer server([](const std::string& head) {
    if (holds(head, "GET /l?k=1 ")) return answer("{\"next\":\"/l?k=1&p=2\"}");
    return answer(holds(head, "p=2") ? "{\"next\":\"/l?p=3\"}" : "{\"next\":null}");
  });
  const auto ran = walk(server, "next=(.json.next) query=\"k=1\"");
  CHECK(ran.count(Outcome::ok) == 3);
  CHECK(holds(server.received(), "GET /l?k=1&p=2 "));
  CHECK(holds(server.received(), "GET /l?p=3&k=1 "));
}

TEST_CASE("paginate: two walks may come to the same page") {
  const auto server = pages(2);
  const auto ran = run_spec("urls " + server.url("/l") + " " + server.url("/l") +
                            " | paginate next=(.json.next) | write json");
  CHECK(ran.count(Outcome::ok) == 4);
}

TEST_CASE(
    "paginate: where the program fails, or a page was answered with an error, the next page is unknown") {
  const ScriptedServer server(std::map<std::string, tests::Script>{
      {"/bad", answer("{\"next\":[1]}")}, {"/broken", answer("{\"error\":1}", "500 Broken")}});
  const auto program = walk(server, "next=(.json.next | .x)", "/bad");
  CHECK(program.count(Outcome::ok) == 1);
  CHECK(failed_line(program).error_code() == "pagination_incomplete");
  CHECK(holds(failed_line(program).error_message(), "Cannot index array"));
  const auto broken = walk(server, "next=(.json.next)", "/broken");
  CHECK(failed_line(broken).error_code() == "pagination_incomplete");
  CHECK(holds(failed_line(broken).error_message(), "500"));
  const auto gone = walk(server, "next=(.json.next?)", "/gone");
  CHECK(gone.count(Outcome::failed) == 0);
}

TEST_CASE("paginate: what next= says of a request counts more than what the stage says") {
  const ScriptedServer server([](const std::string& head) {
    return answer(head.find("POST /first") == 0 ? "{\"next\":\"c2\"}" : "{\"next\":null}");
  });
  const auto ran =
      run_spec("urls " + server.url("/first") +
               " | paginate method=POST header=\"X-Who: stage\" header=\"X-Kept: yes\" "
               "body=\"start\" next=(.json.next | select(.) | {url: \"/second\", method: \"PUT\", "
               "body: ., headers: {\"x-who\": \"next\"}}) | write json");
  CHECK(ran.count(Outcome::ok) == 2);
  const std::string received = server.received();
  const std::string second = received.substr(received.find("PUT /second"));
  CHECK(holds(received, "POST /first"));
  CHECK(holds(received, "start"));
  CHECK(holds(second, "c2"));
  CHECK_FALSE(holds(second, "start"));
  CHECK(holds(second, "x-who: next"));
  CHECK_FALSE(holds(second, "X-Who: stage"));
  CHECK(holds(second, "X-Kept: yes"));
}
