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

void ResponseParser::start(bool to_head, BodyWatch* watch, KnownHead* known) noexcept {
  to_head_ = to_head;
  watch_ = watch;
  known_ = known;
  begun_ = false;
  cut_.clear();
  body_bytes_ = 0;
  informational_ = 0;
  blank_lines_ = 0;
  now_.status = 0;
  new_head();
}

void ResponseParser::new_head() noexcept {
  now_.place = Place::status_line;
  now_.framing = Framing::none;
  head_bytes_ = 0;
  now_.keep_alive = has_length_ = has_encoding_ = chunked_ = may_fold_ = old_version_ = false;
}

ResponseParser::State ResponseParser::fail(Errc code, const char* message) noexcept {
  fault_ = code;
  message_ = message;
  now_.place = Place::failed;
  return State::failed;
}

void ResponseParser::KnownHead::keep(std::string_view text, bool to_head, const Meaning& meaning) {
  if (text.size() > kMost) return;
  text_ = text;
  to_head_ = to_head;
  meaning_ = meaning;
}

// Reads a head from its first byte on, and keeps it if it is there whole.
void ResponseParser::learn_head(std::string_view& bytes) {
  const std::string_view all = bytes;
  while (is_in_head() && !bytes.empty()) take_lines(bytes);
  if (is_in_head() || state() == State::failed) return;
  known_->keep(all.substr(0, all.size() - bytes.size()), to_head_, now_);
}

ResponseParser::State ResponseParser::feed(std::string_view& bytes) {
  const bool is_first = !begun_ && head_bytes_ == 0 && known_ != nullptr;
  if (is_first && known_->begins(bytes, to_head_)) {
    begun_ = true;
    now_ = known_->meaning_;
    bytes.remove_prefix(known_->text_.size());
  } else if (!begun_) {
    begun_ = bytes.find_first_not_of("\r\n") != std::string_view::npos;
    if (is_first) learn_head(bytes);
  }
  while (state() == State::more && !bytes.empty()) {
    if (now_.place == Place::body || now_.place == Place::chunk_data) {
      take_body(bytes);
    } else {
      take_lines(bytes);
    }
  }
  return state();
}

void ResponseParser::take_body(std::string_view& bytes) noexcept {
  const bool all = now_.framing == Framing::until_close;
  const auto taken = all ? bytes.size() : std::min<std::uint64_t>(now_.left, bytes.size());
  body_bytes_ += taken;
  if (watch_ != nullptr) watch_->take(bytes.substr(0, static_cast<std::size_t>(taken)));
  if (all) {
    bytes = {};
    return;
  }
  now_.left -= taken;
  bytes.remove_prefix(static_cast<std::size_t>(taken));
  if (now_.left == 0) now_.place = now_.place == Place::chunk_data ? Place::chunk_end : Place::done;
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
  switch (now_.place) {
    case Place::status_line:
      if (line.empty() && ++blank_lines_ <= kMaxBlankLines) return true;
      return take_status_line(line);
    case Place::chunk_size:
      return take_chunk_size(line);
    case Place::chunk_end:
      return take_chunk_end(line);
    case Place::trailers:
      if (!line.empty()) return take_field(line);
      now_.place = Place::done;
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
  now_.status = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
  old_version_ = line[7] == '0';
  now_.keep_alive = !old_version_;
  now_.place = Place::fields;
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
  if (now_.place == Place::trailers) return true;
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
  } while (!value.empty() && now_.place != Place::failed);
  return now_.place != Place::failed;
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
      now_.keep_alive = false;
      old_version_ = false;  // keep-alive can't undo it
    } else if (old_version_ && text::equal_ignoring_case(option, "keep-alive")) {
      now_.keep_alive = true;
    }
  }
}

// RFC 9112, 6.3.
bool ResponseParser::end_of_head() {
  if (now_.status == 101) {
    fail(Errc::bad_response, "101 Switching Protocols, which nobody asked for");
    return false;
  }
  if (now_.status < 200) {
    if (++informational_ > kMaxInformational) {
      fail(Errc::bad_response, "more than 64 informational (1xx) responses");
      return false;
    }
    new_head();
    return true;
  }
  if (to_head_ || now_.status == 204 || now_.status == 304) {
    now_.place = Place::done;
  } else if (has_encoding_) {
    now_.framing = chunked_ ? Framing::chunked : Framing::until_close;
    if (old_version_)
      now_.keep_alive = false;  // HTTP/1.0 has no Transfer-Encoding, so nobody knows what the server means
    now_.place = chunked_ ? Place::chunk_size : Place::body;
  } else if (has_length_) {
    now_.framing = Framing::length;
    now_.left = length_;
    now_.place = now_.left == 0 ? Place::done : Place::body;
  } else {
    now_.framing = Framing::until_close;
    now_.place = Place::body;
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
  now_.left = size;
  now_.place = size == 0 ? Place::trailers : Place::chunk_data;
  may_fold_ = false;
  return true;
}

bool ResponseParser::take_chunk_end(std::string_view line) {
  if (!line.empty()) {
    fail(Errc::bad_response, "a chunk is longer than its size");
    return false;
  }
  now_.place = Place::chunk_size;
  return true;
}

ResponseParser::State ResponseParser::end_of_stream(bool cut) {
  if (state() != State::more) return state();
  if (now_.place == Place::body && now_.framing == Framing::until_close) {
    if (cut) {
      return fail(Errc::truncated,
                  "the TLS connection was closed without close_notify, and the body has no length");
    }
    now_.place = Place::done;
    return State::done;
  }
  if (!begun_) return fail(Errc::reset, "the connection was closed without an answer");
  return fail(Errc::truncated, "the connection was closed in the middle of a response");
}

}  // namespace leat::load
