#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// Puts records into an order that is given beforehand, by their ids.
///
/// Who comes early waits for those before it. Where one of those doesn't come, `skip` goes on without it; it
/// does so by itself once more than `reach` records wait. Who comes too late goes at once. Records that the
/// order doesn't have come after all that it has.
class RecordLine {
 public:
  RecordLine(const std::vector<std::uint64_t>& order, std::size_t reach);

  void put(RecordPtr record);
  /// The next one, if it is there.
  [[nodiscard]] RecordPtr pop();
  /// None of those that are missing before the first that waits will come.
  void skip() noexcept;
  [[nodiscard]] bool empty() const noexcept { return known_.empty() && unknown_.empty(); }

 private:
  const std::size_t reach_;
  const std::size_t size_;
  std::unordered_map<std::uint64_t, std::deque<std::size_t>> places_;  // by id; the first is next
  std::size_t next_ = 0;                                               // place
  std::multimap<std::size_t, RecordPtr> known_;                        // by place
  std::deque<RecordPtr> unknown_;
};

/// Behind a stage that doesn't keep records in order, in a run that is recorded or replayed: notes the order
/// in which they come, or lets them go on in the order that was noted. So all that stands behind sees the
/// same, whatever the machine does meanwhile.
///
/// What the recording doesn't have comes last, and what doesn't come any more is not waited for: once the
/// run has come to a standstill the first of those who wait goes on. It always receives, so it can't stop
/// what it waits for.
class Sequence final : public Stage {
 public:
  /// `name` tells it from the others of its run. `reach`: how many records may overtake one.
  Sequence(const std::string& name, std::size_t reach, RunContext& context);
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  async::Task<Status> note(RecordReceiver in, RecordSender out);
  async::Task<Status> arrange(RecordReceiver in, RecordSender out);

  RunContext& context_;
  const std::size_t reach_;
  std::string path_;
};

}  // namespace leat::pipelines
