#include "pipelines/stages/network/request_body.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/pipelines/run_fixture.hpp"
#include "tests/support/scripted_server.hpp"

using namespace leat;
using namespace leat::pipelines;
using tests::ScriptedServer;

namespace {

const char* kOk = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

struct Sent {
  std::string request;
  Ran ran;
};

// What `fetch ARGS` sends for a record whose meta is that object.
Sent send(const std::string& args, const std::string& meta = "{}") {
  const tests::TempDir directory;
  const ScriptedServer server([](const std::string&) { return kOk; });
  tests::write_file(directory / "in", R"({"url":")" + server.url("/x") + R"(","meta":)" + meta + "}");
  auto ran = run_spec("lines \"" + (directory / "in") + "\" | fetch retry=0 " + args + " | write json");
  return {server.received(), std::move(ran)};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("json=: the program's output is the body, as it is, with its type") {
  const auto sent = send("json=({id: .meta.id, price: .meta.price, tags: [\"a\"]})",
                         R"({"id":9007199254740993,"price":1.10})");
  CHECK(holds(sent.request, "POST /x "));
  CHECK(holds(sent.request, "Content-Type: application/json\r\n"));
  CHECK(sent.request.ends_with(R"({"id":9007199254740993,"price":1.10,"tags":["a"]})"));
  CHECK(send("json=(.meta.text)", R"({"text":"a\"b"})").request.ends_with(R"("a\"b")"));
  CHECK(send("method=PUT json=(1)").request.starts_with("PUT /x "));
  const auto typed = send("json=(1) header=\"content-type: application/x+json\"").request;
  CHECK(holds(typed, "content-type: application/x+json"));
  CHECK_FALSE(holds(typed, "Content-Type: application/json"));
  const auto none = send("json=(empty)");
  CHECK(none.ran.count(Outcome::failed) == 1);
  CHECK(none.request.empty());
}

TEST_CASE("form=: pairs are joined, with names and values percent-encoded") {
  const auto sent = send("form=\"q={meta.q}\" form=\"a b=1\" form=\"e=\"", R"({"q":"x&y=z é"})").request;
  CHECK(holds(sent, "POST /x "));
  CHECK(holds(sent, "Content-Type: application/x-www-form-urlencoded\r\n"));
  CHECK(sent.ends_with("\r\n\r\nq=x%26y%3Dz%20%C3%A9&a%20b=1&e="));
}

TEST_CASE("part=: values and files are parts, and a field can't name a file") {
  const tests::TempDir directory;
  tests::write_file(directory / "a\"b.bin", std::string("\0\r\n--x", 6));
  const auto sent =
      send("part=\"note={meta.note}\" part=\"file=@" + (directory / "{meta.name}") + ";type=image/png\"",
           R"({"note":"@/etc/passwd","name":"a\"b.bin"})")
          .request;
  const auto at = sent.find("boundary=");
  REQUIRE(at != std::string::npos);
  const std::string boundary = sent.substr(at + 9, sent.find("\r\n", at) - at - 9);
  CHECK(sent.ends_with("\r\n\r\n--" + boundary +
                       "\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n@/etc/passwd\r\n--" +
                       boundary +
                       "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22b.bin\"\r\n"
                       "Content-Type: image/png\r\n\r\n" +
                       std::string("\0\r\n--x", 6) + "\r\n--" + boundary + "--\r\n"));
  const auto missing = send("part=\"f=@/no/such/file\"");
  CHECK(missing.ran.lines[0].error_code() == "file_error");
  CHECK(holds(missing.ran.lines[0].error_message(), "/no/such/file"));
}

TEST_CASE("upload=: its name may come out of the body that the fetch before has brought") {
  const tests::TempDir directory;
  tests::write_file(directory / "f", "sent");
  const ScriptedServer server([&](const std::string& head) {
    if (!head.starts_with("GET")) return std::string(kOk);
    const std::string body = "{\"f\":\"" + directory / "f" + "\"}";
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\nConnection: close\r\n\r\n" + body;
  });
  const auto ran = run_spec("urls " + server.url("/a") + " | fetch | fetch upload=\"{json.f}\" | write json");
  CHECK(ran.count(Outcome::ok) == 1);
  CHECK(holds(server.received(), "PUT /a "));
}

TEST_CASE("body arguments: a request has one body, and a pair has a name") {
  for (const char* args : {"body=\"x\" json=(1)", "form=\"a=1\" part=\"b=2\"", "upload=\"f\" form=\"a=1\"",
                           "form=\"a\"", "part=\"=1\"", "form=\"{id}=1\"", "every=2s"}) {
    CAPTURE(args);
    const auto loaded = load_spec("urls http://a/ | fetch " + std::string(args) + " | null",
                                  stage_signatures(), SpecOptions());
    CHECK_FALSE(loaded.ok());
  }
}

TEST_CASE("until=: one URL is asked again until the answer is the one that is waited for") {
  int asked = 0;
  const ScriptedServer server([&](const std::string&) {
    const std::string body = ++asked < 3 ? R"({"state":"running"})" : R"({"state":"done"})";
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\nConnection: close\r\n\r\n" + body;
  });
  for (const char* until : {"(.json.state == \"done\")", "(.json | tostring | test(\"done\"; \"x\"))"}) {
    CAPTURE(until);
    asked = 0;
    const auto ran = run_spec("urls " + server.url("/job") + " | fetch retry=0 until=" + until +
                              " every=10ms | write json include=body");
    REQUIRE(ran.lines.size() == 1);
    CHECK(ran.count(Outcome::ok) == 1);
    CHECK(asked == 3);
    CHECK(ran.lines[0].text("body") == R"({"state":"done"})");
    CHECK(ran.lines[0].number("num_retries") == 0);
  }
}

TEST_CASE("until=: it ends with the answer that fails, at timeout=, and saves the last answer alone") {
  const tests::TempDir directory;
  const ScriptedServer never([](const std::string&) { return kOk; });
  const auto late =
      run_spec("urls " + never.url("/job") + " | fetch until=(false) every=10ms timeout=100ms | write json");
  CHECK(late.lines[0].error_code() == "timeout");
  CHECK(holds(late.lines[0].error_message(), "until="));
  int asked = 0;
  const ScriptedServer server([&](const std::string&) {
    ++asked;
    if (asked == 3) return std::string("HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    const std::string n = std::to_string(asked);
    return "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n" + n;
  });
  const auto saved =
      run_spec("urls " + server.url("/job") + " | fetch until=(.body == \"2\") every=10ms | save \"" +
               (directory / "f") + "\" | write json");
  CHECK(saved.count(Outcome::ok) == 1);
  CHECK(tests::read_file(directory / "f") == "2");
  CHECK(directory.names() == std::set<std::string>{"f"});
  const auto failed = run_spec("urls " + server.url("/job") +
                               " | fetch retry=0 fail=4xx until=(false) every=10ms | write json");
  CHECK(failed.lines[0].error_code() == "http_status");
  CHECK(asked == 3);
}
