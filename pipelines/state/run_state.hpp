#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "pipelines/record/ledger.hpp"

namespace leat::pipelines {

/// How a record of the source ended, and all that came of it.
struct RootEnd {
  RootEnd() = default;
  RootEnd(std::uint64_t i, Outcome o) : id(i), outcome(o) { counts[static_cast<std::size_t>(o)] = 1; }

  std::uint64_t id = 0;
  std::uint64_t hash = 0;  // of its content
  Outcome outcome = Outcome::ok;
  std::array<std::uint64_t, kOutcomes> counts{};             // of these records, by their outcomes
  std::vector<std::pair<std::string, std::uint64_t>> codes;  // of their errors: the first one's first
  std::string host;                                          // what counts are kept by; empty: none
  std::string code;                                          // of the first error
  std::string failed_at;                                     // the same: the host
  std::string url;                                           // the same; without userinfo
  std::string message;                                       // the same; no secrets
};

/// A key, and the record that may be the first of it.
struct FirstOf {
  std::uint64_t key = 0;
  std::uint64_t id = 0;
};

/// Work that a stage has given to itself: a page that `crawl` is to fetch.
struct FrontierItem {
  FrontierItem() = default;
  FrontierItem(std::uint64_t k, std::string r) : key(k), record(std::move(r)) {}

  std::uint64_t key = 0;  // a hash of what makes it unique in its stage, such as the URL
  std::uint32_t depth = 0;
  std::uint64_t parent = 0;  // id of the record it comes from
  std::uint64_t id = 0;      // its own
  std::uint64_t place = 0;   // of a job: see place_of
  std::string record;        // as text
};

/// What a run asks of its state, wherever that is kept: in the file of one process (Journal) or in a Redis
/// server, for all processes that work on one job (Job).
///
/// The loop never waits for it: calls that give nothing queue their work and return, and take effect in their
/// order. `unacknowledged` says how many ends would be lost if the process were killed now; a caller that
/// wants it to be less awaits `commit`. Whether a call that was cancelled took effect is open.
///
/// Once something has failed every call answers with that error, nothing more is kept, and `failed()` is set:
/// the run is to end with it. Loop thread only. Outlives the run's records.
class RunState {
 public:
  RunState() = default;
  RunState(const RunState&) = delete;
  RunState& operator=(const RunState&) = delete;
  virtual ~RunState() = default;

  /// Of each key the record that is the first: the one given, if no other was kept before. A record that is
  /// asked about again is still the first.
  virtual async::Task<Result<std::vector<std::uint64_t>>> keep_first(int stage,
                                                                     std::vector<FirstOf> keys) = 0;

  /// Queues those of a stage's items that have never been queued before; how many those were.
  virtual async::Task<Result<std::size_t>> add(int stage, std::vector<FrontierItem> items) = 0;

  /// How many ends are not committed yet.
  [[nodiscard]] virtual std::size_t unacknowledged() const noexcept = 0;
  /// Awaits that all that was called before is committed.
  virtual async::Task<Status> commit() = 0;

  /// Why it could not go on, if so.
  [[nodiscard]] virtual const Status& failure() const noexcept = 0;
  [[nodiscard]] virtual async::Event& failed() noexcept = 0;
};

}  // namespace leat::pipelines
