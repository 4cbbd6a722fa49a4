#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/error.hpp"
#include "engine/http/message/range.hpp"
#include "engine/http/message/response.hpp"

namespace leat::pipelines {

/// Whether a server that answers so to a range may still give the whole. Not, where it speaks of the resource
/// (401, 404 and the like).
[[nodiscard]] bool may_refuse_the_part(int status) noexcept;

/// How much of one record's body is there, of which version, and so what the next request asks for.
///
/// Bytes of two answers are put together only if the server says that they are of one version and begins
/// exactly where the ones before end; whatever else it answers leads to a body that is fetched as a whole.
class PartialBody {
 public:
  /// What an answer's body is to this.
  enum class Use : std::uint8_t {
    afresh,    // the body from its first byte: what was there is to be thrown away
    go_on,     // what follows what is there
    complete,  // what is there is all of it: the answer's own body is of no use
  };

  /// What an earlier run left: `size` bytes of that version.
  void found(std::uint64_t size, std::string version, std::optional<std::uint64_t> total);
  /// All of it is there, without a request of this.
  void put_together(std::uint64_t size, std::uint64_t resumed_from) noexcept;
  /// Of no use any more: the next request asks for all.
  void forget() noexcept {
    version_.clear();
    asks_whole_ = false;
  }
  /// Ranges are not asked for any more; what there is stays until a whole body begins.
  void ask_whole() noexcept { asks_whole_ = true; }
  [[nodiscard]] bool asks_whole() const noexcept { return asks_whole_; }

  /// For the next request; null: all of it is to be asked for.
  [[nodiscard]] const http::RangeRequest* ask();
  [[nodiscard]] bool asked() const noexcept { return asked_; }

  /// An answer whose body is wanted begins. range_mismatch if it isn't what was asked for, or refuses it;
  /// bad_response if it has no body, which says nothing of what is there: that stays.
  Result<Use> begin(const http::ResponseHead& head);
  /// Bytes that follow. range_mismatch if they are more than announced.
  Status take(std::size_t bytes);
  /// The answer has ended. `truncated` if bytes of what it announced are missing.
  Status end() const;

  /// There is something that a later request can go on with.
  [[nodiscard]] bool is_resumable() const noexcept { return !version_.empty() && size_ > 0; }
  /// More bytes are to be expected than there are.
  [[nodiscard]] bool is_short() const noexcept { return !total_ || size_ < *total_; }
  [[nodiscard]] const std::string& version() const noexcept { return version_; }
  [[nodiscard]] std::optional<std::uint64_t> total() const noexcept { return total_; }
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// What came for a part can be no answer to it: 204 and 304 among others, a 206 that brings nothing, no
  /// HTTP at all. `in_segments`: all was asked for as a range; then a closed connection is none either,
  /// unless a file has begun that a whole body would replace.
  [[nodiscard]] bool is_no_answer(const Error& error, bool in_segments, bool has_file) const noexcept;
  /// Where the last answer went on.
  [[nodiscard]] std::uint64_t resumed_from() const noexcept { return resumed_from_; }

 private:
  Use go_on(const http::ResponseHead& head);
  Use start(const http::ResponseHead& head);

  http::RangeRequest range_;
  std::string version_;                 // as If-Range takes it; empty: unknown, nothing is gone on with
  std::optional<std::uint64_t> total_;  // of the whole body
  std::optional<std::uint64_t> end_;    // of what the answer announced, where it said so by Content-Range
  std::uint64_t size_ = 0;
  std::uint64_t resumed_from_ = 0;
  bool asked_ = false;
  bool asks_whole_ = false;
};

}  // namespace leat::pipelines
