#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/http/message/response.hpp"

namespace leat::http {

/// What tells the versions of a resource apart, as the server sent it (RFC 9110 section 8.8).
struct Validators {
  std::string etag;
  std::string last_modified;
};

[[nodiscard]] Validators validators_of(const ResponseHead& head);

/// Gives what stands for the version in If-Range: a strong ETag, or, if there is no ETag, a Last-Modified
/// that is so much older than the answer that nothing can have changed unseen since then. It is empty if it
/// is not certain that parts of two answers are of one version; then they are never put together. An encoded
/// body is such a case, too.
[[nodiscard]] std::string range_condition(const ResponseHead& head);

/// A part of a body that is asked for on condition that the version is still the same (RFC 9110 section
/// 13.1.5).
struct RangeRequest {
  RangeRequest() = default;

  std::uint64_t first = 0;
  std::optional<std::uint64_t> last;   // included; empty means to the end
  std::string condition;               // for If-Range; empty if there is none
  std::optional<std::uint64_t> total;  // of the whole body, if known

  /// Gives "bytes=100-199".
  [[nodiscard]] std::string text() const;
};

/// Gives the header fields that ask for a part, or that ask for nothing if the known version is still the
/// same; either may be null.
[[nodiscard]] std::vector<std::string> condition_fields(const RangeRequest* part, const Validators* known);

/// What a Content-Range field says: "bytes 0-9/10", "bytes 0-9/*", or "bytes */10"; for the last, first >
/// last.
struct ContentRange {
  std::uint64_t first = 1;
  std::uint64_t last = 0;
  std::optional<std::uint64_t> total;

  [[nodiscard]] bool is_unsatisfied() const noexcept { return first > last; }
};
[[nodiscard]] std::optional<ContentRange> parse_content_range(std::string_view text) noexcept;

/// What the answer to a RangeRequest is. libcurl 7.88 takes all of these for success.
enum class RangeAnswer : std::uint8_t {
  part,      // exactly the bytes that were asked for, or the first of them
  whole,     // the whole body, of this or of another version; start from its beginning
  complete,  // there are no such bytes: what came before them is all
  mismatch,  // something else; ask again for the whole
  other,     // no answer about the body, such as 404 or 503
};
[[nodiscard]] RangeAnswer judge(const RangeRequest& asked, const ResponseHead& head);
/// Makes a range_mismatch that says what was asked for and what came in its place.
[[nodiscard]] Error mismatch_error(const RangeRequest& asked, const ResponseHead& head);

}  // namespace leat::http
