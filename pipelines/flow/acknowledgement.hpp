#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "engine/async/event.hpp"
#include "engine/async/task.hpp"

namespace leat::pipelines {

class RunState;
struct Stopping;
struct Transfers;

/// Keeps what a kill would have done again within what may run at once: in a run with a journal a transfer
/// starts only while those that run, and the results that are on their way into the journal, are fewer than
/// the slots.
///
/// A result is on that way for as long as somebody holds a claim for it: from the end of its transfer until
/// it reaches an output, until an output has written its line, until the links of a page are stored, and
/// until the journal has committed it. All of these come to their end by themselves, so nothing can wait in a
/// circle here. Records that a stage holds back (`batch`, `ordered`) have no claim.
///
/// Does nothing in a run without a journal. Outlives its claims. Loop thread only.
class Acknowledgement {
 public:
  class Claim;

  Acknowledgement(const Stopping& stopping, const Transfers& transfers) noexcept
      : stopping_(stopping), transfers_(transfers) {}

  /// Before the first transfer of a run with a journal.
  void begin(RunState& state) noexcept { state_ = &state; }

  /// So many results are on their way. An empty claim where there is no journal.
  [[nodiscard]] Claim claim(std::size_t count = 1) noexcept;
  /// A transfer has ended: its result is about to come to an output, or into a block of crawl. It is on its
  /// way for as many turns of the loop as that may take.
  void pass();

  /// Whether one more transfer may start.
  [[nodiscard]] bool has_room() const noexcept { return state_ == nullptr || is_below_limit(); }
  /// Until it may. Whoever has room need not call it.
  async::Task<void> wait_for_room();

 private:
  class Committing;
  async::Task<void> let_pass();
  [[nodiscard]] bool is_below_limit() const noexcept;
  [[nodiscard]] std::size_t slots() const noexcept;
  void remove(std::size_t count);
  void wake();

  const Stopping& stopping_;
  const Transfers& transfers_;
  RunState* state_ = nullptr;
  std::size_t open_ = 0;

  static constexpr std::size_t kTurns = 8;     // of the loop, within which a record gets to the end
  std::array<std::size_t, kTurns> passing_{};  // of open_; by turn, the oldest first
  std::optional<async::TaskHandle<void>> letting_pass_;
  bool committing_ = false;
  std::shared_ptr<async::Event> change_;  // there while somebody waits for it
};

/// Results that are on their way into the journal. They are no longer when it is destroyed.
class Acknowledgement::Claim {
 public:
  Claim() noexcept = default;
  Claim(Claim&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)), count_(other.count_) {}
  Claim& operator=(Claim other) noexcept {
    std::swap(owner_, other.owner_);
    std::swap(count_, other.count_);
    return *this;
  }
  ~Claim() {
    if (owner_ != nullptr) owner_->remove(count_);
  }

  /// One more result belongs to it.
  void grow() noexcept {
    if (owner_ == nullptr) return;
    ++count_;
    ++owner_->open_;
  }

 private:
  friend class Acknowledgement;
  Claim(Acknowledgement& owner, std::size_t count) noexcept : owner_(&owner), count_(count) {
    owner.open_ += count;
  }

  Acknowledgement* owner_ = nullptr;
  std::size_t count_ = 0;
};

}  // namespace leat::pipelines
