#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace leat::pipelines {

/// How a record ended. The names, as `to_string` gives them, are part of the contract with users.
enum class Outcome : std::uint8_t { ok, failed, skipped, not_modified, cancelled };
inline constexpr std::size_t kOutcomes = 5;

[[nodiscard]] std::string_view to_string(Outcome outcome) noexcept;

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
  Outcome dropped_ = Outcome::cancelled;
  std::uint64_t taken_ = 0;
  std::array<std::uint64_t, kOutcomes> settled_{};
};

/// One record's place in the accounting. Destroyed unsettled, as happens when its task is cancelled, it
/// counts as the ledger says: see count_dropped_as.
class Ticket {
 public:
  Ticket() noexcept = default;
  Ticket(Ticket&& other) noexcept : ledger_(std::exchange(other.ledger_, nullptr)) {}
  Ticket& operator=(Ticket&& other) noexcept {
    Ticket old(std::move(*this));
    ledger_ = std::exchange(other.ledger_, nullptr);
    return *this;
  }
  ~Ticket() {
    if (ledger_ != nullptr) settle(ledger_->dropped_);
  }

  /// It stands for a record that is not settled yet.
  [[nodiscard]] bool counts() const noexcept { return ledger_ != nullptr; }
  /// The first call counts; later ones do nothing.
  void settle(Outcome outcome) noexcept;

 private:
  friend class Ledger;
  explicit Ticket(Ledger& ledger) noexcept : ledger_(&ledger) {}
  Ledger* ledger_ = nullptr;
};

}  // namespace leat::pipelines
