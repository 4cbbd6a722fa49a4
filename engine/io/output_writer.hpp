#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/io/output_state.hpp"

namespace leat::io {

/// Writes lines to a file descriptor from one thread of its own, so that a slow reader never blocks the loop.
///
/// Two buffers: the loop appends to one while the thread writes the other. There is room while less than
/// `capacity` bytes are appended and not yet written; else `wait_for_room` suspends until half of that is
/// through: that is the back-pressure. Text is written in the order of the calls, each piece whole. The
/// descriptor's flags are left alone, since other processes may share its description: it normally blocks,
/// and on EAGAIN (somebody made it non-blocking) the thread polls. SIGPIPE is blocked in the thread.
///
/// Once the state is no longer open, everything appended is discarded, there is always room, and nothing that
/// is awaited stays suspended. A descriptor that can't be used is `failed` from the start.
///
/// The destructor hands over what was appended and blocks until that is written or has failed: where the
/// reader may be stuck, await `drain` first, which can be cancelled, and `abandon` if that takes too long. It
/// never closes the descriptor. Loop thread only. Outlives its waiters; the loop outlives it. Waits may be
/// cancelled at any time.
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
  /// Awaits room. Flushes first.
  async::Task<void> wait_for_room();

  /// Hands what was appended to the thread, at once if the last hand-over is more than a millisecond ago or a
  /// quarter of the capacity has come together, else by a timer at that millisecond's end: a fast producer
  /// costs a thousand wake-ups a second, not one a line.
  void flush();

  /// Awaits the moment at which all that was appended before is written, or given up. Flushes first.
  async::Task<void> drain();

  /// Gives up what is not written: the state is closed, and the destructor doesn't wait. A write that the
  /// kernel holds up at this moment may still go through, to its end, until the process ends.
  void abandon() noexcept;

  [[nodiscard]] OutputState state() const noexcept;
  /// errno, if the state is failed; else 0.
  [[nodiscard]] int error_number() const noexcept;
  /// Bytes taken by append_now while open, and bytes that are through, since the start.
  [[nodiscard]] std::uint64_t appended() const noexcept;
  [[nodiscard]] std::uint64_t written() const noexcept;

  /// Awaits that the state is no longer open, so that a closed output can stop a run that is waiting for
  /// something else. A pipe or a socket whose reader is gone is noticed without a write (poll for POLLERR).
  async::Task<void> wait_for_end();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace leat::io
