#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tests/support/origin/conditional.hpp"
#include "tests/support/origin/handlers.hpp"

namespace leat::origin {
namespace {

constexpr std::string_view kLastModified = "Thu, 01 Jan 2026 00:00:00 GMT";
constexpr std::string_view kModifiedSince = "Fri, 02 Jan 2026 00:00:00 GMT";
constexpr std::uint64_t kNewStart = 7;  // the body of the new version begins here in the pattern
constexpr auto kFaults = std::to_array<std::string_view>(
    {"", "ignore-range", "wrong-start", "no-content-range", "wrong-total", "short", "416-always"});

void answer_not_modified(const Exchange& exchange) { exchange.response.text(304, ""); }

void answer_unsatisfiable(const Exchange& exchange, std::uint64_t size) {
  exchange.response.text(416, "range not satisfiable\n");
  exchange.response.header("Content-Range", fmt::format("bytes */{}", size));
}

/// Begins one byte later than asked, or one byte earlier if there is no later byte. A body of one byte has no
/// other start.
std::uint64_t other_start(const RangeAsked& range) noexcept {
  if (range.first < range.last) return range.first + 1;
  return range.first > 0 ? range.first - 1 : 0;
}

void answer_part(const Exchange& exchange, RangeAsked range, std::uint64_t size, std::string_view fault,
                 bool is_new) {
  if (fault == "wrong-start") range.first = other_start(range);
  std::uint64_t length = range.last - range.first + 1;
  if (fault != "no-content-range") {
    const std::uint64_t total = fault == "wrong-total" ? size + 1 : size;
    exchange.response.header("Content-Range", fmt::format("bytes {}-{}/{}", range.first, range.last, total));
  }
  if (fault == "short") {
    length /= 2;
    exchange.response.ending = Ending::close;
  }
  exchange.response.status = 206;
  exchange.response.stream(std::make_unique<PatternBody>(range.first + (is_new ? kNewStart : 0), length),
                           length);
}

bool is_busy(const Exchange& exchange, const RangeAsked& range) {
  const auto status = exchange.target().parameter_number("busy");
  if (!status || range.first == 0) return false;
  if (exchange.services.occurrences.next(fmt::format("busy {}", exchange.target().path())) > 0) return false;
  exchange.response.text(static_cast<int>(*status), "busy\n");
  if (const auto value = exchange.target().parameter("retry-after")) {
    exchange.response.header("Retry-After", *value);
  }
  return true;
}

}  // namespace

bool answer_range(const Exchange& exchange) {
  const Request& request = exchange.request;
  const auto size = request.target.number(1);
  std::string fault = request.target.parameter("fault").value_or("");
  if (!size || std::find(kFaults.begin(), kFaults.end(), fault) == kFaults.end()) return false;
  const auto old_for = request.target.parameter_number("changes-after");
  const bool is_new =
      old_for && exchange.services.occurrences.next(fmt::format("{}#", request.target.path())) >= *old_for;
  const std::string etag = fmt::format("{}\"{}\"", request.target.parameter("weak") == "1" ? "W/" : "",
                                       is_new ? "new" : request.target.parameter("etag").value_or("v1"));
  const std::string_view modified = is_new ? kModifiedSince : kLastModified;
  exchange.response.header("Accept-Ranges", "bytes");
  if (request.target.parameter("etag") != "") exchange.response.header("ETag", etag);
  exchange.response.header("Last-Modified", modified);
  if (request.target.parameter("coded") == "1") exchange.response.header("Content-Encoding", "x-unknown");
  if (is_not_modified(request, etag, modified)) {
    answer_not_modified(exchange);
    return true;
  }
  RangeAsked range;
  const auto header = request.header("range");
  if (header && request.method == "GET") range = parse_range(*header, *size);
  if (range.first < request.target.parameter_number("fault-from").value_or(0)) fault.clear();
  if (is_busy(exchange, range)) return true;
  if (!passes_if_range(request, etag, modified) || fault == "ignore-range") range = RangeAsked();
  if (range.kind != RangeAsked::Kind::whole && fault == "416-always") {
    range.kind = RangeAsked::Kind::unsatisfiable;
  }
  if (range.kind == RangeAsked::Kind::unsatisfiable) {
    answer_unsatisfiable(exchange, *size);
  } else if (range.kind == RangeAsked::Kind::part) {
    answer_part(exchange, range, *size, fault, is_new);
  } else {
    if (request.target.parameter("chunked") == "1") exchange.response.framing = Framing::chunked;
    exchange.response.stream(std::make_unique<PatternBody>(is_new ? kNewStart : 0, *size), *size);
  }
  return true;
}

bool answer_etag(const Exchange& exchange) {
  const std::string value = exchange.target().segment(1);
  const std::string etag = fmt::format("\"{}\"", value);
  exchange.response.header("ETag", etag);
  const auto known = exchange.request.header("if-none-match");
  if (known && matches_etag(*known, etag)) {
    answer_not_modified(exchange);
  } else {
    exchange.response.text(200, fmt::format("etag {}\n", value));
  }
  return !value.empty();
}

}  // namespace leat::origin
