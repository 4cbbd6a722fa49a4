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
/// original, so these are left alone; on EAGAIN the thread polls. While it has nothing to write, it polls a
/// pipe or a socket to see when its reader goes. After that, or after an error, the thread ends, and what it
/// has or is handed later is dropped. All signals are blocked in it, SIGPIPE and SIGXFSZ among them.
///
/// A write that has begun can't be called off: the kernel may hold the thread in it for as long as the reader
/// likes. So an abandoned thread is left to itself: it writes nothing further, touches nothing but what it
/// owns, and ends when its write returns or the process ends.
///
/// All members are for one other thread, the owner's.
class WriterThread {
 public:
  /// `notify` is called on the writer's thread with its lock held, so it may post and do nothing else. It is
  /// called once when the state is no longer open, and for what `notify_at` asks; never after the destructor
  /// or `abandon` has been called. If the descriptor can't be used, the state is failed from the start and
  /// `notify` isn't called.
  WriterThread(int fd, std::function<void()> notify);
  WriterThread(const WriterThread&) = delete;
  WriterThread& operator=(const WriterThread&) = delete;
  /// Waits until what was handed over is written or has failed, unless it was abandoned.
  ~WriterThread();

  /// Takes the text and leaves an empty string that has memory reserved in its place.
  void hand_over(std::string& text);

  /// Asks for one notification when `written()` has reached `count`; this replaces an earlier request. Gives
  /// false if that is so already or the state is no longer open: then no notification comes.
  [[nodiscard]] bool notify_at(std::uint64_t count);

  /// Drops what is not being written, makes the state closed and lets the thread go.
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
