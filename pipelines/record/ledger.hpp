#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace leat::pipelines {

class Family;
class Ticket;
struct Record;

/// How a record ended. The names, as `to_string` gives them, are part of the contract with users.
enum class Outcome : std::uint8_t { ok, failed, skipped, not_modified, cancelled };
inline constexpr std::size_t kOutcomes = 5;

[[nodiscard]] std::string_view to_string(Outcome outcome) noexcept;

using FamilyRef = std::shared_ptr<Family>;

/// A record and all that came of it. Who must know when the last of them is gone derives from this, and acts
/// in its destructor.
///
/// A record is in a family in two ways. Its **ticket** holds the one that outlives the record until its line
/// is written: the journal and --failed wait for that one. Its **descent** holds the one of the innermost
/// part of the pipeline that it is in: `ordered` and `crawl` wait for that one, and a record leaves it with
/// the part.
///
/// Families of one kind stand around each other: `outer` is told what this one is told, and lives as long.
/// Loop thread only; what the destructor needs outlives all records.
class Family {
 public:
  Family() = default;
  explicit Family(FamilyRef outer) noexcept : outer_(std::move(outer)) {}
  Family(const Family&) = delete;
  Family& operator=(const Family&) = delete;
  virtual ~Family() = default;

  [[nodiscard]] const FamilyRef& outer() const noexcept { return outer_; }

  /// One of its records has ended so. `cancelled` if it never came to its end: the next run does all of the
  /// family again.
  virtual void note(Outcome outcome) noexcept;
  /// One of its records that has a place in the accounting was counted as that; also called where it is
  /// noted.
  virtual void count(Outcome outcome) noexcept;
  /// One of its records has failed, and this is the record.
  virtual void explain(const Record& failed);
  /// One that came of it stands for itself in the run's state now.
  virtual void has_put() noexcept;
  /// The id of the source's record that it began with, or the key of the item that a stage had given itself;
  /// 0 where it began with none.
  [[nodiscard]] virtual std::uint64_t root_id() const noexcept { return outer_ ? outer_->root_id() : 0; }

 protected:
  /// The outcome that counts of those that were noted; `ok` where none was, since all that the record came to
  /// be is kept elsewhere then.
  [[nodiscard]] Outcome outcome() const noexcept { return outcome_; }

 private:
  FamilyRef outer_;
  Outcome outcome_ = Outcome::ok;
  bool noted_ = false;
};

/// Several families whose records have become one record, as `batch` makes it.
class JoinedFamilies final : public Family {
 public:
  void add(FamilyRef family) { families_.push_back(std::move(family)); }
  void note(Outcome outcome) noexcept override;
  /// That one record is counted once: in the family that was the first.
  void count(Outcome outcome) noexcept override;
  void explain(const Record& failed) override;
  void has_put() noexcept override;
  /// That of one of them: they end together.
  [[nodiscard]] std::uint64_t root_id() const noexcept override {
    return families_.empty() ? 0 : families_.back()->root_id();
  }

 private:
  std::vector<FamilyRef> families_;
};

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
  /// Gives a ticket that has none its place. It stays in its family.
  [[nodiscard]] Ticket take(Ticket without_place) noexcept;
  [[nodiscard]] std::uint64_t records_in() const noexcept { return taken_; }
  [[nodiscard]] std::uint64_t count(Outcome outcome) const noexcept {
    return settled_[static_cast<std::size_t>(outcome)];
  }
  [[nodiscard]] std::uint64_t live() const noexcept;
  /// What records count as from now on that are dropped before they end: `cancelled` at first, `skipped`
  /// while nobody wants them any more.
  void count_dropped_as(Outcome outcome) noexcept { dropped_ = outcome; }
  [[nodiscard]] Outcome dropped_count_as() const noexcept { return dropped_; }

 private:
  friend class Ticket;
  void settle(Outcome outcome) noexcept { ++settled_[static_cast<std::size_t>(outcome)]; }
  void count_dropped() noexcept { settle(dropped_); }

  Outcome dropped_ = Outcome::cancelled;
  std::uint64_t taken_ = 0;
  std::array<std::uint64_t, kOutcomes> settled_{};
};

/// One record's place in the accounting, and its membership in the family that waits for its end.
///
/// A ticket that is destroyed unsettled, as happens when its task is cancelled, counts as the ledger says
/// (see count_dropped_as), and its family is to be done again. A copy of a record for another branch has a
/// ticket without a place, but in the same family.
class Ticket {
 public:
  Ticket() noexcept = default;
  Ticket(Ticket&& other) noexcept
      : ledger_(std::exchange(other.ledger_, nullptr)), family_(std::move(other.family_)) {}
  Ticket& operator=(Ticket&& other) noexcept {
    Ticket old(std::move(*this));
    ledger_ = std::exchange(other.ledger_, nullptr);
    family_ = std::move(other.family_);
    return *this;
  }
  ~Ticket() {
    if (ledger_ != nullptr) ledger_->count_dropped();
    if (family_) family_->note(Outcome::cancelled);
  }

  /// Whether it has a place: it was taken, and is not settled yet.
  [[nodiscard]] bool held() const noexcept { return ledger_ != nullptr; }
  /// The first call counts; later ones do nothing.
  void settle(Outcome outcome) noexcept;
  /// Makes it as if it had never been taken: what stands for the record is kept elsewhere.
  void withdraw() noexcept;
  /// A ticket without a place, in the same family.
  [[nodiscard]] Ticket share() const noexcept { return Ticket(family_); }
  void belong_to(FamilyRef family) noexcept { family_ = std::move(family); }
  [[nodiscard]] const FamilyRef& family() const noexcept { return family_; }

 private:
  friend class Ledger;
  explicit Ticket(FamilyRef family) noexcept : family_(std::move(family)) {}
  Ledger* ledger_ = nullptr;
  FamilyRef family_;
};

}  // namespace leat::pipelines
