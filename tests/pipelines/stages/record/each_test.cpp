#include "pipelines/stages/record/each.hpp"

#include <doctest/doctest.h>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <string>

#include "tests/pipelines/run_fixture.hpp"
#include "tests/support/scripted_server.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

std::string json_page(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

std::string compact(const rapidjson::Value& value) {
  rapidjson::StringBuffer text;
  rapidjson::Writer<rapidjson::StringBuffer> writer(text);
  value.Accept(writer);
  return text.GetString();
}

}  // namespace

TEST_CASE("each: an item with a body, a method and headers is data, and what is fetched for it is a GET") {
  const tests::ScriptedServer server([](const std::string& head) {
    return json_page(
        head.starts_with("GET /list ")
            ? R"([{"url":"/1","body":"please","method":"DELETE","headers":["no header"],"meta":{"x":1}}])"
            : "{}");
  });
  const auto ran = run_spec("urls " + server.url("/list") + " | fetch | each (.json[]) | fetch | write json");
  REQUIRE(ran.lines.size() == 1);
  CHECK(ran.lines[0].text("method") == "GET");
  CHECK(ran.lines[0].number("status") == 200);
  CHECK(ran.lines[0]["meta"]["body"].GetString() == std::string("please"));
  CHECK(ran.lines[0]["meta"]["x"].GetInt() == 1);
  CHECK(server.received().find("GET /1 ") != std::string::npos);
}

TEST_CASE("each: with request=true an object says a request, as a line of a list does") {
  const auto ran = run_spec(
      "urls $O/ok/1 | each ({url: \"$O/headers/x\", method: \"PUT\", body: \"b\", headers: {\"X-A\": \"1\"}, "
      "meta: {k: 7}}) request=true | fetch | write json include=body");
  REQUIRE(ran.lines.size() == 1);
  CHECK(ran.lines[0].text("method") == "PUT");
  CHECK(ran.lines[0]["meta"]["k"].GetInt() == 7);
  const auto body = ran.lines[0].text("body");
  CHECK(body.find("\"x-a\":\"1\"") != std::string::npos);

  const auto refused = run_spec(
      "urls $O/ok/1 | each ({url: \"/x\", metod: \"PUT\"}, {method: \"PUT\"}, {url: \"ftp://a\"}) "
      "request=true | write json");
  REQUIRE(refused.lines.size() == 3);
  CHECK(refused.count(Outcome::failed) == 3);
  CHECK(refused.lines[0].error_message() == "no field \"metod\"; did you mean \"method\"?");
  CHECK(refused.lines[1].error_message() == "\"url\" is missing");
}

TEST_CASE(
    "each: children inherit meta, none of it with meta=none, and what the program gives with meta=(jq)") {
  const auto metas = [](const std::string& more) {
    const auto ran = run_spec("urls $O/ok/1 | set meta.a=1 meta.b=2 | each ({url, c: 3}) " + more +
                              " | write json fields=meta");
    REQUIRE(ran.lines.size() == 1);
    return compact(ran.lines[0]["meta"]);
  };
  CHECK(metas("") == R"({"a":"1","b":"2","c":3})");
  CHECK(metas("meta=none") == R"({"c":3})");
  CHECK(metas("meta=(.meta | {b})") == R"({"b":"2","c":3})");
  CHECK(metas("meta=(null)") == R"({"c":3})");
  CHECK(metas("meta=(.meta | del(.a))") == R"({"b":"2","c":3})");
  const auto wrong = run_spec("urls $O/ok/1 | each ({url}) meta=(5) | write json");
  CHECK(wrong.count(Outcome::failed) == 1);
}

TEST_CASE("each: the default output of a child does not repeat what was extracted for its parent") {
  const std::string start =
      "urls $O/page/1?links=2 | fetch | extract css=\"a\" attr=href as=meta.links | "
      "each (.meta.links[]) | ";
  const auto ran = run_spec(start + "write json");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.lines[0]["meta"].IsNull());
  const auto asked = run_spec(start + "write json fields=meta");
  CHECK(asked.lines[0]["meta"]["links"].Size() == 2);
  const auto own = run_spec(start + "fetch | extract css=\"a\" attr=href as=meta.links | write json");
  CHECK(own.lines[0]["meta"]["links"].Size() > 0);
}

TEST_CASE("each: an item without a URL is printed, and fails in a fetch by that reason") {
  const auto printed = run_spec("urls $O/ok/1 | each ({id: 5}) | write json");
  REQUIRE(printed.lines.size() == 1);
  CHECK(printed.lines[0].text("outcome") == "ok");
  const auto fetched = run_spec("urls $O/ok/1 | each ({id: 5}) | fetch | write json");
  REQUIRE(fetched.lines.size() == 1);
  CHECK(fetched.lines[0].error_code() == "bad_url");
  CHECK(fetched.lines[0].error_message().find("no URL") != std::string::npos);
}
