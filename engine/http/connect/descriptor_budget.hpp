#pragma once

#include <cstddef>

#include "engine/error.hpp"

namespace leat::http {

/// Raises the soft limit of file descriptors to the hard one: each transfer takes some, and the usual soft
/// limit, 1024, is there for programs that use select(). Before the first `DescriptorBudget::of_process`.
/// What the `check` of a DescriptorBudget for `least` says about the limit that there is then.
[[nodiscard]] Status raise_descriptor_limit(std::size_t least);

/// How the process's file descriptors (RLIMIT_NOFILE) are shared out: half of them to transfers under way,
/// half to idle connections, and at most a sixteenth to curl_multi handles. This is an estimate: if somebody
/// else has taken them, EMFILE lowers the cap of transfers. A value; any thread.
class DescriptorBudget {
 public:
  explicit constexpr DescriptorBudget(std::size_t limit) noexcept : limit_(limit) {}
  [[nodiscard]] static DescriptorBudget of_process() noexcept;

  /// How many may run at once on so many threads, each with a socket, a file and, where no two stand
  /// together, that file's directory.
  [[nodiscard]] constexpr std::size_t transfers(std::size_t threads = 1) const noexcept {
    const std::size_t half = limit_ / 2;
    const std::size_t ours = kOurs + kEachThread * (threads - 1);
    return half > ours + kEachTransfer ? (half - ours) / kEachTransfer : 1;
  }

  /// What one transfer after the other takes, whatever is done beside it (measured: 27 with a journal,
  /// --failed and two threads), and where nothing is but saving (measured: 18).
  static constexpr std::size_t kLeast = 32;
  static constexpr std::size_t kLeastOfPlain = 20;

  /// Gives bad_input, which says what to do, if there are fewer than `least`.
  [[nodiscard]] Status check(std::size_t least = kLeast) const;

  /// How many connections may be kept for later.
  [[nodiscard]] constexpr std::size_t idle_connections() const noexcept { return limit_ / 2; }

  /// How many curl_multi handles there may be; each has a pair of descriptors of its own.
  [[nodiscard]] constexpr std::size_t multis() const noexcept { return limit_ < 64 ? 1 : limit_ / 32; }

 private:
  static constexpr std::size_t kOurs = 24;       // standard streams, the loop's, the list's, the outputs'
  static constexpr std::size_t kEachThread = 4;  // its loop's
  static constexpr std::size_t kEachTransfer = 3;

  std::size_t limit_;
};

}  // namespace leat::http
