#pragma once

#include <cstddef>

#include "engine/error.hpp"

namespace leat::http {

/// Raises the soft limit of file descriptors to the hard one. Each transfer takes some, and the usual soft
/// limit of 1024 exists for programs that use select(). Call it before the first
/// `DescriptorBudget::of_process`. Gives what `DescriptorBudget::check` says of `least` and the limit that
/// there is then.
[[nodiscard]] Status raise_descriptor_limit(std::size_t least);

/// How the process's file descriptors (RLIMIT_NOFILE) are shared out: half to transfers under way, half to
/// idle connections, at most a sixteenth of all to curl_multi handles. This is an estimate: if somebody else
/// holds descriptors, EMFILE lowers the cap of transfers. A value; any thread.
class DescriptorBudget {
 public:
  explicit constexpr DescriptorBudget(std::size_t limit) noexcept : limit_(limit) {}
  [[nodiscard]] static DescriptorBudget of_process() noexcept;

  /// Gives how many transfers may run at once on so many threads. Each takes a socket, a file and that file's
  /// directory, because it may be that no two files are in the same directory.
  [[nodiscard]] constexpr std::size_t transfers(std::size_t threads = 1) const noexcept {
    const std::size_t half = limit_ / 2;
    const std::size_t ours = kOurs + kEachThread * (threads - 1);
    return half > ours + kEachTransfer ? (half - ours) / kEachTransfer : 1;
  }

  /// kLeast is what one transfer at a time takes, whatever is done beside it (measured: 27 with a journal,
  /// --failed and two threads); kLeastOfPlain is for runs that only save (measured: 18).
  static constexpr std::size_t kLeast = 32;
  static constexpr std::size_t kLeastOfPlain = 20;

  /// Gives bad_input, which says what to do, if there are fewer than `least`.
  [[nodiscard]] Status check(std::size_t least = kLeast) const;

  /// Gives how many connections may be kept for later.
  [[nodiscard]] constexpr std::size_t idle_connections() const noexcept { return limit_ / 2; }

  /// Gives how many curl_multi handles there may be; each has a pair of descriptors of its own.
  [[nodiscard]] constexpr std::size_t multis() const noexcept { return limit_ < 64 ? 1 : limit_ / 32; }

 private:
  static constexpr std::size_t kOurs = 24;       // for standard streams, the loop, the list and the outputs
  static constexpr std::size_t kEachThread = 4;  // for its loop
  static constexpr std::size_t kEachTransfer = 3;

  std::size_t limit_;
};

}  // namespace leat::http
