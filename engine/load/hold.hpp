#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace leat::load {

/// A place where the threads of a load stand still together, for a time that their clocks leave out.
///
/// Any thread may call its functions. It outlives the threads that stay.
class Hold {
 public:
  /// Waits until the end, and has the clock of the calling thread leave that time out. After the end it
  /// returns at once.
  void stay();
  /// Waits until so many threads stay, for a second at most: one whose load has just ended never comes.
  void wait_for(std::size_t threads);
  void end() noexcept;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t staying_ = 0;
  bool ended_ = false;
};

}  // namespace leat::load
