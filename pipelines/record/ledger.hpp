#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "pipelines/record/entry.hpp"
#include "pipelines/record/outcome.hpp"

namespace leat::pipelines {

class Ticket;

/// Counts records in and their outcomes out: every ticket taken is settled exactly once.
///
/// `ok + failed + skipped + not_modified + cancelled + live == records_in` at any time. Outlives its tickets.
/// Loop thread only.
class Ledger {
 public:
  Ledger() noexcept = default;
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  [[nodiscard]] Ticket take() noexcept;
  /// A place for one that has none, its journal's entry kept.
  [[nodiscard]] Ticket take(Ticket without_place) noexcept;
  [[nodiscard]] std::uint64_t records_in() const noexcept { return taken_; }
  [[nodiscard]] std::uint64_t count(Outcome outcome) const noexcept {
    return settled_[static_cast<std::size_t>(outcome)];
  }
  [[nodiscard]] std::uint64_t live() const noexcept;
  /// As what records count from now on that are dropped before they end: `cancelled` at first, `skipped` when
  /// nobody wants them any more.
  void count_dropped_as(Outcome outcome) noexcept { dropped_ = outcome; }

 private:
  friend class Ticket;
  void settle(Outcome outcome) noexcept { ++settled_[static_cast<std::size_t>(outcome)]; }
  void count_dropped() noexcept { settle(dropped_); }

  Outcome dropped_ = Outcome::cancelled;
  std::uint64_t taken_ = 0;
  std::array<std::uint64_t, kOutcomes> settled_{};
};

/// One record's place in the accounting, and its share of what the journal waits for. Destroyed unsettled, as
/// happens when its task is cancelled, it counts as the ledger says (see count_dropped_as), and the journal's
/// entry is to be done again. A copy for another branch has no place, but its share.
class Ticket {
 public:
  Ticket() noexcept = default;
  Ticket(Ticket&& other) noexcept
      : ledger_(std::exchange(other.ledger_, nullptr)), entry_(std::move(other.entry_)) {}
  Ticket& operator=(Ticket&& other) noexcept {
    Ticket old(std::move(*this));
    ledger_ = std::exchange(other.ledger_, nullptr);
    entry_ = std::move(other.entry_);
    return *this;
  }
  ~Ticket() {
    if (ledger_ != nullptr) ledger_->count_dropped();
    if (entry_) entry_->note(Outcome::cancelled);
  }

  /// It counts: it was taken, and isn't settled yet.
  [[nodiscard]] bool held() const noexcept { return ledger_ != nullptr; }
  /// The first call counts; later ones do nothing.
  void settle(Outcome outcome) noexcept;
  /// As if it had never been taken: what stands for the record is kept elsewhere.
  void withdraw() noexcept;
  /// One without a place, of the same entry.
  [[nodiscard]] Ticket share() const noexcept { return Ticket(entry_); }
  void belong_to(EntryRef entry) noexcept { entry_ = std::move(entry); }
  [[nodiscard]] const EntryRef& entry() const noexcept { return entry_; }

 private:
  friend class Ledger;
  explicit Ticket(EntryRef entry) noexcept : entry_(std::move(entry)) {}
  Ledger* ledger_ = nullptr;
  EntryRef entry_;
};

}  // namespace leat::pipelines
