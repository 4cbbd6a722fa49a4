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
/// A record that comes early waits for those before it. If one of those does not come, `skip` goes on without
/// it; this happens by itself once more than `reach` records wait. A record that comes too late goes at once.
/// Records that are not in the order come after all that are.
class RecordLine {
 public:
  RecordLine(const std::vector<std::uint64_t>& order, std::size_t reach);

  void put(RecordPtr record);
  /// The next record, if it is there.
  [[nodiscard]] RecordPtr pop();
  /// Gives up all that are missing before the first record that waits.
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

/// Stands behind a stage that does not keep records in order, in a run that is recorded or replayed. It notes
/// the order in which they come, or lets them go on in the order that was noted. So the stages behind it see
/// the same in both runs, whatever the machine does meanwhile.
///
/// Records that the recording does not have come last. A record that does not come any more is not waited for
/// for ever: once the run has come to a standstill, the first of those that wait goes on. It always receives,
/// so that it cannot stop the record it waits for.
class Sequence final : public Stage {
 public:
  /// `name` tells it from the others of its run. At most `reach` records may overtake one.
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
