// Codings of the transfer and of the content, asked for or not: RFC 9112, 7, and RFC 9110, 8.4.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "tests/engine/http/answers/answer_table.hpp"

using leat::Errc;
using namespace leat::tests;
using namespace std::string_literals;

namespace {

const std::string kOk = "HTTP/1.1 200 OK\r\n";

// The text "hello", by gzip and by zlib's deflate.
const std::string kGzip =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00"s;
const std::string kDeflate = "\x78\x9c\xcb\x48\xcd\xc9\xc9\x07\x00\x06\x2c\x02\x15"s;

std::string in_chunks(const std::string& body) {
  return fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", body.size(), body);
}

std::string with_length(const std::string& field, const std::string& body) {
  return kOk + field + fmt::format("\r\nContent-Length: {}\r\n\r\n", body.size()) + body;
}

// With --compressed and without it.
void check_both(const std::vector<Answer>& rows) {
  leat::http::ClientOptions compressed;
  compressed.wire.compressed = true;
  check_answers(rows);
  check_answers(rows, compressed);
}

}  // namespace

TEST_CASE("Answers: a transfer coding is decoded, with --compressed and without") {
  const std::string cut = kGzip.substr(0, 20);
  check_both({
      {kOk + "Transfer-Encoding: gzip, chunked\r\n\r\n" + in_chunks(kGzip), 200, "hello"},
      {kOk + "Transfer-Encoding: x-gzip, chunked\r\n\r\n" + in_chunks(kGzip), 200, "hello"},
      {kOk + "Transfer-Encoding: GZip,Chunked\r\n\r\n" + in_chunks(kGzip), 200, "hello"},
      {kOk + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + in_chunks(kGzip), 200,
       "hello"},
      {kOk + "Transfer-Encoding: deflate, chunked\r\n\r\n" + in_chunks(kDeflate), 200, "hello"},
      {kOk + "Transfer-Encoding: gzip\r\n\r\n" + kGzip, 200, "hello"},
      {kOk + "Transfer-Encoding: gzip, chunked\r\n\r\n" + in_chunks(cut), Errc::bad_response, 200},
      {kOk + "Transfer-Encoding: gzip, chunked\r\n\r\n" + in_chunks("hello"), Errc::bad_response, 200},
      {kOk + "Transfer-Encoding: gzip\r\n\r\n" + cut, Errc::bad_response, 200},
  });
}

TEST_CASE("Answers: unknown transfer codings, and codings after chunked, are bad_response") {
  check_both({
      {kOk + "Transfer-Encoding: rot13, chunked\r\n\r\n" + in_chunks("hello"), Errc::bad_response, 200},
      {kOk + "Transfer-Encoding: rot13\r\n\r\nhello", Errc::bad_response, 200},
      {kOk + "Transfer-Encoding: compress, chunked\r\n\r\n" + in_chunks("hello"), Errc::bad_response, 200},
      {kOk + "Transfer-Encoding: br, chunked\r\n\r\n" + in_chunks("hello"), Errc::bad_response, 200},
      {kOk + "Transfer-Encoding: chunked, gzip\r\n\r\n" + in_chunks(kGzip), Errc::bad_response, 200},
      {kOk + "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n" + in_chunks(kGzip),
       Errc::bad_response, 200},
      {kOk + "Transfer-Encoding: chunkedx\r\n\r\n" + in_chunks("hello"), Errc::bad_response, 200},
      {kOk + "Transfer-Encoding: xchunked\r\n\r\n" + in_chunks("hello"), Errc::bad_response, 200},
      {kOk + "Transfer-Encoding: \"chunked\"\r\n\r\n" + in_chunks("hello"), Errc::bad_response, 200},
      {kOk + "Transfer-Encoding: chunked;q=1\r\n\r\n" + in_chunks("hello"), Errc::bad_response, 200},
      {kOk + "Transfer-Encoding: utf-8\r\n\r\nhello", Errc::bad_response, 200},
  });
}

TEST_CASE("Answers: with --compressed a content coding is decoded, and one that is none changes nothing") {
  leat::http::ClientOptions options;
  options.wire.compressed = true;
  std::vector<Answer> rows{
      {with_length("Content-Encoding: gzip", kGzip), 200, "hello"},
      {with_length("Content-Encoding: identity, gzip", kGzip), 200, "hello"},
      {with_length("Content-Encoding: aws-chunked,gzip", kGzip), 200, "hello"},
      {with_length("Content-Encoding: deflate", kDeflate), 200, "hello"},
      {kOk + "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + in_chunks(kGzip), 200, "hello"},
      {with_length("Content-Encoding: rot13", "hello"), Errc::bad_response, 200},
      {with_length("Content-Encoding: compress", "hello"), Errc::bad_response, 200},
      {with_length("Content-Encoding: gzip", "hello"), Errc::bad_response, 200},
      {with_length("Content-Encoding: gzip", kGzip.substr(0, 20)), Errc::bad_response, 200},
      {with_length("Content-Encoding: gzip", ""), 200, ""},
  };
  for (const std::string none : {"",         "identity",    "Identity",       "none",         "UTF-8",
                                 "utf8",     "binary",      "aws-chunked",    "ISO-8859-1",   "us-ascii",
                                 "7bit",     "8bit",        "identity, none", "windows-1252", "Windows-1251",
                                 "UTF-16LE", "iso-8859-15", "Shift_JIS",      "EUC-KR",       "gb2312",
                                 "GBK",      "koi8-r",      "big5",           "latin1"}) {
    rows.emplace_back(with_length("Content-Encoding: " + none, "hello"), 200, "hello");
  }
  check_answers(rows, options);
}

TEST_CASE("Answers: without --compressed the content stays as it came, whatever its coding") {
  check_answers({
      {with_length("Content-Encoding: gzip", kGzip), 200, kGzip},
      {with_length("Content-Encoding: rot13", "hello"), 200, "hello"},
      {kOk + "Content-Encoding: gzip\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" + in_chunks(kGzip), 200,
       "hello"},
  });
}
