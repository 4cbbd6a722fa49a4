#include "engine/load/response_parser.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

using leat::Errc;
using leat::load::ResponseParser;
using State = ResponseParser::State;
using namespace std::string_literals;

namespace {

/// What a parser reads from some bytes.
struct Verdict {
  State state = State::more;
  int status = 0;
  std::uint64_t body = 0;
  bool keep_alive = false;
  std::size_t left = 0;  // bytes after the response
  Errc fault = Errc::internal;
  std::string message;
  bool operator==(const Verdict&) const = default;
};

/// How a case's connection goes on after its bytes.
enum class End { open, closed };

Verdict verdict_of(const ResponseParser& parser, State state, std::size_t left) {
  Verdict verdict;
  verdict.state = state;
  if (state == State::done) {
    verdict.status = parser.status();
    verdict.body = parser.body_bytes();
    verdict.keep_alive = parser.keep_alive();
    verdict.left = left;
  }
  if (state == State::failed) {
    verdict.fault = parser.fault();
    verdict.message = parser.message();
  }
  return verdict;
}

Verdict parse(const std::vector<std::string_view>& pieces, End end, bool to_head,
              ResponseParser::KnownHead* known = nullptr) {
  ResponseParser parser;
  parser.start(to_head, nullptr, known);
  State state = State::more;
  std::size_t left = 0;
  for (std::string_view piece : pieces) {
    // Each piece is a copy of its own, so that a read beyond it is noticed.
    const std::vector<char> own(piece.begin(), piece.end());
    std::string_view bytes(own.data(), own.size());
    if (state == State::more) state = parser.feed(bytes);
    left += state == State::more ? 0 : bytes.size();
  }
  if (state == State::more && end == End::closed) state = parser.end_of_stream();
  return verdict_of(parser, state, left);
}

/// Gives the verdict once it is sure that it does not depend on how the bytes are split.
Verdict parse_all_ways(const std::string& bytes, End end = End::open, bool to_head = false) {
  const Verdict whole = parse({bytes}, end, to_head);
  ResponseParser::KnownHead known;
  CHECK(parse({bytes}, end, to_head, &known) == whole);
  CHECK(parse({bytes}, end, to_head, &known) == whole);  // its head may be known now
  std::vector<std::string_view> single;
  for (std::size_t i = 0; i < bytes.size(); ++i) single.push_back(std::string_view(bytes).substr(i, 1));
  CHECK(parse(single, end, to_head) == whole);
  for (std::size_t i = 0; i <= bytes.size(); ++i) {
    const std::string_view text = bytes;
    CAPTURE(i);
    for (ResponseParser::KnownHead* const from : {static_cast<ResponseParser::KnownHead*>(nullptr), &known}) {
      const Verdict split = parse({text.substr(0, i), text.substr(i)}, end, to_head, from);
      if (split != whole) CHECK(split == whole);
    }
  }
  return whole;
}

Verdict done(int status, std::uint64_t body, bool keep_alive = true, std::size_t left = 0) {
  Verdict verdict;
  verdict.state = State::done;
  verdict.status = status;
  verdict.body = body;
  verdict.keep_alive = keep_alive;
  verdict.left = left;
  return verdict;
}

void check_fault(const std::string& bytes, Errc code, End end = End::open) {
  const Verdict verdict = parse_all_ways(bytes, end);
  CAPTURE(bytes.substr(0, 100));
  CHECK(verdict.state == State::failed);
  CHECK(verdict.fault == code);
  CHECK_FALSE(verdict.message.empty());
}

const std::string kOk = "HTTP/1.1 200 OK\r\n";

}  // namespace

TEST_CASE("ResponseParser: it reads a body of a known length from bytes in any pieces") {
  CHECK(parse_all_ways(kOk + "Content-Length: 5\r\n\r\nhello") == done(200, 5));
  CHECK(parse_all_ways(kOk + "content-length:5\r\nX: y\r\n\r\nhello") == done(200, 5));
  CHECK(parse_all_ways(kOk + "CONTENT-LENGTH: \t 0 \r\n\r\n") == done(200, 0));
  CHECK(parse_all_ways(kOk + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok") == done(200, 2));
  CHECK(parse_all_ways(kOk + "Content-Length: 5\r\n\r\nhell").state == State::more);
}

TEST_CASE("ResponseParser: bytes after a response are left alone") {
  CHECK(parse_all_ways(kOk + "Content-Length: 2\r\n\r\nokHTTP/1.1") == done(200, 2, true, 8));
  CHECK(parse_all_ways(kOk + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nmore") == done(200, 0, true, 4));
}

TEST_CASE("ResponseParser: it reads chunks, their extensions and trailers") {
  const std::string head = kOk + "Transfer-Encoding: chunked\r\n\r\n";
  CHECK(parse_all_ways(head + "5\r\nhello\r\n0\r\n\r\n") == done(200, 5));
  CHECK(parse_all_ways(head +
                       "A;name=\"v\"\r\n0123456789\r\n00003\r\nabc\r\n0;x\r\nX-Sum: 1\r\nY: 2\r\n\r\n") ==
        done(200, 13));
  CHECK(parse_all_ways(head + "1 \r\na\r\n000\r\n\r\n") == done(200, 1));
  CHECK(parse_all_ways(kOk +
                       "Transfer-Encoding: gzip, Chunked\r\nContent-Length: 9\r\n\r\n1\r\na\r\n0\r\n\r\n") ==
        done(200, 1));
  CHECK(parse_all_ways(kOk + "Transfer-Encoding: gzip\r\nTransfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n") ==
        done(200, 0));
  CHECK(parse_all_ways(head + "5\r\nhel").state == State::more);
}

TEST_CASE("ResponseParser: some responses have no body, whatever their fields say") {
  CHECK(parse_all_ways(kOk + "Content-Length: 5\r\n\r\n", End::open, true) == done(200, 0));
  CHECK(parse_all_ways(kOk + "Transfer-Encoding: chunked\r\n\r\n", End::open, true) == done(200, 0));
  CHECK(parse_all_ways("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n") == done(204, 0));
  CHECK(parse_all_ways("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n") == done(304, 0));
  CHECK(parse_all_ways("HTTP/1.1 304\r\n\r\n") == done(304, 0));
}

TEST_CASE("ResponseParser: informational responses are skipped, up to a limit") {
  const std::string hint = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 3\r\n\r\n";
  CHECK(parse_all_ways("HTTP/1.1 100 Continue\r\n\r\n" + hint + kOk + "Content-Length: 1\r\n\r\nx") ==
        done(200, 1));
  std::string flood;
  for (int i = 0; i < 65; ++i) flood += "HTTP/1.1 102 P\r\n\r\n";
  check_fault(flood, Errc::bad_response);
  check_fault("HTTP/1.1 101 Switching Protocols\r\n\r\n", Errc::bad_response);
}

TEST_CASE("ResponseParser: it knows whether the connection may be used again") {
  CHECK(parse_all_ways(kOk + "Connection: close\r\nContent-Length: 0\r\n\r\n") == done(200, 0, false));
  CHECK(parse_all_ways(kOk + "Connection: foo , Close\r\nContent-Length: 0\r\n\r\n") == done(200, 0, false));
  CHECK(parse_all_ways(kOk + "Connection: keep-alive\r\nContent-Length: 0\r\n\r\n") == done(200, 0, true));
  CHECK(parse_all_ways("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n") == done(200, 0, false));
  CHECK(parse_all_ways("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n") ==
        done(200, 0, true));
  CHECK(parse_all_ways("HTTP/1.0 200 OK\r\nConnection: close, keep-alive\r\nContent-Length: 0\r\n\r\n") ==
        done(200, 0, false));
  CHECK(parse_all_ways(
            "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") ==
        done(200, 0, false));
}

TEST_CASE("ResponseParser: a body may last until the connection is closed") {
  CHECK(parse_all_ways(kOk + "\r\nhello", End::closed) == done(200, 5, false));
  CHECK(parse_all_ways(kOk + "Transfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhello", End::closed) ==
        done(200, 5, false));
  CHECK(parse_all_ways(kOk + "\r\nhello").state == State::more);
}

TEST_CASE("ResponseParser: a body is truncated if an encrypted connection ends without close_notify") {
  for (const bool cut : {false, true}) {
    ResponseParser parser;
    parser.start(false);
    const std::string whole = kOk + "\r\nhello";
    std::string_view bytes = whole;
    CHECK(parser.feed(bytes) == State::more);
    CHECK(parser.end_of_stream(cut) == (cut ? State::failed : State::done));
    if (cut) CHECK(parser.fault() == Errc::truncated);
  }
}

TEST_CASE("ResponseParser: it notices a connection that is closed too early") {
  check_fault("", Errc::reset, End::closed);
  for (const std::string& cut :
       {"H"s, "HTTP/1.1 200"s, kOk, kOk + "Content-Length: 5\r\n"s, kOk + "Content-Length: 5\r\n\r\nhell"s,
        kOk + "Transfer-Encoding: chunked\r\n\r\n"s, kOk + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello"s,
        kOk + "Transfer-Encoding: chunked\r\n\r\n0\r\n"s, "HTTP/1.1 100 Continue\r\n\r\n"s}) {
    check_fault(cut, Errc::truncated, End::closed);
  }
}

TEST_CASE("ResponseParser: bytes that are no response are refused") {
  for (const std::string& line :
       {"\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"s, "HTTP/2 200 OK\r\n"s, "HTTP/1.1 200: OK\r\n"s,
        "HTTP/1.1 \r\n"s, "HTTP/1.1 2000 OK\r\n"s, "HTTP/1.1 20 OK\r\n"s, "HTTP/1.1 099 X\r\n"s,
        "HTTP/1.1 -20 X\r\n"s, "http/1.1 200 OK\r\n"s, "HTTP/1.x 200 OK\r\n"s, "HTTP/1.1\t200 OK\r\n"s,
        "ICY 200 OK\r\n"s, "<html>\n"s, "HTTP/1.1 200OK\r\n"s}) {
    check_fault(line, Errc::bad_response);
  }
}

TEST_CASE("ResponseParser: ambiguous header fields are refused") {
  for (const std::string& field : {"no colon"s,
                                   ": no name"s,
                                   "two words: x"s,
                                   "Name : x"s,
                                   "N\0me: x"s,
                                   "Name: a\0b"s,
                                   "Name: a\rb"s,
                                   " folded: first"s,
                                   "Content-Length: -1"s,
                                   "Content-Length: +1"s,
                                   "Content-Length:"s,
                                   "Content-Length: 1, 2"s,
                                   "Content-Length: 1,"s,
                                   "Content-Length: ,1"s,
                                   "Content-Length: 0x1"s,
                                   "Content-Length: 99999999999999999999"s,
                                   "Content-Length: 1\r\nContent-Length: 2"s,
                                   "Content-Length: 1\r\n 2"s,
                                   "Transfer-Encoding: chunked, gzip"s,
                                   "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip"s}) {
    check_fault(kOk + field + "\r\n\r\n", Errc::bad_response);
  }
}

TEST_CASE("ResponseParser: it accepts what RFC 9112 lets a client accept") {
  CHECK(parse_all_ways("HTTP/1.1 200 OK\nContent-Length: 1\n\nx") == done(200, 1));
  CHECK(parse_all_ways(kOk + "X-Long: a\r\n  b\r\n\tc\r\nContent-Length: 1\r\n\r\nx") == done(200, 1));
  CHECK(parse_all_ways("HTTP/1.1  \t404 No\r\nContent-Length: 1, 1\r\n\r\nx") == done(404, 1));
  CHECK(parse_all_ways(kOk + "Transfer-Encoding: chunked, chunked\r\n\r\n1\r\na\r\n0\r\n\r\n") ==
        done(200, 1));
  CHECK(parse_all_ways("HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n") == done(299, 0));
  CHECK(parse_all_ways("HTTP/1.1 999 what? \x80\r\nContent-Length: 0\r\n\r\n") == done(999, 0));
}

TEST_CASE("ResponseParser: malformed chunks are refused") {
  const std::string head = kOk + "Transfer-Encoding: chunked\r\n\r\n";
  for (const std::string& chunk :
       {"\r\n"s, "g\r\n"s, "-1\r\n"s, "5x\r\n"s, "fffffffffffffffff\r\n"s, "5\r\nhelloX\r\n"s,
        "2\r\nhello\r\n"s, ";x\r\n"s, "5 x\r\n"s, "0\r\nno trailer\r\n"s}) {
    check_fault(head + chunk, Errc::bad_response);
  }
}

TEST_CASE("ResponseParser: an endless head is refused, in one line or in many") {
  ResponseParser parser;
  const auto flood = [&parser](const std::string& start, const std::string& again) {
    parser.start(false);
    std::string_view bytes = start;
    State state = parser.feed(bytes);
    for (int i = 0; i < 1'000'000 && state == State::more; ++i) {
      bytes = again;
      state = parser.feed(bytes);
    }
    CHECK(state == State::failed);
    CHECK(parser.fault() == Errc::header_too_large);
  };
  flood(kOk, "X-Field: value\r\n");
  flood(kOk + "X: ", "aaaaaaaa");
  flood(kOk + "Transfer-Encoding: chunked\r\n\r\n0\r\n", "X-Trailer: value\r\n");
  flood(kOk + "Transfer-Encoding: chunked\r\n\r\n5;", "extension");
  flood("", "HTTP/1.1 200 ");
}

TEST_CASE("ResponseParser: a body of any length and any number of chunks need no memory and have no limit") {
  ResponseParser parser;
  parser.start(false);
  const std::string head = kOk + "Transfer-Encoding: chunked\r\n\r\n";
  std::string_view bytes = head;
  REQUIRE(parser.feed(bytes) == State::more);
  for (int i = 0; i < 200'000; ++i) {
    bytes = "3\r\nabc\r\n";
    REQUIRE(parser.feed(bytes) == State::more);
  }
  CHECK(parser.body_bytes() == 600'000);
}

TEST_CASE("ResponseParser: one parser reads response after response, whatever the last one was") {
  ResponseParser parser;
  ResponseParser::KnownHead known;
  const std::vector<std::string> responses{
      kOk + "Content-Length: 5\r\n\r\nhello", "HTTP/1.0 404 No\r\n\r\n", "nonsense\r\n",
      kOk + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\na\r\n0\r\n\r\n", kOk + "X: cut"};
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    const std::string& response = responses[random() % responses.size()];
    parser.start(false, nullptr, i % 2 == 0 ? nullptr : &known);
    std::string_view bytes = response;
    const State state = parser.feed(bytes);
    const Verdict verdict = verdict_of(parser, state, bytes.size());
    CHECK(verdict == parse({response}, End::open, false));
  }
}

TEST_CASE("ResponseParser: a head that is known means the same only for the same kind of request") {
  ResponseParser::KnownHead known;
  const std::string response = kOk + "Content-Length: 5\r\n\r\nhello";
  for (const bool to_head : {false, true, false, true}) {
    CHECK(parse({response}, End::open, to_head, &known) == (to_head ? done(200, 0, true, 5) : done(200, 5)));
    CHECK(known.begins(response, to_head));
    CHECK_FALSE(known.begins(response, !to_head));
  }
  // One byte more of it may change everything.
  CHECK(parse({kOk + "Content-Length: 50\r\n\r\nhello"}, End::closed, false, &known).fault ==
        Errc::truncated);
  CHECK(parse({response.substr(0, 20)}, End::closed, false, &known).fault == Errc::truncated);
}
