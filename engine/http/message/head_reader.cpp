#include "engine/http/message/head_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "engine/text/ascii.hpp"
#include "engine/text/number.hpp"

namespace leat::http {

namespace {

constexpr std::size_t kUsualHead = 512;
constexpr std::size_t kMaxHead = 256 * 1024;  // bytes of a response's head; libcurl bounds only single lines
constexpr int kMaxInformational = 64;         // 1xx responses before the real one

// The first letter alone shows of most lines that they are no status line.
bool is_version(std::string_view line) noexcept {
  return (line.front() == 'H' || line.front() == 'h') && text::starts_with_ignoring_case(line, "HTTP/");
}

bool has_bare_cr(std::string_view line) noexcept {
  const auto cr = line.find('\r');
  return cr != std::string_view::npos && cr + 2 != line.size();
}

constexpr std::string_view kLength = "content-length";
constexpr std::string_view kCoding = "transfer-encoding";

// A number below 2^63, as libcurl counts.
std::optional<std::uint64_t> number(std::string_view text) {
  const auto value = text::parse_number<std::uint64_t>(text);
  return value && *value <= ~std::uint64_t{0} >> 1 ? value : std::nullopt;
}

Status take_length(std::string_view value, ResponseHead& head) {
  if (!head.content_length) {  // nearly always it is one number
    head.content_length = number(text::trimmed(value, text::kBlanksAndLineEnds));
    if (head.content_length) return std::nullopt;
  }
  for (const auto element : text::split(value, ',')) {
    const auto length = number(text::trimmed(element, text::kBlanksAndLineEnds));
    if (!length) return Error(Errc::bad_response, "Content-Length is not a number");
    if (head.content_length && *head.content_length != *length) {
      return Error(Errc::bad_response, "two different lengths in Content-Length");
    }
    head.content_length = length;
  }
  return std::nullopt;
}

Status take_codings(std::string_view value, ResponseHead& head, bool& is_identity) {
  for (const auto piece : text::split(value, ',')) {
    const auto coding = text::trimmed(piece, text::kBlanksAndLineEnds);
    if (text::equal_ignoring_case(coding, "chunked")) {
      head.chunked = true;
      continue;
    }
    if (coding.empty()) continue;
    // RFC 2616, 4.4: the body is as long as Content-Length says. libcurl 7.88 passes that over.
    if (text::equal_ignoring_case(coding, "identity")) {
      is_identity = true;
      continue;
    }
    if (!text::equal_ignoring_case(coding, "gzip") && !text::equal_ignoring_case(coding, "x-gzip") &&
        !text::equal_ignoring_case(coding, "deflate")) {
      return Error(Errc::bad_response, "the transfer coding is none of chunked, gzip and deflate");
    }
    if (head.chunked) return Error(Errc::bad_response, "a transfer coding follows chunked");
    head.coded = true;
  }
  return std::nullopt;
}

// Gives the name of a field that says where the body ends; empty for all other fields.
std::string_view framing_name(std::string_view line) noexcept {
  const char first = line.empty() ? '\0' : static_cast<char>(line.front() | 0x20);
  if (first != 'c' && first != 't') return {};
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  const auto name = line.substr(0, line.substr(0, colon).find_last_not_of(text::kBlanks) + 1);
  return text::equal_ignoring_case(name, kLength) || text::equal_ignoring_case(name, kCoding)
             ? name
             : std::string_view();
}

// Takes one line of a response's head if it is a field that says where the body ends (RFC 9112, 6).
//
// The error is bad_response if that remains unclear:
//
// - a Content-Length that is no number, or 2^63 or more, which libcurl takes for none;
// - a second Content-Length that differs;
// - a coding besides chunked that is neither gzip, deflate nor identity, or that stands behind chunked;
// - a blank between the name of such a field and its colon, as in "Content-Length : 5". RFC 9112, 5.1, says
//   that such a blank must be removed, but libcurl ignores the whole field, and would take any part of the
//   body, or its chunks, for a whole one.
//
// Other fields with such a blank are ignored, as in curl. A field that says the same length several times
// means that length (RFC 9110, 8.6), and chunked that is said twice means chunked: this is what proxies
// behind proxies send.
//
// Every response passes here, so most lines are recognised by their first byte.
Status take_framing_field(std::string_view line, ResponseHead& head, bool& is_identity) {
  const auto name = framing_name(line);
  if (name.empty()) return std::nullopt;
  if (line[name.size()] != ':') {
    return Error(Errc::bad_response, "a blank before the colon of " + std::string(name));
  }
  const auto value = line.substr(name.size() + 1);
  return text::equal_ignoring_case(name, kLength) ? take_length(value, head)
                                                  : take_codings(value, head, is_identity);
}

bool is_framing_field(std::string_view line) noexcept { return !framing_name(line).empty(); }

void forget_framing(ResponseHead& head) noexcept {
  head.content_length.reset();
  head.chunked = head.coded = false;
}

}  // namespace

void HeadReader::start() noexcept {
  head_.status = 0;
  head_.headers.clear();
  head_.headers.reserve(kUsualHead);
  forget_framing(head_);
  ends_unseen_ = has_folded_framing_ = false;
  error_.reset();
  trailers_ = 0;
  informational_ = 0;
  at_start_ = true;
  whole_ = false;
}

HeadReader::Step HeadReader::fail(Errc code, const char* message) {
  error_.emplace(code, message);
  return Step::failed;
}

// The grammar is HTTP-version SP *( SP / HTAB ) 3DIGIT [ ( SP / HTAB ) reason ]. libcurl writes "HTTP/2 200"
// for a version that has no status line, and takes a line with only the prefix for a 200.
int HeadReader::status_in(std::string_view line) noexcept {
  if (!line.starts_with("HTTP/") || has_bare_cr(line)) return 0;
  line.remove_prefix(5);
  if (line.empty() || !text::is_digit(line[0])) return 0;
  line.remove_prefix(1);
  if (line.size() > 2 && line[0] == '.' && text::is_digit(line[1])) line.remove_prefix(2);
  const auto digits = line.find_first_not_of(" \t");
  if (!line.starts_with(' ') || digits == std::string_view::npos || line.size() - digits < 4) return 0;
  line.remove_prefix(digits);
  const bool ends = std::string_view(" \t\r\n").find(line[3]) != std::string_view::npos;
  if (!ends || line[0] == '0' || !std::all_of(line.begin(), line.begin() + 3, text::is_digit)) return 0;
  return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

HeadReader::Step HeadReader::take_status_line(std::string_view line, int status) {
  head_.headers.clear();
  forget_framing(head_);
  ends_unseen_ = has_folded_framing_ = false;
  head_.status = 0;
  at_start_ = false;
  if (status == 0 || status_in(line) != status) {
    return fail(Errc::bad_response, "the response does not begin with a status line of HTTP");
  }
  head_.status = status;
  return Step::more;
}

HeadReader::Step HeadReader::take(std::string_view line) {
  if (whole_) {  // trailers are of no use, but they must come to an end
    trailers_ += line.size();
    if (trailers_ <= kMaxHead) return Step::more;
    return fail(Errc::header_too_large, "the fields after the body are over 256 KiB");
  }
  if (line == "\r\n" || line == "\n") return end_of_head();
  if (head_.headers.size_bytes() + line.size() > kMaxHead) {
    return fail(Errc::header_too_large, "the response's head is over 256 KiB");
  }
  if (has_bare_cr(line)) return fail(Errc::bad_response, "a bare CR in the response's head");
  return take_field(line);
}

HeadReader::Step HeadReader::take_field(std::string_view line) {
  if (line.front() == ' ' || line.front() == '\t') {
    const std::string_view field = head_.headers.last();
    if (field.empty())
      return fail(Errc::bad_response, "a folded line that is not the rest of a header field");
    has_folded_framing_ = has_folded_framing_ || is_framing_field(field);
    head_.headers.unfold(line);
    return Step::more;
  }
  if (is_version(line)) return fail(Errc::bad_response, "a second status line among the header fields");
  if (Status error = take_framing_field(line, head_, ends_unseen_)) {
    error_ = std::move(error);
    return Step::failed;
  }
  head_.headers.append(line);
  return Step::more;
}

// What was read line by line is what libcurl has read.
Status HeadReader::reread_framing() {
  const auto length = head_.content_length;
  const bool was_chunked = head_.chunked;
  forget_framing(head_);
  ends_unseen_ = false;
  Status wrong;
  head_.headers.for_each([&](std::string_view name, std::string_view value) {
    if (wrong) return;
    if (text::equal_ignoring_case(name, kLength)) wrong = take_length(value, head_);
    if (text::equal_ignoring_case(name, kCoding)) wrong = take_codings(value, head_, ends_unseen_);
  });
  const bool chunked_unseen = head_.chunked && !was_chunked;
  ends_unseen_ = head_.chunked ? chunked_unseen : ends_unseen_;
  if (wrong || (head_.content_length == length && !(chunked_unseen && length))) return wrong;
  return Error(Errc::bad_response, "a folded field that says where the body ends, beside a length");
}

HeadReader::Step HeadReader::end_of_head() {
  if (std::exchange(has_folded_framing_, false)) {
    error_ = reread_framing();
    if (error_) return Step::failed;
  } else if (head_.chunked) {  // "identity, chunked"
    ends_unseen_ = false;
  }
  if (head_.status == 101) {
    return fail(Errc::bad_response, "101 Switching Protocols, which nobody asked for");
  }
  if (head_.status < 200) {
    at_start_ = true;
    if (++informational_ <= kMaxInformational) return Step::more;
    return fail(Errc::bad_response, "more than 64 informational (1xx) responses");
  }
  whole_ = true;
  return Step::whole;
}

}  // namespace leat::http
