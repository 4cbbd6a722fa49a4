#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/http/message/response.hpp"

namespace leat::http {

/// What tells the versions of a resource apart, as its server sent it (RFC 9110 section 8.8).
struct Validators {
  std::string etag;
  std::string last_modified;
};

[[nodiscard]] Validators validators_of(const ResponseHead& head);

/// What stands for the version in If-Range: a strong ETag, or, where there is no ETag, a Last-Modified that
/// is older than the answer by so much that nothing can have changed since unseen. Empty: parts of two
/// answers can't be told to be of one version, so they are never put together. So too for an encoded body.
[[nodiscard]] std::string range_condition(const ResponseHead& head);

/// Part of a body, asked for on the condition that the version is still the same (RFC 9110 section 13.1.5).
struct RangeRequest {
  RangeRequest() = default;

  std::uint64_t first = 0;
  std::optional<std::uint64_t> last;   // in it; none: to the end
  std::string condition;               // for If-Range; empty: none
  std::optional<std::uint64_t> total;  // of the whole body, if it is known

  /// "bytes=100-199".
  [[nodiscard]] std::string text() const;
};

/// The header fields that ask for a part, or for nothing of a version that is known; either may be null.
[[nodiscard]] std::vector<std::string> condition_fields(const RangeRequest* part, const Validators* known);

/// What a Content-Range field says: "bytes 0-9/10", "bytes 0-9/*", or "bytes */10" where first > last.
struct ContentRange {
  std::uint64_t first = 1;
  std::uint64_t last = 0;
  std::optional<std::uint64_t> total;

  [[nodiscard]] bool is_unsatisfied() const noexcept { return first > last; }
};
[[nodiscard]] std::optional<ContentRange> parse_content_range(std::string_view text) noexcept;

/// What the answer to a RangeRequest is. libcurl 7.88 takes all of them for success.
enum class RangeAnswer : std::uint8_t {
  part,      // the very bytes that were asked for, or the first of them
  whole,     // the whole body, of this or of another version: to begin with afresh
  complete,  // there are no such bytes: what is before them is all
  mismatch,  // something else: to be asked for again, as a whole
  other,     // no answer about the body, such as 404 or 503
};
[[nodiscard]] RangeAnswer judge(const RangeRequest& asked, const ResponseHead& head);
/// range_mismatch: what was asked for, and what came in its place.
[[nodiscard]] Error mismatch_error(const RangeRequest& asked, const ResponseHead& head);

}  // namespace leat::http
