#include "tests/support/origin/request_parser.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace leat::origin {
namespace {

constexpr std::size_t kMaxHead = 64 * 1024;
constexpr std::size_t kMaxChunkLine = 4 * 1024;
constexpr std::size_t kMaxKeptBody = 16 * 1024 * 1024;
constexpr std::size_t kMaxIdleCapacity = 64 * 1024;

constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789"
                                       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}
constexpr std::array<bool, 256> kTokenTable = make_token_table();

bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return kTokenTable[static_cast<unsigned char>(c)]; });
}

template <typename Number>
std::optional<Number> whole_number(std::string_view text, int base) noexcept {
  Number value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

RequestParser::Progress RequestParser::feed(std::string_view input) {
  const std::size_t offered = input.size();
  while (state_ != State::complete && state_ != State::failed && step(input)) {
  }
  const Status status = state_ == State::complete ? Status::complete
                        : state_ == State::failed ? Status::failed
                                                  : Status::need_more;
  return {status, offered - input.size()};
}

bool RequestParser::take_continue() noexcept {
  const bool due = expects_continue_ && (state_ == State::sized_body || state_ == State::chunk_size) &&
                   request_.body_size == 0;
  expects_continue_ = false;
  return due;
}

void RequestParser::reset() {
  state_ = State::head;
  request_.headers.clear();
  request_.body.clear();
  request_.body_size = 0;
  if (request_.body.capacity() > kMaxIdleCapacity) request_.body.shrink_to_fit();
  scanned_ = 0;
  trailer_bytes_ = 0;
  expects_continue_ = false;
}

/// Takes one piece of the request. False if it can't go on without more input.
bool RequestParser::step(std::string_view& input) {
  switch (state_) {
    case State::head:
      return read_head(input);
    case State::sized_body:
    case State::chunk_data:
      return read_body(input);
    case State::chunk_size:
      return read_chunk_size(input);
    case State::chunk_end:
      return read_chunk_end(input);
    case State::trailers:
      return read_trailers(input);
    case State::complete:
    case State::failed:
      break;
  }
  return false;
}

bool RequestParser::read_head(std::string_view& input) {
  while (scanned_ == 0 && input.starts_with("\r\n")) input.remove_prefix(2);  // RFC 9112, 2.2
  const bool starts_well = input.empty() || input.front() == '\r' || is_token(input.substr(0, 1));
  if (!starts_well) return fail(400);  // at once, since a TLS client would wait for more
  for (;;) {
    const auto newline = input.find('\n', scanned_);
    if (newline == std::string_view::npos) {
      return input.size() > kMaxHead && fail(431);
    }
    if (newline >= kMaxHead) return fail(431);
    if (newline == scanned_ || input[newline - 1] != '\r') return fail(400);
    const bool empty_line = newline == scanned_ + 1;
    scanned_ = newline + 1;
    if (empty_line) break;
  }
  head_.assign(input.substr(0, scanned_));
  input.remove_prefix(scanned_);
  parse_head();
  return true;
}

bool RequestParser::read_body(std::string_view& input) {
  if (input.empty() && left_ > 0) return false;
  const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
  const std::size_t kept = std::min(taken, kMaxKeptBody - request_.body.size());
  request_.body.append(input.substr(0, kept));
  request_.body_size += taken;
  input.remove_prefix(taken);
  left_ -= taken;
  if (left_ > 0) return false;
  state_ = state_ == State::chunk_data ? State::chunk_end : State::complete;
  return true;
}

bool RequestParser::read_chunk_size(std::string_view& input) {
  std::string_view line;
  if (!read_line(input, kMaxChunkLine, line)) return false;
  const auto size = whole_number<std::uint64_t>(trim(line.substr(0, line.find(';'))), 16);
  if (!size) return fail(400);
  left_ = *size;
  state_ = left_ == 0 ? State::trailers : State::chunk_data;
  return true;
}

bool RequestParser::read_chunk_end(std::string_view& input) {
  std::string_view line;
  if (!read_line(input, 2, line)) return false;
  if (!line.empty()) return fail(400);
  state_ = State::chunk_size;
  return true;
}

bool RequestParser::read_trailers(std::string_view& input) {
  std::string_view line;
  if (!read_line(input, kMaxHead, line)) return false;
  trailer_bytes_ += line.size() + 2;
  if (trailer_bytes_ > kMaxHead) return fail(431);
  if (line.empty()) state_ = State::complete;
  return true;
}

/// Consumes a line of at most `limit` bytes. False if it isn't complete yet, or if the request has failed.
bool RequestParser::read_line(std::string_view& input, std::size_t limit, std::string_view& line) {
  const auto newline = input.find('\n');
  if (newline == std::string_view::npos ? input.size() >= limit : newline >= limit) {
    return fail(400);
  }
  if (newline == std::string_view::npos) return false;
  if (newline == 0 || input[newline - 1] != '\r') return fail(400);
  line = input.substr(0, newline - 1);
  input.remove_prefix(newline + 1);
  return true;
}

void RequestParser::parse_head() {
  std::string_view rest = head_;
  const auto next_line = [&rest] {
    const auto end = rest.find("\r\n");
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    return line;
  };
  if (!parse_request_line(next_line())) return;
  for (auto line = next_line(); !line.empty(); line = next_line()) {
    if (!parse_header(line)) return;
  }
  decide_framing();
}

bool RequestParser::parse_request_line(std::string_view line) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || last == first) return fail(400);
  request_.method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  const bool clean = std::none_of(target.begin(), target.end(),
                                  [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; });
  if (!is_token(request_.method) || target.empty() || !clean) return fail(400);
  if (!version.starts_with("HTTP/") || version.size() != 8) return fail(400);
  if (!version.starts_with("HTTP/1.")) return fail(505);
  request_.target = Target(target);
  request_.http10 = version.back() == '0';
  request_.keep_alive = !request_.http10;
  return true;
}

bool RequestParser::parse_header(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return fail(400);
  const std::string_view value = trim(line.substr(colon + 1));
  if (value.find_first_of(std::string_view("\0\r", 2)) != std::string_view::npos) return fail(400);
  request_.headers.push_back({line.substr(0, colon), value});
  return true;
}

/// Finds where the body ends and whether the connection stays open: RFC 9112, 6.3 and 9.3.
bool RequestParser::decide_framing() {
  std::optional<std::uint64_t> length;
  bool chunked = false;
  std::size_t hosts = 0;
  for (const auto& [name, value] : request_.headers) {
    if (iequals(name, "host")) {
      ++hosts;
    } else if (iequals(name, "content-length")) {
      const auto announced = whole_number<std::uint64_t>(value, 10);
      if (!announced || (length && *length != *announced)) return fail(400);
      length = announced;
    } else if (iequals(name, "transfer-encoding")) {
      if (chunked || !iequals(value, "chunked")) return fail(501);
      chunked = true;
    } else if (iequals(name, "connection")) {
      if (has_token(value, "close")) {
        request_.keep_alive = false;
      } else if (request_.http10 && has_token(value, "keep-alive")) {
        request_.keep_alive = true;
      }
    } else if (iequals(name, "expect")) {
      expects_continue_ = !request_.http10 && iequals(value, "100-continue");
    }
  }
  if ((chunked && (length || request_.http10)) || hosts > 1 || (hosts == 0 && !request_.http10)) {
    return fail(400);
  }
  left_ = length.value_or(0);
  state_ = chunked ? State::chunk_size : left_ > 0 ? State::sized_body : State::complete;
  return true;
}

/// Is always false, which ends every loop here.
bool RequestParser::fail(int status) {
  state_ = State::failed;
  error_status_ = status;
  return false;
}

}  // namespace leat::origin
