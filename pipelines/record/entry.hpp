#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "pipelines/record/outcome.hpp"

namespace leat::pipelines {

struct Record;

/// What the journal keeps as one, a record of the source or a page of a frontier, while it is worked on:
/// lives as long as anything that came of it is not at its end, which for what is printed means: written.
///
/// Held by tickets. Whoever derives from it tells the journal in its destructor, unless it is to be done
/// again. Loop thread only; what the destructor needs outlives all tickets.
class Entry {
 public:
  Entry() = default;
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;
  virtual ~Entry() = default;

  /// One of its records has ended so. `cancelled` if it never came to its end: the next run does it all
  /// again.
  virtual void note(Outcome outcome) noexcept {
    if (!noted_ || rank(outcome) > rank(outcome_)) outcome_ = outcome;
    noted_ = true;
  }
  /// The id of the source's record that it stands for; 0: of none.
  [[nodiscard]] virtual std::uint64_t root_id() const noexcept { return 0; }
  /// One of its records has failed.
  virtual void explain(const Record& /*failed*/) {}

 protected:
  /// The one that counts; `ok` if all it came to be is kept elsewhere.
  [[nodiscard]] Outcome outcome() const noexcept { return outcome_; }

 private:
  static int rank(Outcome outcome) noexcept {
    constexpr int kRanks[kOutcomes] = {2, 3, 0, 1, 4};  // of ok, failed, skipped, not_modified, cancelled
    return kRanks[static_cast<std::size_t>(outcome)];
  }

  Outcome outcome_ = Outcome::ok;
  bool noted_ = false;
};

using EntryRef = std::shared_ptr<Entry>;

/// Several that have become one record, which `batch` makes of them.
class JoinedEntries final : public Entry {
 public:
  void add(EntryRef entry) { entries_.push_back(std::move(entry)); }
  void note(Outcome outcome) noexcept override {
    for (const auto& entry : entries_) entry->note(outcome);
  }
  void explain(const Record& failed) override {
    for (const auto& entry : entries_) entry->explain(failed);
  }

 private:
  std::vector<EntryRef> entries_;
};

}  // namespace leat::pipelines
