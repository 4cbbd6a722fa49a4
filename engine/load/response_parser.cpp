#include "engine/load/response_parser.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/load/body_watch.hpp"
#include "engine/text/ascii.hpp"

namespace leat::load {

namespace {

// RFC 9110, 5.6.2.
constexpr auto kIsToken = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < table.size(); ++c) table[c] = text::is_token(static_cast<char>(c));
  return table;
}();

}  // namespace

void ResponseParser::start(bool to_head, BodyWatch* watch) noexcept {
  to_head_ = to_head;
  watch_ = watch;
  begun_ = false;
  cut_.clear();
  body_bytes_ = 0;
  informational_ = 0;
  blank_lines_ = 0;
  status_ = 0;
  new_head();
}

void ResponseParser::new_head() noexcept {
  place_ = Place::status_line;
  framing_ = Framing::none;
  head_bytes_ = 0;
  keep_alive_ = has_length_ = has_encoding_ = chunked_ = may_fold_ = old_version_ = false;
}

ResponseParser::State ResponseParser::fail(Errc code, const char* message) noexcept {
  fault_ = code;
  message_ = message;
  place_ = Place::failed;
  return State::failed;
}

ResponseParser::State ResponseParser::state() const noexcept {
  if (place_ == Place::done) return State::done;
  return place_ == Place::failed ? State::failed : State::more;
}

ResponseParser::State ResponseParser::feed(std::string_view& bytes) {
  if (!begun_) begun_ = bytes.find_first_not_of("\r\n") != std::string_view::npos;
  while (state() == State::more && !bytes.empty()) {
    if (place_ == Place::body || place_ == Place::chunk_data) {
      take_body(bytes);
    } else {
      take_lines(bytes);
    }
  }
  return state();
}

void ResponseParser::take_body(std::string_view& bytes) noexcept {
  const bool all = framing_ == Framing::until_close;
  const auto taken = all ? bytes.size() : std::min<std::uint64_t>(left_, bytes.size());
  body_bytes_ += taken;
  if (watch_ != nullptr) watch_->take(bytes.substr(0, static_cast<std::size_t>(taken)));
  if (all) {
    bytes = {};
    return;
  }
  left_ -= taken;
  bytes.remove_prefix(static_cast<std::size_t>(taken));
  if (left_ == 0) place_ = place_ == Place::chunk_data ? Place::chunk_end : Place::done;
}

// Gives one line if its end is there.
ResponseParser::State ResponseParser::take_lines(std::string_view& bytes) {
  const auto* const end = static_cast<const char*>(std::memchr(bytes.data(), '\n', bytes.size()));
  const std::size_t size = end != nullptr ? static_cast<std::size_t>(end - bytes.data()) + 1 : bytes.size();
  head_bytes_ += size;
  if (cut_.size() + size > kMaxLine) {
    return fail(Errc::header_too_large, "a line of the response's head is over 100 KiB");
  }
  if (head_bytes_ > kMaxHead) return fail(Errc::header_too_large, "the response's head is over 256 KiB");
  std::string_view line = bytes.substr(0, size);
  bytes.remove_prefix(size);
  if (end == nullptr) {
    cut_ += line;
    return State::more;
  }
  if (cut_.empty()) {
    take_line(line);
  } else {
    cut_ += line;
    take_line(cut_);
    cut_.clear();
  }
  return state();
}

bool ResponseParser::take_line(std::string_view line) {
  line.remove_suffix(1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  switch (place_) {
    case Place::status_line:
      if (line.empty() && ++blank_lines_ <= kMaxBlankLines) return true;
      return take_status_line(line);
    case Place::chunk_size:
      return take_chunk_size(line);
    case Place::chunk_end:
      return take_chunk_end(line);
    case Place::trailers:
      if (!line.empty()) return take_field(line);
      place_ = Place::done;
      return true;
    default:
      return line.empty() ? end_of_head() : take_field(line);
  }
}

// HTTP-version 1*( SP / HTAB ) 3DIGIT [ ( SP / HTAB ) reason ], the first blank a SP as in libcurl
bool ResponseParser::take_status_line(std::string_view line) {
  constexpr std::string_view kVersion = "HTTP/1.";
  const std::size_t at = std::min(line.size(), line.find_first_not_of(" \t", 8));
  if (line.size() < at + 3 || !line.starts_with(kVersion) || !text::is_digit(line[7]) || line[8] != ' ') {
    fail(Errc::bad_response, "the response does not begin with an HTTP/1 status line");
    return false;
  }
  const std::string_view digits = line.substr(at, 3);
  if (!std::all_of(digits.begin(), digits.end(), text::is_digit) || digits[0] == '0' ||
      (line.size() > at + 3 && line[at + 3] != ' ' && line[at + 3] != '\t')) {
    fail(Errc::bad_response, "the response's status is not a number of three digits");
    return false;
  }
  status_ = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
  old_version_ = line[7] == '0';
  keep_alive_ = !old_version_;
  place_ = Place::fields;
  return true;
}

bool ResponseParser::take_field(std::string_view line) {
  if (std::memchr(line.data(), '\0', line.size()) != nullptr ||
      std::memchr(line.data(), '\r', line.size()) != nullptr) {
    fail(Errc::bad_response, "a header field holds a NUL or a bare CR");
    return false;
  }
  if (line.front() == ' ' || line.front() == '\t') {
    if (!may_fold_) fail(Errc::bad_response, "a folded line that is not the rest of a plain header field");
    return may_fold_;
  }
  std::size_t colon = 0;
  while (colon < line.size() && kIsToken[static_cast<unsigned char>(line[colon])]) ++colon;
  if (colon == 0 || colon == line.size() || line[colon] != ':') {
    fail(Errc::bad_response, "a line of the head is no header field");
    return false;
  }
  may_fold_ = true;
  if (place_ == Place::trailers) return true;
  const std::string_view name = line.substr(0, colon);
  const auto value = [&] { return text::trimmed(line.substr(colon + 1)); };
  if (name.size() == 14 && text::equal_ignoring_case(name, "content-length")) return take_length(value());
  if (name.size() == 17 && text::equal_ignoring_case(name, "transfer-encoding"))
    return take_encoding(value());
  if (name.size() == 10 && text::equal_ignoring_case(name, "connection")) take_connection(value());
  return true;
}

bool ResponseParser::take_length(std::string_view value) {
  may_fold_ = false;
  const bool open = value.ends_with(',');
  do {
    std::uint64_t length = 0;
    const auto element = text::trimmed(text::take_before(value, ','));
    bool bad = open || element.empty();
    for (const char c : element) {
      const bool fits = length <= (~std::uint64_t{0} >> 1) / 10 - 1;
      bad = bad || !text::is_digit(c) || !fits;
      if (!bad) length = length * 10 + static_cast<std::uint64_t>(c - '0');
    }
    if (bad) {
      fail(Errc::bad_response, "Content-Length is not a number");
    } else if (has_length_ && length != length_) {
      fail(Errc::bad_response, "two different Content-Length fields");
    }
    has_length_ = true;
    length_ = length;
  } while (!value.empty() && place_ != Place::failed);
  return place_ != Place::failed;
}

bool ResponseParser::take_encoding(std::string_view value) {
  may_fold_ = false;
  while (!value.empty()) {
    const auto coding = text::trimmed(text::take_before(value, ','));
    if (coding.empty() || (chunked_ && text::equal_ignoring_case(coding, "chunked")))
      continue;  // said twice, by two proxies
    if (chunked_) {
      fail(Errc::bad_response, "Transfer-Encoding names chunked, and then another coding");
      return false;
    }
    has_encoding_ = true;
    chunked_ = text::equal_ignoring_case(coding, "chunked");
  }
  return true;
}

void ResponseParser::take_connection(std::string_view value) noexcept {
  may_fold_ = false;
  while (!value.empty()) {
    const auto option = text::trimmed(text::take_before(value, ','));
    if (text::equal_ignoring_case(option, "close")) {
      keep_alive_ = false;
      old_version_ = false;  // keep-alive can't undo it
    } else if (old_version_ && text::equal_ignoring_case(option, "keep-alive")) {
      keep_alive_ = true;
    }
  }
}

// RFC 9112, 6.3.
bool ResponseParser::end_of_head() {
  if (status_ == 101) {
    fail(Errc::bad_response, "101 Switching Protocols, which nobody asked for");
    return false;
  }
  if (status_ < 200) {
    if (++informational_ > kMaxInformational) {
      fail(Errc::bad_response, "more than 64 informational (1xx) responses");
      return false;
    }
    new_head();
    return true;
  }
  if (to_head_ || status_ == 204 || status_ == 304) {
    place_ = Place::done;
  } else if (has_encoding_) {
    framing_ = chunked_ ? Framing::chunked : Framing::until_close;
    if (old_version_)
      keep_alive_ = false;  // HTTP/1.0 has no Transfer-Encoding, so nobody knows what the server means
    place_ = chunked_ ? Place::chunk_size : Place::body;
  } else if (has_length_) {
    framing_ = Framing::length;
    left_ = length_;
    place_ = left_ == 0 ? Place::done : Place::body;
  } else {
    framing_ = Framing::until_close;
    place_ = Place::body;
  }
  head_bytes_ = 0;
  return true;
}

bool ResponseParser::take_chunk_size(std::string_view line) {
  std::uint64_t size = 0;
  std::size_t digits = 0;
  for (; digits < line.size() && text::hex_digit(line[digits]) >= 0; ++digits) {
    if (size > (~std::uint64_t{0} >> 5)) {
      fail(Errc::bad_response, "a chunk's size is too large");
      return false;
    }
    size = size * 16 + static_cast<std::uint64_t>(text::hex_digit(line[digits]));
  }
  const std::string_view rest = line.substr(digits);
  const auto more = rest.find_first_not_of(" \t");
  if (digits == 0 || (more != std::string_view::npos && rest[more] != ';')) {
    fail(Errc::bad_response, "a chunk does not begin with its size");
    return false;
  }
  head_bytes_ = 0;
  left_ = size;
  place_ = size == 0 ? Place::trailers : Place::chunk_data;
  may_fold_ = false;
  return true;
}

bool ResponseParser::take_chunk_end(std::string_view line) {
  if (!line.empty()) {
    fail(Errc::bad_response, "a chunk is longer than its size");
    return false;
  }
  place_ = Place::chunk_size;
  return true;
}

ResponseParser::State ResponseParser::end_of_stream(bool cut) {
  if (state() != State::more) return state();
  if (place_ == Place::body && framing_ == Framing::until_close) {
    if (cut) {
      return fail(Errc::truncated,
                  "the TLS connection was closed without close_notify, and the body has no length");
    }
    place_ = Place::done;
    return State::done;
  }
  if (!begun_) return fail(Errc::reset, "the connection was closed without an answer");
  return fail(Errc::truncated, "the connection was closed in the middle of a response");
}

}  // namespace leat::load
