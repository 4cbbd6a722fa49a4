#include "engine/http/head_reader.hpp"

#include <charconv>
#include <utility>

#include "engine/http/framing_field.hpp"

namespace leat::http {

namespace {

constexpr std::size_t kUsualHead = 512;
constexpr std::size_t kMaxHead = 256 * 1024;  // bytes of a response's head; libcurl bounds only single lines
constexpr int kMaxInformational = 64;         // 1xx responses before the real one

}  // namespace

void HeadReader::start() noexcept {
  head_.status = 0;
  head_.headers.clear();
  head_.headers.reserve(kUsualHead);
  head_.content_length.reset();
  error_.reset();
  trailers_ = 0;
  informational_ = 0;
  whole_ = false;
}

HeadReader::Step HeadReader::fail(Errc code, const char* message) {
  error_.emplace(code, message);
  return Step::failed;
}

HeadReader::Step HeadReader::take(std::string_view line) {
  if (whole_) {  // a trailer: of no use, but they must come to an end
    trailers_ += line.size();
    if (trailers_ <= kMaxHead) return Step::more;
    return fail(Errc::header_too_large, "the fields behind the body are over 256 KiB");
  }
  if (line.starts_with("HTTP/")) {
    head_.headers.clear();
    head_.content_length.reset();
    const auto blank = line.find(' ');
    head_.status = 0;
    if (blank != std::string_view::npos)
      std::from_chars(line.data() + blank + 1, line.data() + line.size(), head_.status);
    return Step::more;
  }
  if (line == "\r\n" || line == "\n") return end_of_head();
  if (head_.headers.size_bytes() + line.size() > kMaxHead) {
    return fail(Errc::header_too_large, "the response's head is over 256 KiB");
  }
  if (Status error = take_framing_field(line, head_)) {
    error_ = std::move(error);
    return Step::failed;
  }
  head_.headers.append(line);
  return Step::more;
}

HeadReader::Step HeadReader::end_of_head() {
  if (head_.status >= 100 && head_.status < 200 && head_.status != 101) {
    if (++informational_ <= kMaxInformational) return Step::more;
    return fail(Errc::bad_response, "more than 64 informational (1xx) responses");
  }
  whole_ = true;
  return Step::whole;
}

}  // namespace leat::http
