#include "tests/support/origin/response.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

namespace leat::origin {
namespace {

constexpr std::size_t kMaxIdleCapacity = 64 * 1024;

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void reset_text(std::string& text) {
  text.clear();
  if (text.capacity() > kMaxIdleCapacity) text.shrink_to_fit();
}

/// RFC 9110, 6.4.1: these answers end with their head, whatever it says.
bool is_bodyless(int status) noexcept { return status < 200 || status == 204 || status == 304; }

}  // namespace

void Response::clear() {
  status = 200;
  content_type = kTextType;
  reset_text(headers);
  framing = Framing::length;
  ending = Ending::keep;
  reset_text(body);
  source.reset();
  source_length = 0;
  reset_text(tail);
  chunk_size = ChunkedBody::kMaxChunk;
  cut_after = kEndless;
  delay_us = 0;
  timed_as.reset();
  drip_ms = 0;
  sent_ = 0;
  position_ = 0;
  part_ = Part::body;
}

void Response::text(int code, std::string_view content, std::string_view type) {
  status = code;
  body = content;
  content_type = type;
}

void Response::stream(std::unique_ptr<BodySource> content, std::uint64_t length, std::string_view type) {
  source = std::move(content);
  source_length = length;
  content_type = type;
}

void Response::raw(std::string_view bytes) {
  framing = Framing::raw;
  ending = Ending::close;
  body = bytes;
}

void Response::header(std::string_view name, std::string_view value) {
  headers.append(name).append(": ");
  for (const char c : value) headers.push_back(c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
  headers.append("\r\n");
}

void Response::cut(std::uint64_t bytes, Ending then) noexcept {
  cut_after = bytes;
  ending = then;
}

std::uint64_t Response::length() const noexcept { return body.size() + source_length + tail.size(); }

std::uint64_t Response::left() const noexcept {
  if (part_ == Part::end) return 0;
  return std::min(cut_after, framing == Framing::length ? length() : kEndless) - sent_;
}

void Response::prepare(const Request& request, std::string& out) {
  if (framing == Framing::none) {
    part_ = Part::end;
    return;
  }
  if (framing == Framing::raw) return;
  if (framing == Framing::chunked && request.http10) framing = Framing::close;
  const bool closes = framing == Framing::close || status < 200 || !request.keep_alive;
  if (ending == Ending::keep && closes) ending = Ending::close;
  append_head(request, out);
  if (request.is_head() || is_bodyless(status)) {
    part_ = Part::end;
  } else if (framing == Framing::chunked) {
    source = std::make_unique<ChunkedBody>(std::move(source), chunk_size);
  }
}

void Response::append_head(const Request& request, std::string& out) const {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::uint64_t>(status));
  out.append(" ").append(reason_phrase(status)).append("\r\nContent-Type: ").append(content_type);
  if (framing == Framing::chunked || framing == Framing::coded) {
    out.append("\r\nTransfer-Encoding: chunked");
  } else if (framing == Framing::length && !is_bodyless(status)) {
    out.append("\r\nContent-Length: ");
    append_number(out, length());
  }
  if (ending == Ending::close) {
    out.append("\r\nConnection: close");
  } else if (request.http10 && request.keep_alive) {
    out.append("\r\nConnection: keep-alive");
  }
  out.append("\r\n").append(headers).append("\r\n");
}

bool Response::append_text_body(std::string& out) {
  if (part_ == Part::end) return true;
  if (source || drip_ms > 0) return false;
  const std::size_t start = out.size();
  out.append(body).append(tail);
  if (out.size() - start > cut_after) out.resize(start + static_cast<std::size_t>(cut_after));
  part_ = Part::end;
  return true;
}

std::size_t Response::read(std::span<char> room) {
  if (room.size() > left()) room = room.first(static_cast<std::size_t>(left()));
  std::size_t size = 0;
  while (size == 0 && !room.empty() && part_ != Part::end) {
    if (part_ == Part::body) {
      size = read_text(body, room);
    } else if (part_ == Part::source) {
      size = source ? source->read(room) : 0;
    } else {
      size = read_text(tail, room);
    }
    if (size == 0) {
      part_ = static_cast<Part>(static_cast<int>(part_) + 1);
      position_ = 0;
    }
  }
  sent_ += size;
  return size;
}

std::size_t Response::read_text(std::string_view text, std::span<char> room) {
  const std::size_t size = std::min(text.size() - position_, room.size());
  std::memcpy(room.data(), text.data() + position_, size);
  position_ += size;
  return size;
}

std::string_view reason_phrase(int status) noexcept {
  static constexpr std::array<std::pair<int, std::string_view>, 40> kPhrases{{
      {100, "Continue"},
      {101, "Switching Protocols"},
      {102, "Processing"},
      {103, "Early Hints"},
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {203, "Non-Authoritative Information"},
      {204, "No Content"},
      {205, "Reset Content"},
      {206, "Partial Content"},
      {300, "Multiple Choices"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {412, "Precondition Failed"},
      {413, "Content Too Large"},
      {416, "Range Not Satisfiable"},
      {418, "I'm a teapot"},
      {421, "Misdirected Request"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
  }};
  if (status == 200) return "OK";
  const auto found = std::find_if(kPhrases.begin(), kPhrases.end(),
                                  [status](const auto& entry) { return entry.first == status; });
  return found == kPhrases.end() ? "Status" : found->second;
}

}  // namespace leat::origin
