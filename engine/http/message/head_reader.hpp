#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/error.hpp"
#include "engine/http/message/response.hpp"

namespace leat::http {

/// Says what the header lines of one response are, as libcurl hands them over: informational heads, the head,
/// and the fields behind the body.
///
/// Some things that libcurl silently accepts are bad_response here: a first line that is no status line, such
/// as "http/1.1 404", which libcurl takes for a 200 (RFC 9112, 4; several blanks are accepted, as it allows);
/// a bare CR (2.2), also the one of a head that ends in CR CR LF; a folded line without a field before it;
/// and a field with the name of a status line. Folded fields are unfolded (5.2). If that changes where the
/// body ends, which libcurl has read by then, it is said by `ends_unseen`; a Content-Length that libcurl took
/// for another one is bad_response. The status is the one that libcurl goes by. The bytes of a head and of
/// the trailers and the number of informational heads are bounded. A value; one thread.
class HeadReader {
 public:
  enum class Step : std::uint8_t { more, whole, failed };

  /// Call it before each request.
  void start() noexcept;
  /// Gives the status of a status line; 0 if it is none.
  [[nodiscard]] static int status_in(std::string_view line) noexcept;
  /// Says whether the next line must be a status line.
  [[nodiscard]] bool is_at_start() const noexcept { return at_start_; }
  /// Takes a status line; `status` is what libcurl has read there (CURLINFO_RESPONSE_CODE).
  [[nodiscard]] Step take_status_line(std::string_view line, int status);
  /// Takes any other line with its line end. `whole` means that it was the end of the head that the body
  /// belongs to.
  [[nodiscard]] Step take(std::string_view line);
  /// Call it only after a step has failed.
  [[nodiscard]] const Error& error() const noexcept { return *error_; }

  [[nodiscard]] ResponseHead& head() noexcept { return head_; }
  [[nodiscard]] const ResponseHead& head() const noexcept { return head_; }
  /// Says whether the head has come, so that what comes now is the body or stands behind it.
  [[nodiscard]] bool is_whole() const noexcept { return whole_; }
  /// Says whether libcurl does not see where the body ends, and would wait for the end of the connection: a
  /// folded Transfer-Encoding says so, or a Content-Length beside Transfer-Encoding: identity.
  [[nodiscard]] bool ends_unseen() const noexcept { return ends_unseen_; }
  /// Says whether any line of an answer has come.
  [[nodiscard]] bool has_begun() const noexcept {
    return head_.status != 0 || head_.headers.size_bytes() > 0;
  }

 private:
  Step fail(Errc code, const char* message);
  Step take_field(std::string_view line);
  Status reread_framing();
  Step end_of_head();

  ResponseHead head_;
  Status error_;
  std::size_t trailers_ = 0;  // bytes of the fields behind the body
  int informational_ = 0;     // 1xx responses so far
  bool at_start_ = true;
  bool ends_unseen_ = false;
  bool has_folded_framing_ = false;  // a field that says where the body ends goes on in another line
  bool whole_ = false;
};

}  // namespace leat::http
