// Status lines, byte for byte, and what a Client reads in them: RFC 9112, 4.
#include <curl/curl.h>
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/engine/http/answers/answer_table.hpp"

using leat::Errc;
using namespace leat::tests;
using namespace std::string_literals;

namespace {

const std::string kRest = "\r\nContent-Length: 5\r\n\r\nhello";

std::vector<Answer> refused(const std::vector<std::string>& lines) {
  std::vector<Answer> rows;
  rows.reserve(lines.size());
  for (const auto& line : lines) rows.emplace_back(line + kRest, Errc::bad_response, 0);
  return rows;
}

}  // namespace

TEST_CASE("Answers: every status from 200 to 599 that has a body and is no redirect is read as it is") {
  const std::set<int> others{204, 300, 301, 302, 303, 304, 305, 306, 307, 308};
  std::vector<Answer> rows;
  for (int status = 200; status < 600; ++status) {
    if (others.contains(status)) continue;
    rows.emplace_back("HTTP/1.1 " + std::to_string(status) + " Words" + kRest, status, "hello");
  }
  check_answers(rows);
}

TEST_CASE("Answers: a status may stand behind several blanks, which libcurl refuses since 8.13") {
  const bool is_refused = curl_version_info(CURLVERSION_NOW)->version_num >= 0x080d00;
  std::vector<Answer> rows;
  for (const char* line : {"HTTP/1.1  404 Not Found", "HTTP/1.1   404 Busy", "HTTP/1.1 \t 404 Not Found"}) {
    if (is_refused)
      rows.emplace_back(line + kRest, Errc::bad_response, 0);
    else
      rows.emplace_back(line + kRest, 404, "hello");
  }
  check_answers(rows);
}

TEST_CASE("Answers: a status line may have any reason phrase or none, and end in a bare LF") {
  check_answers({
      {"HTTP/1.1 200 OK" + kRest, 200, "hello"},
      {"HTTP/1.1 200 " + kRest, 200, "hello"},
      {"HTTP/1.1 200" + kRest, 200, "hello"},
      {"HTTP/1.0 200 OK" + kRest, 200, "hello"},
      {"HTTP/1.0 404" + kRest, 404, "hello"},
      {"HTTP/1.1 404\tNot Found" + kRest, 404, "hello"},
      {"HTTP/1.1 404  Not  Found " + kRest, 404, "hello"},
      {"HTTP/1.1 404 404 200" + kRest, 404, "hello"},
      {"HTTP/1.1 404 HTTP/1.1 200 OK" + kRest, 404, "hello"},
      {"HTTP/1.1 200 \xc3\xa4\xff" + kRest, 200, "hello"},
      {"HTTP/1.1 200 " + std::string(2000, 'x') + kRest, 200, "hello"},
      {"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", 200, "hello"},
      {"HTTP/1.1 600 Beyond" + kRest, 600, "hello"},
      {"HTTP/1.1 999 Denied" + kRest, 999, "hello"},
  });
}

TEST_CASE("Answers: a malformed status line is bad_response, and never a 200") {
  check_answers(refused({
      "http/1.1 200 OK",
      "http/1.1 404 Not Found",
      "Http/1.1 404 Not Found",
      "HTTp/1.0 500 x",
      "HTTP/1.1\t200 OK",
      "HTTP/1.1200 OK",
      "HTTP/1.1 20 OK",
      "HTTP/1.1 2 OK",
      "HTTP/1.1 2000 OK",
      "HTTP/1.1 4040 Not Found",
      "HTTP/1.1 404N",
      "HTTP/1.1 404: Not Found",
      "HTTP/1.1 404,Not Found",
      "HTTP/1.1 099 OK",
      "HTTP/1.1 000 OK",
      "HTTP/1.1 0200 OK",
      "HTTP/1.1 -20 OK",
      "HTTP/1.1 -200 OK",
      "HTTP/1.1 +20 OK",
      "HTTP/1.1 +200 OK",
      "HTTP/1.1 2 0 0 OK",
      "HTTP/1.1 0x0 OK",
      "HTTP/1.1 OK",
      "HTTP/1.1 OK 200",
      "HTTP/1.1 two OK",
      "HTTP/1.1",
      "HTTP/1.1 ",
      "HTTP/1.",
      "HTTP/1",
      "HTTP/",
      "HTTP",
      "HTTP/1 200 OK",
      "HTTP/1.x 200 OK",
      "HTTP/x 200 OK",
      "HTTP/x.1 200 OK",
      "HTTP/ 200 OK",
      "HTTP/.1 200 OK",
      "HTTP/11 200 OK",
      "HTTP/1.11 200 OK",
      "HTTP/0.9 200 OK",
      "HTTP/1.2 200 OK",
      "HTTP/4.0 200 OK",
      "HTTP/9.9 200 OK",
      "HTTP 200 OK",
      "HTTP-1.1 200 OK",
      "HTTPS/1.1 200 OK",
      "HTTP/1,1 200 OK",
      "HTTP /1.1 200 OK",
      "HTTP/ 1.1 200 OK",
      " HTTP/1.1 200 OK",
      "\tHTTP/1.1 200 OK",
      "\r\nHTTP/1.1 200 OK",
      "\nHTTP/1.1 200 OK",
      "\xef\xbb\xbfHTTP/1.1 200 OK",
      "XHTTP/1.1 200 OK",
      "ICY 200 OK",
      "RTSP/1.0 200 OK",
      "SIP/2.0 200 OK",
      "SSH-2.0-OpenSSH_9.2p1",
      "220 mail.example.org ready",
      "-ERR unknown command",
      "<html><body>hello</body></html>",
      "{\"status\": 200}",
      "GET / HTTP/1.1",
      "200 OK",
      "Content-Type: text/plain",
      "HTTP/1.1 200 O\rK",
      "HTTP/1.1 200 O\0K"s,
      "HTTP/1.1\r200 OK",
      "HTTP/1.1 200\r",
      "HTTP/1.1 200 OK\r",
      "HTTP/1.1 404 Not Found\r",
  }));
}

TEST_CASE("Answers: an informational head is skipped; 101 and too many of them are bad_response") {
  const std::string early = "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n";
  const std::string whole = "HTTP/1.1 404 No" + kRest;
  std::string many;
  for (int i = 0; i < 65; ++i) many += early;
  check_answers({
      {early + whole, 404, "hello"},
      {early + early + whole, 404, "hello"},
      {"HTTP/1.1 100 Continue\r\n\r\n" + whole, 404, "hello"},
      {"HTTP/1.1 102 Processing\r\n\r\n" + whole, 404, "hello"},
      {"HTTP/1.1 199 x\r\nContent-Length: 7\r\n\r\n" + whole, 404, "hello"},
      {early + "http/1.1 200 OK" + kRest, Errc::bad_response, 0},
      {early + "hello", Errc::bad_response, 103},
      {early, Errc::reset, 103},
      {many + whole, Errc::bad_response, 103},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nhello", Errc::bad_response, 101},
  });
}

TEST_CASE("Answers: an answer that is cut has the status of the head that came") {
  check_answers({
      {"", Errc::reset, 0},
      {"HTTP/1.1 404 Not Found\r\n", Errc::truncated, 404},
      {"HTTP/1.1 404 Not Found\r\nContent-Type: te", Errc::truncated, 404},
      {"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n", Errc::truncated, 404},
      {"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\n", Errc::truncated, 404},
      {"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nhell", Errc::truncated, 404},
      {"HTTP/1.1 500 x\r\nTransfer-Encoding: chunked\r\n\r\n", Errc::truncated, 500},
      {"HTTP/1.1 500 x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", Errc::truncated, 500},
  });
}
