#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/result/job_text.hpp"
#include "pipelines/state/job.hpp"

namespace leat::pipelines {

/// Right behind the source of a run that is part of a job: what comes from the source is put into the job
/// while it is this process's turn to read, and what goes on is this process's share of the job's records.
/// A record's id is its position in the source. It has a family that tells the job once all that came of it
/// has ended.
///
/// A record that a stage has put into the job goes to that stage, past those in between.
///
/// Records count as read where they are worked on. It ends when the job is over.
class Share final : public Stage {
 public:
  /// `starts_later`: a record is not started before a fetch asks for it.
  Share(RunContext& context, bool starts_later) : context_(context), starts_later_(starts_later) {}

  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  class WorkFamily;

  /// A record that has come from the source and is not in the job yet.
  struct Read {
    Read(JobRecord r, SourcePosition p) : record(std::move(r)), position(p) {}
    JobRecord record;
    SourcePosition position;  // with it
  };

  async::Task<void> read(RecordReceiver in);
  async::Task<Status> read_all(RecordReceiver& in);
  async::Task<Result<bool>> put_all(RecordReceiver& in);
  async::Task<Status> go_to(RecordReceiver& in, SourcePosition position);
  async::Task<void> read_some(RecordReceiver& in, std::size_t most);
  async::Task<Status> give(RecordSender out);
  async::Task<bool> go_on(JobItem item, RecordSender& out);
  Result<JobItem> item_of(JobWorkPtr work);
  async::Task<Status> leave_out_unwanted(std::vector<JobItem>& items);
  async::Task<void> wait_for_reentries();
  void take(Record& record);
  /// Whether an end of the source is none: the next reader goes on there.
  [[nodiscard]] bool is_ending() const { return context_.stopping || context_.input_error; }

  RunContext& context_;
  const bool starts_later_;
  std::deque<Read> read_;
  SourcePosition put_;       // what is in the job
  SourcePosition position_;  // what has come from the source
  bool has_ended_ = false;   // all of it has
};

}  // namespace leat::pipelines
