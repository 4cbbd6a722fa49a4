#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"

namespace leat::io {

/// How an output stands.
enum class OutputState : std::uint8_t {
  open,
  closed,  // its reader went away (EPIPE): a quiet end, not an error
  failed,  // any other error; see OutputWriter::error_number
};

/// Writes lines to a file descriptor from one thread of its own, so that a slow reader never blocks the loop.
///
/// Two buffers: the loop appends to one while the thread writes the other; when the first holds `capacity`
/// bytes and the thread is still busy, `append` suspends: that is the back-pressure. Text is written in the
/// order of the calls, each piece whole. The descriptor's flags are left alone, since other processes may
/// share its description: it normally blocks, and on EAGAIN (somebody made it non-blocking) the thread polls.
/// SIGPIPE must be ignored.
///
/// append, flush, drain: loop thread. The destructor joins the thread after what was flushed is
/// written or has failed; it never closes the descriptor. After EPIPE or an error everything appended is
/// discarded and `state()` says so.
class OutputWriter {
 public:
  OutputWriter(async::EventLoop& loop, int fd, std::size_t capacity = 256 * 1024);
  OutputWriter(const OutputWriter&) = delete;
  OutputWriter& operator=(const OutputWriter&) = delete;
  ~OutputWriter();

  /// True if there is room now: then `append_now` may be called.
  [[nodiscard]] bool has_room() const noexcept;
  /// Takes one piece of text, however long. Does not hand it to the thread: see flush.
  void append_now(std::string_view text);
  /// Awaits room.
  async::Task<void> wait_for_room();

  /// Hands what was appended to the thread, at once if the last hand-over is more than a millisecond ago,
  /// else by a timer at that millisecond's end: a fast producer costs a thousand wake-ups a second, not one a
  /// line.
  void flush();

  /// Awaits the moment at which all that was appended is written, or given up.
  async::Task<void> drain();

  [[nodiscard]] OutputState state() const noexcept;
  [[nodiscard]] int error_number() const noexcept;
  /// Bytes taken by append_now, and bytes that are through, since the start.
  [[nodiscard]] std::uint64_t appended() const noexcept;
  [[nodiscard]] std::uint64_t written() const noexcept;

  /// Awaits that the state is no longer open, so that a closed output can stop a run that is waiting for
  /// something else. A pipe whose reader is gone is noticed without a write (poll for POLLERR).
  async::Task<void> wait_for_end();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace leat::io
