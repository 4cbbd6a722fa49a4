// Where bodies end, byte for byte: RFC 9112, 6 and 7, and RFC 9110, 8.6.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/engine/http/answers/answer_table.hpp"

using leat::Errc;
using namespace leat::tests;
using namespace std::string_literals;

namespace {

const std::string kOk = "HTTP/1.1 200 OK\r\n";
const std::string kChunked = kOk + "Transfer-Encoding: chunked\r\n\r\n";

// A body of five bytes, whose length that field tells.
Answer length(const std::string& field) { return {kOk + field + "\r\n\r\nhello", 200, "hello"}; }
Answer no_length(const std::string& field) {
  return {kOk + field + "\r\n\r\nhello", Errc::bad_response, 200};
}
Answer chunks(const std::string& body) { return {kChunked + body, 200, "hello"}; }
Answer no_chunks(const std::string& body) { return {kChunked + body, Errc::bad_response, 200}; }
Answer cut_chunks(const std::string& body) { return {kChunked + body, Errc::truncated, 200}; }

}  // namespace

TEST_CASE("Answers: a length consists of digits and may be repeated") {
  check_answers({
      length("Content-Length: 5"),
      length("content-length:5"),
      length("CONTENT-LENGTH: \t5 \t"),
      length("Content-Length: 05"),
      length("Content-Length: 00000000000000000000005"),
      length("Content-Length: 5, 5"),
      length("Content-Length: 5,5"),
      length("Content-Length: 5 , 5, 5"),
      length("Content-Length: 5\r\nContent-Length: 5"),
      length("Content-Length: 5\r\nContent-Length: 05"),
      length("Content-Length: 5\r\nX: y\r\ncontent-length: 5, 5"),
      length("X-Content-Length: 7\r\nContent-Length: 5"),
      {kOk + "Content-Length: 0\r\n\r\n", 200, ""},
      {kOk + "Content-Length: 0\r\n\r\nhello", 200, ""},
      {kOk + "Content-Length: 5\r\n\r\nhello, world", 200, "hello"},
      {kOk + "Content-Length: 5\r\n\r\nhelloHTTP/1.1 404 No\r\n\r\n", 200, "hello"},
      {"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello"},
  });
}

TEST_CASE("Answers: a malformed length, and lengths that differ, are bad_response") {
  check_answers({
      no_length("Content-Length:"),
      no_length("Content-Length: "),
      no_length("Content-Length: five"),
      no_length("Content-Length: -5"),
      no_length("Content-Length: -0"),
      no_length("Content-Length: +5"),
      no_length("Content-Length: 5.0"),
      no_length("Content-Length: 5e0"),
      no_length("Content-Length: 0x5"),
      no_length("Content-Length: 5 bytes"),
      no_length("Content-Length: 5 5"),
      no_length("Content-Length: \"5\""),
      no_length("Content-Length: 5;"),
      no_length("Content-Length: 5,"),
      no_length("Content-Length: ,5"),
      no_length("Content-Length: 5,,5"),
      no_length("Content-Length: 5, 6"),
      no_length("Content-Length: 6, 5"),
      no_length("Content-Length: 5, x"),
      no_length("Content-Length: 5\r\nContent-Length: 6"),
      no_length("Content-Length: 6\r\nContent-Length: 5"),
      no_length("Content-Length: 5\r\nContent-Length: "),
      no_length("Content-Length : 5"),
      no_length("Content-Length\t: 5"),
      no_length("Content-Length: 9223372036854775808"),
      no_length("Content-Length: 9999999999999999999"),
      no_length("Content-Length: 18446744073709551615"),
      no_length("Content-Length: 18446744073709551621"),
      no_length("Content-Length: 99999999999999999999999999"),
  });
}

TEST_CASE("Answers: a body that is shorter than its length is truncated, up to the largest possible length") {
  check_answers({
      {kOk + "Content-Length: 6\r\n\r\nhello", Errc::truncated, 200},
      {kOk + "Content-Length: 5\r\n\r\n", Errc::truncated, 200},
      {kOk + "Content-Length: 4294967301\r\n\r\nhello", Errc::truncated, 200},
      {kOk + "Content-Length: 9223372036854775807\r\n\r\nhello", Errc::truncated, 200},
      {"HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nhello", Errc::truncated, 200},
  });
}

TEST_CASE("Answers: a body without a length ends with its connection, and its length is not verified") {
  check_answers({
      unverified({kOk + "\r\nhello", 200, "hello"}),
      unverified({kOk + "\r\n", 200, ""}),
      unverified({kOk + "Connection: close\r\n\r\nhello", 200, "hello"}),
      unverified({kOk + "Connection: keep-alive\r\n\r\nhello", 200, "hello"}),
      unverified({"HTTP/1.0 200 OK\r\n\r\nhello", 200, "hello"}),
      unverified({"HTTP/1.1 404 No\r\n\r\nhello", 404, "hello"}),
      unverified({kOk + "Transfer-Encoding: identity\r\n\r\nhello", 200, "hello"}),
  });
}

TEST_CASE("Answers: beside Transfer-Encoding: identity, Content-Length says where the body ends") {
  const std::string identity = kOk + "Transfer-Encoding: identity\r\n";
  check_answers({
      {identity + "Content-Length: 5\r\n\r\nhello and more", 200, "hello"},
      {kOk + "Content-Length: 5\r\nTransfer-Encoding: Identity\r\n\r\nhello and more", 200, "hello"},
      {identity + "Content-Length: 0\r\n\r\n", 200, ""},
      {identity + "Content-Length: 6\r\n\r\nhello", Errc::truncated, 200},
      {identity + "Content-Length: 6\r\n\r\n", Errc::truncated, 200},
      {kOk + "Transfer-Encoding: identity, chunked\r\nContent-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 200,
       "hello"},
  });
}

TEST_CASE("Answers: 204, 304 and the answer to HEAD have no body, whatever their head says") {
  check_answers({
      {"HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
      {"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 204, ""},
      {"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204, ""},
      {"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", 204, ""},
      {"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, ""},
  });
  check_answers(
      {
          {kOk + "Content-Length: 5\r\n\r\n", 200, ""},
          {kOk + "\r\n", 200, ""},
          {kOk + "Transfer-Encoding: chunked\r\n\r\n", 200, ""},
          {"HTTP/1.1 404 No\r\nContent-Length: 5\r\n\r\n", 404, ""},
          {kOk + "Content-Length: 5, 6\r\n\r\n", Errc::bad_response, 200},
      },
      {}, "HEAD");
}

TEST_CASE("Answers: chunks of any size, with extensions and trailers, are one body") {
  check_answers({
      chunks("5\r\nhello\r\n0\r\n\r\n"),
      chunks("1\r\nh\r\n4\r\nello\r\n0\r\n\r\n"),
      chunks("1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\n\r\n"),
      chunks("005\r\nhello\r\n000\r\n\r\n"),
      chunks("5  \r\nhello\r\n0 \r\n\r\n"),
      chunks("5;a\r\nhello\r\n0;b=c\r\n\r\n"),
      chunks("5 ; a=\"b;c\" ;d\r\nhello\r\n0\r\n\r\n"),
      chunks("5;" + std::string(5000, 'x') + "\r\nhello\r\n0\r\n\r\n"),
      chunks("5\nhello\n0\n\n"),
      chunks("5\nhello\n0\r\n\r\n"),
      chunks("5\r\nhello\r\n0\r\nX: y\r\n\r\n"),
      chunks("5\r\nhello\r\n0\r\nX: y\r\nZ: a\r\n b\r\n\r\n"),
      chunks("5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n"),
      chunks("5\r\nhello\r\n0\r\n\r\nand more"),
      {kChunked + "0\r\n\r\n", 200, ""},
      {kChunked + "A\r\n0123456789\r\n0\r\n\r\n", 200, "0123456789"},
      {kChunked + "a\r\n0123456789\r\n0\r\n\r\n", 200, "0123456789"},
      {kChunked + "10\r\n0123456789abcdef\r\n0\r\n\r\n", 200, "0123456789abcdef"},
      {kChunked + "4\r\n\r\n\r\n\r\n0\r\n\r\n", 200, "\r\n\r\n"},
      {kChunked + "5\r\n0\r\n\r\n\r\n0\r\n\r\n", 200, "0\r\n\r\n"},
      {kChunked + "4E20\r\n" + std::string(20'000, 'x') + "\r\n0\r\n\r\n", 200, std::string(20'000, 'x')},
      {kChunked + "30D40\r\n" + std::string(200'000, 'x') + "\r\n0\r\n\r\n", 200, std::string(200'000, 'x')},
      {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 200, "hello"},
  });
}

TEST_CASE("Answers: malformed chunks are bad_response, and never part of a body") {
  check_answers({
      no_chunks("zz\r\nabc\r\n0\r\n\r\n"),
      no_chunks("0x3\r\nabc\r\n0\r\n\r\n"),
      no_chunks("0x3\r\na:b\r\n\r\n"),
      no_chunks("0X3\r\n\r\n"),
      no_chunks("-3\r\nabc\r\n0\r\n\r\n"),
      no_chunks("+3\r\nabc\r\n0\r\n\r\n"),
      no_chunks(" 3\r\nabc\r\n0\r\n\r\n"),
      no_chunks("3 bytes\r\nabc\r\n0\r\n\r\n"),
      no_chunks("3h\r\nabc\r\n0\r\n\r\n"),
      no_chunks("3.0\r\nabc\r\n0\r\n\r\n"),
      no_chunks("3,3\r\nabc\r\n0\r\n\r\n"),
      no_chunks("\r\nabc\r\n0\r\n\r\n"),
      no_chunks(";a\r\nabc\r\n0\r\n\r\n"),
      no_chunks("3\rabc\r\n0\r\n\r\n"),
      no_chunks("3\r\r\nabc\r\n0\r\n\r\n"),
      no_chunks("3\r\nabc\r\r\n0\r\n\r\n"),
      no_chunks("3\r\nabcd\r\n0\r\n\r\n"),
      no_chunks("3\r\nabc\n0\r\n\r\n"),
      no_chunks("3\nabc\r\n0\r\n\r\n"),
      no_chunks("3\r\nabc0\r\n\r\n"),
      no_chunks("3\r\nabc\r0\r\n\r\n"),
      no_chunks("4\r\nabc\r\n0\r\n\r\n"),
      no_chunks("8000000000000000\r\nabc\r\n0\r\n\r\n"),
      no_chunks("FFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n"),
      no_chunks("FFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n"),
      no_chunks("10000000000000003\r\nabc\r\n0\r\n\r\n"),
      no_chunks("2\r\nok\r\n0\r\nbroken trailer\r\n\r\n"),
      no_chunks(std::string("2\r\nok\r\n0\r\nX: a\0b\r\n\r\n", 20)),
      no_chunks("2\r\nok\r\n0\r\nX: a\rb\r\n\r\n"),
      no_chunks("2\r\nok\r\n0\r\nX: y\r\r\n\r\n"),
      no_chunks("hello"),
      no_chunks("HTTP/1.1 200 OK\r\n\r\n"),
  });
}

TEST_CASE("Answers: chunks without a last chunk are truncated") {
  check_answers({
      cut_chunks(""),
      cut_chunks("5"),
      cut_chunks("5\r\n"),
      cut_chunks("5\r\nhel"),
      cut_chunks("5\r\nhello"),
      cut_chunks("5\r\nhello\r\n"),
      cut_chunks("5\r\nhello\r\n0"),
      cut_chunks("5\r\nhello\r\n0\r\n"),
      cut_chunks("5\r\nhello\r\n0\r\nX: y\r\n"),
      cut_chunks("7FFFFFFFFFFFFFFF\r\nhello"),
  });
}

TEST_CASE("Answers: chunks count more than a length, and chunked may be written in any case or twice") {
  const std::string body = "\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
  check_answers({
      {kOk + "Content-Length: 3\r\nTransfer-Encoding: chunked" + body, 200, "hello"},
      {kOk + "Transfer-Encoding: chunked\r\nContent-Length: 9" + body, 200, "hello"},
      {kOk + "transfer-encoding:CHUNKED" + body, 200, "hello"},
      {kOk + "Transfer-Encoding: \tChunked " + body, 200, "hello"},
      {kOk + "Transfer-Encoding: chunked, chunked" + body, 200, "hello"},
      {kOk + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked" + body, 200, "hello"},
      {kOk + "Transfer-Encoding: identity, chunked" + body, 200, "hello"},
      {kOk + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\nContent-Length: 6" + body,
       Errc::bad_response, 200},
      {kOk + "Transfer-Encoding : chunked" + body, Errc::bad_response, 200},
  });
}
