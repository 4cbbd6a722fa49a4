#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/support/origin/request.hpp"

namespace leat::origin {

/// Reads HTTP/1.0 and 1.1 requests (RFC 9112) from bytes that arrive in any pieces. feed() is given all bytes
/// that are not yet consumed; it consumes nothing of a head until the head is complete, and it consumes a
/// body as it comes.
///
/// Every limit is fixed: 64 KiB of head or trailers, and 16 MiB of body that is kept (all of it is counted).
/// After `failed`, only error_status() is valid. reset() makes it ready for the next request and keeps its
/// memory, so steady traffic allocates nothing.
class RequestParser {
 public:
  enum class Status { need_more, complete, failed };
  struct Progress {
    Status status;
    std::size_t consumed;
  };

  RequestParser() = default;
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  [[nodiscard]] Progress feed(std::string_view input);

  /// True once for a request that expects 100-continue and whose body has not come yet.
  [[nodiscard]] bool take_continue() noexcept;

  [[nodiscard]] const Request& request() const noexcept { return request_; }
  [[nodiscard]] int error_status() const noexcept { return error_status_; }
  void reset();

 private:
  enum class State { head, sized_body, chunk_size, chunk_data, chunk_end, trailers, complete, failed };

  bool step(std::string_view& input);
  bool read_head(std::string_view& input);
  bool read_body(std::string_view& input);
  bool read_chunk_size(std::string_view& input);
  bool read_chunk_end(std::string_view& input);
  bool read_trailers(std::string_view& input);
  bool read_line(std::string_view& input, std::size_t limit, std::string_view& line);

  void parse_head();
  bool parse_request_line(std::string_view line);
  bool parse_header(std::string_view line);
  bool decide_framing();
  bool fail(int status);

  State state_ = State::head;
  Request request_;
  std::string head_;         // the request's views point into these
  std::size_t scanned_ = 0;  // bytes of the head that are known to be complete lines
  std::uint64_t left_ = 0;   // left of the body, or of the current chunk
  std::size_t trailer_bytes_ = 0;
  bool expects_continue_ = false;
  int error_status_ = 400;
};

}  // namespace leat::origin
