#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/async/event.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/result/line_format.hpp"

namespace leat::pipelines {

/// write: a line for each record, handed to the outputs as soon as nothing is ready behind it.
///
/// A record's ticket is settled when its line is through to all outputs. Once the first is closed or has
/// failed it ends, which cancels the stages before it, and what they had counts as cancelled. A record that a
/// template can't show, since it has failed before or lacks a field, is reported on standard error, as
/// failed; one that lacks a field goes into the on-error block, if there is one.
class Write final : public Sink {
 public:
  Write(WriteArgs args, RunContext& context);

  Status open() override;
  async::Task<Status> run(RecordReceiver in) override;
  void settle() override;
  [[nodiscard]] std::uint64_t ended() const override { return ended_; }
  [[nodiscard]] StageLoad load() const override;

 private:
  struct Pending {
    Pending(std::uint64_t e, Outcome o, FailureTally::Note n, Ticket t) noexcept
        : end(e), outcome(o), failure(n), ticket(std::move(t)) {}
    std::uint64_t end;                     // of its line in the first output, in bytes since the start
    std::vector<std::uint64_t> more_ends;  // the same in the others
    Outcome outcome;
    FailureTally::Note failure;
    Ticket ticket;
  };
  static constexpr std::size_t kSettleEvery = 256;

  [[nodiscard]] io::OutputWriter* crowded() const noexcept;
  [[nodiscard]] bool is_over() const noexcept;
  async::Task<Status> write_all(RecordReceiver in);
  async::Task<void> acknowledge();
  void put_head();
  void flush();
  /// False for a record that goes into the on-error block instead.
  bool append(Record& record, bool has_block);
  void wait_for_end(Record& record);
  [[nodiscard]] bool is_through(const Pending& pending, std::uint64_t written) const;
  void put(std::string_view text);

  WriteArgs args_;
  std::unique_ptr<LineFormat> format_;
  RunContext& context_;
  std::vector<io::OutputWriter*> outputs_;
  std::deque<Pending> pending_;
  std::optional<async::Event> something_pending_;
  std::uint64_t ended_ = 0;
  std::uint64_t failed_ = 0;  // that their line could not be made of
};

}  // namespace leat::pipelines
