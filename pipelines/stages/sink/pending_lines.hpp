#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/async/task.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/stages/sink/named_outputs.hpp"

namespace leat::pipelines {

/// The records whose lines are on their way into files: each is settled once they are written, in order. Loop
/// thread only.
class PendingLines {
 public:
  explicit PendingLines(RunContext& context) noexcept : context_(context) {}

  /// A record whose lines were just appended to these files; none if there is nothing to wait for.
  void add(Record& record, std::span<OutputGroup* const> groups);
  /// Settles those whose lines are written. Their first file must have them; another one that has ended is
  /// waited for no longer.
  void settle();
  /// Forgets the others, whose lines will not be written.
  void drop() noexcept { pending_.clear(); }

  [[nodiscard]] std::size_t size() const noexcept { return pending_.size(); }
  [[nodiscard]] std::uint64_t settled() const noexcept { return settled_; }
  /// Waits until there is one.
  async::Task<void> wait_for_one();

 private:
  struct Place {
    const OutputFile* file = nullptr;
    std::uint64_t end = 0;  // of the line in it, in bytes since the start
  };
  struct Pending {
    Pending(Outcome o, FailureTally::Note n, Ticket t, Acknowledgement::Claim c) noexcept
        : outcome(o), failure(n), ticket(std::move(t)), claim(std::move(c)) {}
    [[nodiscard]] bool is_written() const noexcept;

    Place first;  // without a file: there is no line
    std::vector<Place> others;
    Outcome outcome;
    FailureTally::Note failure;
    Ticket ticket;
    Acknowledgement::Claim claim;
  };

  void note_written(const Place& place) const;

  RunContext& context_;
  std::deque<Pending> pending_;
  std::optional<async::Event> something_pending_;
  std::uint64_t settled_ = 0;
};

}  // namespace leat::pipelines
