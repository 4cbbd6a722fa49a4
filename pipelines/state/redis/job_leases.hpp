#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "pipelines/state/redis/job_calls.hpp"

namespace leat::pipelines {

/// A partition that this process holds, or held.
struct Lease {
  using Clock = std::chrono::nanoseconds;  // since the machine was started

  Lease(unsigned p, std::string f, Clock s) : partition(p), fence(std::move(f)), since(s) {}
  [[nodiscard]] bool was_taken_over() const noexcept { return fence != "1"; }

  unsigned partition = 0;
  std::string fence;          // how often it has been given away
  Clock since{0};             // when this process learned of it
  bool is_held = true;        // it was not lost or given back
  bool is_busy = false;       // it had records when Redis was asked last
  bool is_leaving = false;    // it is given back once nothing of it runs, and all that has ended is told
  std::size_t running = 0;    // records that were started and have not ended
  std::size_t untold = 0;     // that have ended, which Redis does not know yet
  std::string after = "0-0";  // the last entry that was taken
};
using LeasePtr = std::shared_ptr<Lease>;

/// A partition that Redis says this process holds.
struct HeldPartition {
  HeldPartition(unsigned p, std::string f, bool busy) : partition(p), fence(std::move(f)), is_busy(busy) {}

  unsigned partition;
  std::string fence;
  bool is_busy;  // it has records
};

/// What a process of a job holds, as Redis told it last, and which records of that are in its hands.
///
/// A lease is valid until a time that is counted from before the process asked for it, by a clock that goes
/// on while the process, or the machine, is stopped. Loop thread only.
class JobLeases {
 public:
  using Clock = Lease::Clock;

  [[nodiscard]] static Clock now() noexcept;
  [[nodiscard]] static unsigned partition_of(std::uint64_t place) noexcept {
    return static_cast<unsigned>(place % kPartitions);
  }

  /// Redis has said that this process holds these, until then; how many are its share, and, once all records
  /// are there, how many of those that have some. So many more of these it keeps: what goes over waits a
  /// while.
  void hold(const std::vector<HeldPartition>& held, std::size_t share, Clock until,
            std::optional<std::size_t> busy_share = std::nullopt, std::size_t spare = 1);
  /// Which of these are not among those it held until now.
  [[nodiscard]] std::vector<unsigned> news_among(const std::vector<HeldPartition>& held) const;
  /// It was silent for too long: all is lost.
  void lose_all() noexcept;
  /// What can be given back now.
  [[nodiscard]] std::vector<unsigned> to_give_back() const;

  [[nodiscard]] bool is_valid(const Lease& lease) const noexcept { return lease.is_held && now() < until_; }
  /// Those of which records may be taken, each time beginning so many further on.
  [[nodiscard]] std::vector<LeasePtr> usable(std::size_t step);
  [[nodiscard]] LeasePtr find(unsigned partition) const { return leases_[partition]; }

  /// An entry is in this process's hands. False if it was already.
  bool begin(const Lease& lease, const std::string& entry) {
    const bool is_new = here_.insert(key(lease, entry)).second;
    in_hand_.at(lease.partition) += is_new ? 1 : 0;
    return is_new;
  }
  /// It is no more. With `again` it is the job's again, and may come once more.
  void end(const Lease& lease, const std::string& entry, bool again);
  [[nodiscard]] bool empty() const noexcept { return here_.empty(); }
  /// How many records of that partition are in this process's hands.
  [[nodiscard]] std::size_t in_hand(const Lease& lease) const { return in_hand_.at(lease.partition); }
  /// Where to read on: behind the last entry that was taken, but from the start if none of that partition is
  /// in this process's hands. Then there is nothing before it, unless Redis has lost what it was told.
  [[nodiscard]] std::string read_from(const Lease& lease) const {
    return in_hand_.at(lease.partition) == 0 ? "0-0" : lease.after;
  }

 private:
  [[nodiscard]] static std::string key(const Lease& lease, const std::string& entry) {
    return std::to_string(lease.partition) + ":" + entry;
  }

  std::array<LeasePtr, kPartitions> leases_;
  std::unordered_set<std::string> here_;
  std::array<std::size_t, kPartitions> in_hand_{};  // of these, by partition
  Clock until_{0};
  std::size_t turn_ = 0;
};

}  // namespace leat::pipelines
