#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "engine/async/task.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/state/job.hpp"

namespace leat::pipelines {

/// A run's part in the job that its plan may name. Loop thread only. Outlives the run's records.
class JobSeat {
 public:
  JobSeat(RunContext& context, const Plan& plan) noexcept : context_(context), plan_(plan) {}

  /// Joins the job, does the work, and leaves it, however the work ended. Without a job it does the work. If
  /// the run is stopped before it has joined, nothing is done.
  async::Task<Status> hold(std::function<async::Task<Status>()> work);
  /// The work of the source, which only one process of a job does at a time.
  async::Task<Status> when_its_turn(async::Task<Status> source);
  /// The run is to end.
  void stop();

 private:
  using Joining = async::TaskHandle<Result<std::unique_ptr<Job>>>;
  async::Task<Status> join();
  async::Task<Status> leave();

  RunContext& context_;
  const Plan& plan_;
  std::unique_ptr<Job> job_;
  std::optional<Joining> joining_;
};

}  // namespace leat::pipelines
