#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>

#include "engine/async/event.hpp"
#include "engine/async/task.hpp"

namespace leat::pipelines {

struct RunContext;

/// Keeps what a kill would have done again within what may run at once: in a run with a journal a transfer
/// starts only while those that run, and the results that are on their way into the journal, are fewer than
/// the slots.
///
/// On that way are: what has just been fetched; a line that its output has not written yet, a page whose
/// links are not stored yet, and what is not committed. All of these come to their end by themselves, so
/// nothing can wait in a circle here; records that a stage holds back (`batch`, `ordered`) don't count. Loop
/// thread only.
class Acknowledgement {
 public:
  explicit Acknowledgement(RunContext& context) noexcept : context_(context) {}

  /// A transfer has ended: what came of it is about to come to an output, or into a block of crawl.
  void pass();
  /// Results that have come onto the way, or have gone on to the journal.
  void add(std::size_t count) noexcept { open_ += count; }
  void remove(std::size_t count);

  /// Until one more transfer may start.
  async::Task<void> wait_for_room();

 private:
  class Committing;
  async::Task<void> let_pass();
  [[nodiscard]] bool has_room() const noexcept;
  [[nodiscard]] std::size_t slots() const noexcept;
  void wake();

  RunContext& context_;
  std::size_t open_ = 0;

  static constexpr std::size_t kTurns = 8;     // of the loop, within which a record gets to the end
  std::array<std::size_t, kTurns> passing_{};  // of open_; by turn, the oldest first
  std::optional<async::TaskHandle<void>> letting_pass_;
  bool committing_ = false;
  std::shared_ptr<async::Event> change_ = std::make_shared<async::Event>();
};

}  // namespace leat::pipelines
