// Header fields, byte for byte, and what a Client reads in them: RFC 9110, 5, and RFC 9112, 2.2 and 5.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/engine/http/answers/answer_table.hpp"

using leat::Errc;
using namespace leat::tests;
using namespace std::string_literals;

namespace {

const std::string kOk = "HTTP/1.1 200 OK\r\n";
const std::string kRest = "Content-Length: 5\r\n\r\nhello";

Answer good(const std::string& fields) { return {kOk + fields + kRest, 200, "hello"}; }
Answer bad(const std::string& fields) { return {kOk + fields + kRest, Errc::bad_response, 200}; }

}  // namespace

TEST_CASE("Answers: a field that is folded over several lines is one field, with a blank for each fold") {
  check_answers({
      with_field(good("ETag:\r\n \"abc\"\r\n"), "etag", "\"abc\""),
      with_field(good("ETag: \r\n\t\"abc\"\r\n"), "etag", "\"abc\""),
      with_field(good("X: a\r\n b\r\n"), "x", "a b"),
      with_field(good("X: a\r\n\tb\r\n"), "x", "a b"),
      with_field(good("X: a  \r\n \t  b\r\n"), "x", "a b"),
      with_field(good("X: a\r\n b\r\n c\r\n"), "x", "a b c"),
      with_field(good("X: a\r\n \r\n b\r\n"), "x", "a b"),
      with_field(good("X: a\n b\n"), "x", "a b"),
      with_field(good("X: a\r\n Y: b\r\n"), "x", "a Y: b"),
      with_field(good("X: a\r\n HTTP/1.1 404 No\r\n"), "x", "a HTTP/1.1 404 No"),
      with_field(good("Content-Disposition: attachment;\r\n\tfilename=\"a b\"\r\n"), "content-disposition",
                 "attachment; filename=\"a b\""),
      with_field(good("X: a\r\n b\r\nZ: c\r\n"), "z", "c"),
      with_field({kOk + kRest.substr(0, 19) + "X: a\r\n b\r\n\r\nhello", 200, "hello"}, "x", "a b"),
  });
}

TEST_CASE(
    "Answers: a folded field that says where the body ends is read whole, if libcurl has not misread it") {
  const std::string chunks = "\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
  check_answers({
      {kOk + "Transfer-Encoding:\r\n chunked" + chunks, 200, "hello"},
      {kOk + "Transfer-Encoding:\r\n\t \r\n Chunked" + chunks + "more", 200, "hello"},
      {kOk + "Transfer-Encoding: identity,\r\n chunked" + chunks + "more", 200, "hello"},
      {kOk + "Transfer-Encoding: chunked\r\n " + chunks, 200, "hello"},
      {kOk + "Content-Length: 5\r\n \r\n\r\nhello", 200, "hello"},
      {kOk + "Transfer-Encoding:\r\n chunked\r\n\r\n5\r\nhello\r\n", Errc::truncated, 200},
      {kOk + "Content-Length: 5\r\nTransfer-Encoding:\r\n chunked" + chunks, Errc::bad_response, 200},
  });
}

TEST_CASE("Answers: a fold that follows no field is bad_response, and so is a folded Content-Length") {
  check_answers({
      bad(" X: a\r\n"),
      bad("\tX: a\r\n"),
      {kOk + " Content-Length: 5\r\n\r\nhello", Errc::bad_response, 200},
      {kOk + "Content-Length: 5\r\n 0\r\n\r\nhello", Errc::bad_response, 200},
      {kOk + "Content-Length:\r\n 5\r\n\r\nhello", Errc::bad_response, 200},
      {kOk + "Transfer-Encoding: chunked\r\n , gzip\r\n\r\n5\r\nhello\r\n0\r\n\r\n", Errc::bad_response, 200},
  });
}

TEST_CASE(
    "Answers: blanks around values, odd names, bytes beyond ASCII and lines that end in LF are accepted") {
  check_answers({
      with_field(good("X:a\r\n"), "x", "a"),
      with_field(good("X:\t a \t\r\n"), "x", "a"),
      with_field(good("X:\r\n"), "x", ""),
      with_field(good("x: a\r\nX: b\r\n"), "x", "a"),
      with_field(good("X: a:b: c\r\n"), "x", "a:b: c"),
      with_field(good("X: \xe4\xff\r\n"), "x", "\xe4\xff"),
      with_field(good("X: a\nY: b\r\n"), "y", "b"),
      with_field(good("X!#$%&'*+-.^_`|~1: a\r\n"), "x!#$%&'*+-.^_`|~1", "a"),
      with_field(good("X: " + std::string(60'000, 'x') + "\r\n"), "x", std::string(60'000, 'x')),
      with_field(good("X : a\r\nY: b\r\n"), "y", "b"),
      with_field(good("HTTP: a\r\n"), "http", "a"),
      with_field(good("HTTPX/1.1: a\r\n"), "httpx/1.1", "a"),
  });
}

TEST_CASE("Answers: a line without a colon, a NUL, a bare CR and a second status line are bad_response") {
  check_answers({
      bad("this is no field\r\n"),
      bad("X\r\n"),
      bad("X: a\0b\r\n"s),
      bad("X\0: a\r\n"s),
      bad("X: a\rb\r\n"),
      bad("X: a\r\r\n"),
      bad("X\rY: a\r\n"),
      bad("Con\rtent: a\r\n"),
      bad("\rX: a\r\n"),
      bad("X: a\r\n b\rc\r\n"),
      bad("X: a\r\n b\r\r\n"),
      bad("HTTP/1.1 404 Not Found\r\n"),
      bad("HTTP/1.1 404: x\r\n"),
      bad("HTTP/x: 404\r\n"),
      bad("HTTP/1.1: 404 x\r\n"),
      bad("http/1.1: 404 x\r\n"),
      bad("X: a\r\nHTTP/1.1 : 500\r\n"),
  });
}

TEST_CASE("Answers: a head whose lines end in CR CR LF is bad_response") {
  check_answers({
      {"HTTP/1.1 200 X\r\r\nContent-Length: 3\r\r\n\r\r\nabc", Errc::bad_response, 0},
      {kOk + "Content-Length: 3\r\r\n\r\nabc", Errc::bad_response, 200},
      {kOk + "Content-Length: 3\r\n\r\r\nabc", Errc::bad_response, 200},
      {kOk + "Content-Length: 3\r\n\rabc", Errc::truncated, 200},
      {"HTTP/1.1 302 X\r\r\nLocation: /y\r\r\nContent-Length: 3\r\r\n\r\r\nabc", Errc::bad_response, 0},
  });
}

TEST_CASE("Answers: a line over 100 KiB and a head over 256 KiB are header_too_large") {
  std::string many;
  for (int i = 0; i < 300; ++i) many += "X: " + std::string(1000, 'x') + "\r\n";
  check_answers({
      {kOk + "X: " + std::string(110'000, 'x') + "\r\n" + kRest, Errc::header_too_large, 200},
      {"HTTP/1.1 200 " + std::string(110'000, 'x') + "\r\n" + kRest, Errc::header_too_large, 0},
      {kOk + many + kRest, Errc::header_too_large, 200},
  });
}
