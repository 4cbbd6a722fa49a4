#pragma once

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/error.hpp"
#include "engine/http/client.hpp"
#include "tests/support/scripted_server.hpp"

namespace leat::tests {

/// A row of a table of answers: the bytes that a server sends before it closes, and what a Client reads from
/// them.
struct Answer {
  /// Makes a row that is complete.
  Answer(std::string sent, int status_read, std::string body_read)
      : bytes(std::move(sent)), status(status_read), body(std::move(body_read)) {}
  /// Makes a row that fails; `status_read` is what the error says about its status.
  Answer(std::string sent, Errc code, int status_read)
      : bytes(std::move(sent)), status(status_read), error(code) {}

  std::string bytes;
  int status;
  std::string body;
  std::optional<Errc> error;
  bool verified = true;  // the message says which one ends the body
  std::string field;     // a field of the head, in lower case, that must have `value`
  std::string value;
};

class AnswerSink final : public http::BodySink {
 public:
  Status begin(const http::ResponseHead& /*head*/) override {
    ++begun;
    return std::nullopt;
  }
  Status write(std::string_view bytes) override {
    CHECK(begun == 1);
    text.append(bytes);
    return std::nullopt;
  }
  int begun = 0;
  std::string text;
};

// For people: characters that no terminal shows are written as in C.
inline std::string shown(const std::string& bytes) {
  std::string text;
  for (const char c : bytes.substr(0, 300)) {
    if (c == '\r') {
      text += "\\r";
    } else if (c == '\n') {
      text += "\\n";
    } else if (c == '\t') {
      text += "\\t";
    } else {
      text += c == '\0' ? std::string("\\0") : std::string(1, c);
    }
  }
  return text;
}

inline void check_row(const Answer& row, const Result<http::Response>& got, const AnswerSink& sink) {
  CAPTURE(shown(row.bytes));
  if (row.error) {
    REQUIRE_FALSE(got.ok());
    CAPTURE(got.error().message);
    CHECK(to_string(got.error().code) == to_string(*row.error));
    CHECK(got.error().http_status == row.status);
    CHECK_FALSE(got.error().message.empty());
    return;
  }
  REQUIRE_MESSAGE(got.ok(), got.error().message);
  const http::Response& response = got.value();
  CHECK(response.head.status == row.status);
  CHECK(sink.text == row.body);
  CHECK(response.length_verified == row.verified);
  if (row.field.empty()) return;
  const auto value = response.head.headers.find(row.field);
  REQUIRE(value);
  CHECK(*value == row.value);
}

inline async::Task<void> ask_for_all(async::EventLoop& loop, const std::vector<Answer>& rows,
                                     const http::ClientOptions& options, const std::string& method,
                                     const ScriptedServer& server) {
  http::Client client(loop, options);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    http::Request request(server.url("/" + std::to_string(i)));
    request.method = method;
    AnswerSink sink;
    auto performing = client.perform(request, sink);
    const auto got = co_await std::move(performing);
    check_row(rows[i], got, sink);
  }
}

/// Makes the same row with a body that only the end of the connection ends.
[[nodiscard]] inline Answer unverified(Answer answer) {
  answer.verified = false;
  return answer;
}

/// Makes the same row with the requirement that it has that field with that value.
[[nodiscard]] inline Answer with_field(Answer answer, std::string field, std::string value) {
  answer.field = std::move(field);
  answer.value = std::move(value);
  return answer;
}

/// Lets a real server send each row over a connection of its own, and a real Client ask for it once.
inline void check_answers(const std::vector<Answer>& rows, const http::ClientOptions& options = {},
                          const std::string& method = "GET") {
  std::map<std::string, Script> scripts;
  for (std::size_t i = 0; i < rows.size(); ++i) scripts["/" + std::to_string(i)] = Script(rows[i].bytes);
  const ScriptedServer server(scripts);
  async::EventLoop loop;
  loop.run(ask_for_all(loop, rows, options, method, server));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(shown(rows[i].bytes));
    CHECK(server.requests_of("/" + std::to_string(i)) == 1);
  }
}

}  // namespace leat::tests
