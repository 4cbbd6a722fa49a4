#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "engine/io/output_state.hpp"

namespace leat::io {

/// The half of OutputWriter that may block: a thread that writes what it is handed to a descriptor, in order.
///
/// It writes through a copy of the descriptor, which it closes when it ends. The copy shares the flags of the
/// original, which are left alone; on EAGAIN it polls. While it has nothing to write it polls a pipe or a
/// socket for the end of its reader. After that, or an error, it ends, and what it has or is handed is
/// dropped. All signals are blocked in it, SIGPIPE and SIGXFSZ among them.
///
/// A write that has begun can't be called off: the kernel may hold the thread in it for as long as the reader
/// likes. So an abandoned thread is left to itself: it writes nothing further, touches nothing but what it
/// owns, and ends when its write returns, or with the process.
///
/// All members are for one other thread, the owner's.
class WriterThread {
 public:
  /// `notify` is called on the writer's thread, with its lock held: it may post, no more. It is called when
  /// the state is no longer open, once, and for what `notify_at` asks; never once the destructor or abandon
  /// has been called. A descriptor that can't be used makes the state failed from the start, and isn't
  /// notified.
  WriterThread(int fd, std::function<void()> notify);
  WriterThread(const WriterThread&) = delete;
  WriterThread& operator=(const WriterThread&) = delete;
  /// Waits until what was handed over is written or has failed, unless it was abandoned.
  ~WriterThread();

  /// Takes the text and leaves an empty string with room in its place.
  void hand_over(std::string& text);

  /// Asks for one notification, when `written()` has reached `count`; it replaces what was asked before.
  /// False if that is so already or the state is no longer open: nothing will come.
  [[nodiscard]] bool notify_at(std::uint64_t count);

  /// Drops what is not being written, makes the state closed, and lets the thread go.
  void abandon() noexcept;

  [[nodiscard]] OutputState state() const noexcept;
  [[nodiscard]] int error_number() const noexcept;
  [[nodiscard]] std::uint64_t written() const noexcept;

 private:
  class Writer;
  std::shared_ptr<Writer> writer_;
  std::thread thread_;
};

}  // namespace leat::io
