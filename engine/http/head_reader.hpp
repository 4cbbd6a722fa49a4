#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/error.hpp"
#include "engine/http/response.hpp"

namespace leat::http {

/// Says what the header lines of one response are, as libcurl hands them over: informational heads, the head,
/// and the fields behind the body.
///
/// Bounds what libcurl does not: the bytes of a head and of the trailers, the number of informational heads.
/// A value; one thread.
class HeadReader {
 public:
  enum class Step : std::uint8_t { more, whole, failed };

  /// Before each request.
  void start() noexcept;
  /// Takes one line, its end included. `whole`: it was the end of the head that the body belongs to.
  [[nodiscard]] Step take(std::string_view line);
  /// Once failed.
  [[nodiscard]] const Error& error() const noexcept { return *error_; }

  [[nodiscard]] ResponseHead& head() noexcept { return head_; }
  [[nodiscard]] const ResponseHead& head() const noexcept { return head_; }
  /// The head has come, and what comes now is the body or stands behind it.
  [[nodiscard]] bool is_whole() const noexcept { return whole_; }
  /// Whether any line of an answer has come.
  [[nodiscard]] bool has_begun() const noexcept {
    return head_.status != 0 || head_.headers.size_bytes() > 0;
  }

 private:
  Step fail(Errc code, const char* message);
  Step end_of_head();

  ResponseHead head_;
  Status error_;
  std::size_t trailers_ = 0;  // bytes of the fields behind the body
  int informational_ = 0;     // 1xx responses so far
  bool whole_ = false;
};

}  // namespace leat::http
