#include "engine/load/http2_session.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

using namespace leat::load;
using leat::Errc;

namespace {

enum Kind : char { kData = 0, kHeaders = 1, kReset = 3, kSettings = 4, kPing = 6, kGoaway = 7 };
constexpr char kEndStream = 1;
constexpr char kEndHeaders = 4;

std::string number(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((value >> shift) & 0xff);
  return bytes;
}

/// A frame as RFC 9113, 4.1, has it.
std::string frame(Kind kind, char flags, std::uint32_t stream, const std::string& payload = "") {
  return number(static_cast<std::uint32_t>(payload.size())).substr(1) + static_cast<char>(kind) + flags +
         number(stream) + payload;
}

/// ":status: 200", of the static table, and a body.
std::string answer(std::uint32_t stream, const std::string& body = "ok") {
  return frame(kHeaders, kEndHeaders, stream, "\x88") + frame(kData, kEndStream, stream, body);
}

std::string settings(std::uint32_t most_streams) {
  return frame(kSettings, 0, 0, std::string("\0\x03", 2) + number(most_streams));
}

/// Up to four requests, and what has become of each.
struct Client final : Http2Session::User {
  Client() : session(*this) { request.assign("GET / HTTP/1.1\r\nHost: h\r\n\r\n", "http"); }

  bool submit(std::size_t place) { return session.submit(streams[place], request, true); }
  std::string write() {
    std::string out;
    session.write(out, 1'000'000);
    return out;
  }
  void say(Http2Stream& stream, const std::string& what) {
    const auto place = static_cast<std::size_t>(&stream - streams.data());
    said.push_back(std::to_string(place) + " " + what);
  }
  void on_begun(Http2Stream& stream) noexcept override { say(stream, "begun"); }
  void on_answer(Http2Stream& stream) noexcept override {
    say(stream, std::to_string(stream.status) + " " + std::to_string(stream.body_bytes));
  }
  void on_failed(Http2Stream& stream, Errc code, std::string_view message) noexcept override {
    say(stream, std::string(to_string(code)) + ": " + std::string(message));
  }
  void on_unprocessed(Http2Stream& stream) noexcept override { say(stream, "unprocessed"); }

  Http2Request request;
  std::array<Http2Stream, 4> streams;
  std::vector<std::string> said;
  Http2Session session;
};

using Said = std::vector<std::string>;

}  // namespace

TEST_CASE("Http2Session: it takes no request before the server's SETTINGS, and then as many as they allow") {
  Client client;
  CHECK_FALSE(client.session.has_room());
  CHECK(client.write().starts_with("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
  CHECK(client.session.feed(settings(2)));
  CHECK(client.session.has_room());
  CHECK(client.submit(0));
  CHECK(client.submit(1));
  CHECK_FALSE(client.session.has_room());
  client.write();
  CHECK(client.session.feed(answer(1)));
  CHECK(client.session.has_room());
  CHECK(client.said == Said{"0 begun", "0 200 2"});
}

TEST_CASE("Http2Session: what comes of it does not depend on how the bytes are split") {
  const std::string bytes = settings(4) + answer(3, "three") + frame(kPing, 0, 0, "12345678") +
                            frame(kReset, 0, 5, number(2)) + answer(1, "");
  Said whole;
  for (const std::size_t step : {bytes.size(), std::size_t{7}, std::size_t{1}}) {
    CAPTURE(step);
    Client client;
    client.write();
    client.session.feed(settings(4));
    for (std::size_t place = 0; place < 3; ++place) client.submit(place);
    client.write();
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      CHECK(client.session.feed(std::string_view(bytes).substr(at, step)));
    }
    if (whole.empty()) whole = client.said;
    CHECK(client.said == whole);
    CHECK(client.session.streams() == 0);
  }
  CHECK(whole == Said{"1 begun", "1 200 5", "2 reset: the server reset the stream: INTERNAL_ERROR", "0 begun",
                      "0 200 0"});
}

TEST_CASE("Http2Session: of a request that is cancelled before it is written, nothing is written") {
  Client client;
  client.write();
  client.session.feed(settings(4));
  const std::size_t acknowledged = client.write().size();
  CHECK(acknowledged == 9);
  client.submit(0);
  client.session.cancel(client.streams[0]);
  CHECK(client.write().empty());
  CHECK(client.session.streams() == 0);
  CHECK(client.said.empty());
}

TEST_CASE(
    "Http2Session: a request that is cancelled later is reset, and what still comes of it is no fault") {
  Client client;
  client.write();
  client.session.feed(settings(4));
  client.submit(0);
  client.write();
  client.session.cancel(client.streams[0]);
  CHECK(client.write() == frame(kReset, 0, 1, number(8)));
  CHECK(client.session.feed(answer(1)));
  CHECK(client.said.empty());
}

TEST_CASE("Http2Session: GOAWAY gives back what is beyond it, also what has not been written") {
  Client client;
  client.write();
  client.session.feed(settings(4));
  client.submit(0);
  client.submit(1);
  client.write();
  client.submit(2);
  CHECK(client.session.feed(frame(kGoaway, 0, 0, number(1) + number(11))));
  client.write();
  CHECK(client.said == Said{"1 unprocessed", "2 unprocessed"});
  CHECK(client.session.is_ending());
  CHECK_FALSE(client.session.has_room());
  CHECK(client.session.reason() == "ENHANCE_YOUR_CALM");
  CHECK(client.session.feed(answer(1)));
  CHECK(client.said.back() == "0 200 2");
}

TEST_CASE("Http2Session: each byte belongs to a request, or is spare") {
  Client client;
  const std::size_t begin = client.write().size();
  const std::string first = settings(4);
  client.session.feed(first);
  client.submit(0);
  const std::size_t sent = client.write().size();
  const std::string padded = frame(kData, kEndStream | 8, 1, std::string("\x03ok\0\0\0", 6));
  const std::string head = frame(kHeaders, kEndHeaders, 1, "\x88");
  client.session.feed(head + padded);
  CHECK(client.said.back() == "0 200 2");
  CHECK(client.streams[0].bytes_in == head.size() + padded.size());
  const auto spare = client.session.take_spare();
  CHECK(spare.in == first.size());
  CHECK(spare.out + client.streams[0].bytes_out == begin + sent);
  CHECK(client.session.take_spare().in == 0);
}

TEST_CASE("Http2Session: a broken frame ends the session, which says why to the server and to its user") {
  Client client;
  client.write();
  client.session.feed(settings(4));
  client.submit(0);
  client.write();
  client.session.feed(frame(kData, 0, 0, "on no stream"));
  const std::string last = client.write();
  CHECK(last.substr(3, 1) == std::string(1, static_cast<char>(kGoaway)));
  CHECK(client.session.is_broken());
  CHECK(client.session.fault() == Errc::bad_response);
  CHECK(client.session.message().find("PROTOCOL_ERROR") != std::string::npos);
  CHECK_FALSE(client.session.feed(answer(1)));
  CHECK(client.said.empty());
}
