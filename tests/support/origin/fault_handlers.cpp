#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "tests/support/origin/handlers.hpp"

namespace leat::origin {
namespace {

constexpr std::uint64_t kUnsent = 1024;  // so much is announced beyond what is sent
constexpr std::string_view kOkAnswer =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\nConnection: "
    "close\r\n\r\n"
    "ok\n";

using namespace std::string_view_literals;

constexpr auto kBadAnswers = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"two-lengths", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nok\n\n\n"},
    {"negative-length", "HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nok\n"},
    {"nul-header", "HTTP/1.1 200 OK\r\nX-Nul: a\0b\r\nContent-Length: 3\r\n\r\nok\n"sv},
    {"both",
     "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nok\n\r\n0\r\n\r\n"},
    {"http09", "ok\n"},
    {"garbage", "\x16\x03\x01\x00\xFF\xFE no HTTP at all \x80\x00\r\n\r\n"sv},
    {"bad-chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\n\r\n0\r\n\r\n"},
    {"bad-status-line", "HTTP/1.1 abc OK\r\nContent-Length: 3\r\n\r\nok\n"},
});

/// Sends nothing; `ending` follows if the fault is due, and else the answer is ok.
bool answer_nothing(const Exchange& exchange, Ending ending) {
  exchange.response.text(200, "ok\n");
  if (exchange.fault_is_due(exchange.target().path())) {
    exchange.response.framing = Framing::none;
    exchange.response.ending = ending;
  }
  return true;
}

}  // namespace

bool answer_truncate(const Exchange& exchange) {
  const auto sent = exchange.target().number(1);
  const auto total = exchange.target().number(2);
  if (!sent || !total) return false;
  exchange.response.stream(std::make_unique<PatternBody>(0, *total), *total);
  if (exchange.fault_is_due(exchange.target().path())) exchange.response.cut(*sent, Ending::close);
  return true;
}

bool answer_truncate_chunked(const Exchange& exchange) {
  const auto sent = exchange.target().number(1);
  if (!sent) return false;
  const std::uint64_t total = *sent + kUnsent;
  Response& response = exchange.response;
  if (exchange.request.http10) {
    response.framing = Framing::close;
  } else {
    response.framing = Framing::coded;
    response.body = fmt::format("{:x}\r\n", total);
    response.tail = "\r\n0\r\n\r\n";
  }
  response.stream(std::make_unique<PatternBody>(0, total), total);
  if (exchange.fault_is_due(exchange.target().path())) {
    response.cut(response.body.size() + *sent, Ending::close);
  }
  return true;
}

bool answer_reset(const Exchange& exchange) {
  const auto after = exchange.target().number(1);
  if (!after) return false;
  if (*after == 0) return answer_nothing(exchange, Ending::reset);
  const std::uint64_t total = *after + kUnsent;
  exchange.response.stream(std::make_unique<PatternBody>(0, total), total);
  if (exchange.fault_is_due(exchange.target().path())) exchange.response.cut(*after, Ending::reset);
  return true;
}

bool answer_empty(const Exchange& exchange) { return answer_nothing(exchange, Ending::close); }

bool answer_hang(const Exchange& exchange) { return answer_nothing(exchange, Ending::hang); }

bool answer_endless_headers(const Exchange& exchange) {
  exchange.response.raw("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n");
  exchange.response.source = std::make_unique<RepeatedBody>("X-Endless: and another line\r\n", kEndless);
  return true;
}

bool answer_huge_header(const Exchange& exchange) {
  const auto size = exchange.target().number(1);
  if (!size) return false;
  const std::string_view status_line = kOkAnswer.substr(0, kOkAnswer.find("\r\n") + 2);
  exchange.response.raw(std::string(status_line) + "X-Huge: ");
  exchange.response.source = std::make_unique<RepeatedBody>(std::string(4096, 'x'), *size);
  exchange.response.tail.append("\r\n").append(kOkAnswer.substr(status_line.size()));
  return true;
}

bool answer_many_1xx(const Exchange& exchange) {
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  const auto count = exchange.target().number(1);
  if (!count || *count > kEndless / kContinue.size()) return false;
  exchange.response.raw("");
  exchange.response.source =
      std::make_unique<RepeatedBody>(std::string(kContinue), *count * kContinue.size());
  exchange.response.tail = kOkAnswer;
  return true;
}

bool answer_bad(const Exchange& exchange) {
  const std::string_view kind = exchange.target().raw_segment(1);
  const auto found = std::find_if(kBadAnswers.begin(), kBadAnswers.end(),
                                  [kind](const auto& entry) { return entry.first == kind; });
  if (found == kBadAnswers.end()) return false;
  exchange.response.raw(found->second);
  return true;
}

}  // namespace leat::origin
