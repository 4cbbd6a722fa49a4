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
/// There are two buffers: the loop appends to one while the thread writes the other. There is room while less
/// than `capacity` bytes are appended and not yet written. When there is none, `wait_for_room` suspends until
/// half of that is written, and so holds the producer back. Text is written in the order of the calls, each
/// piece whole. The descriptor's flags are left alone, because other processes may share its description:
/// normally it blocks, and on EAGAIN (somebody made it non-blocking) the thread polls. SIGPIPE is blocked in
/// the thread.
///
/// Once the state is no longer open, everything that is appended is discarded, there is always room, and no
/// wait stays suspended. A descriptor that can't be used is `failed` from the start.
///
/// The destructor hands over what was appended and blocks until that is written or has failed. Where the
/// reader may be stuck, await `drain` first, which can be cancelled, and call `abandon` if that takes too
/// long. The destructor never closes the descriptor. Loop thread only. Outlives its waiters; the loop
/// outlives it. Waits may be cancelled at any time.
class OutputWriter {
 public:
  OutputWriter(async::EventLoop& loop, int fd, std::size_t capacity = 256 * 1024);
  OutputWriter(const OutputWriter&) = delete;
  OutputWriter& operator=(const OutputWriter&) = delete;
  ~OutputWriter();

  /// Says whether there is room now, so that `append_now` may be called.
  [[nodiscard]] bool has_room() const noexcept;
  /// Takes one piece of text, however long. It does not hand it to the thread: see flush.
  void append_now(std::string_view text);
  /// Flushes and then waits for room.
  async::Task<void> wait_for_room();

  /// Hands what was appended to the thread. It does so at once if the last hand-over is more than a
  /// millisecond ago or a quarter of the capacity has come together, else by a timer when that millisecond is
  /// over. So a fast producer costs a thousand wake-ups a second, not one for each line.
  void flush();

  /// Flushes and then waits until all that was appended before is written or given up.
  async::Task<void> drain();

  /// Gives up what is not written: the state becomes closed, and the destructor doesn't wait. A write that
  /// the kernel holds up at this moment may still be completed until the process ends.
  void abandon() noexcept;

  [[nodiscard]] OutputState state() const noexcept;
  /// Gives errno if the state is failed, else 0.
  [[nodiscard]] int error_number() const noexcept;
  /// Give the bytes that append_now took while open, and the bytes that are written, since the start.
  [[nodiscard]] std::uint64_t appended() const noexcept;
  [[nodiscard]] std::uint64_t written() const noexcept;

  /// Waits until the state is no longer open, so that a closed output can stop a run that waits for something
  /// else. It notices without a write when the reader of a pipe or a socket is gone (poll for POLLERR).
  async::Task<void> wait_for_end();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace leat::io
