#include "pipelines/run/job_seat.hpp"

#include <utility>
#include <vector>

#include "engine/async/errors.hpp"
#include "engine/async/wait.hpp"
#include "pipelines/run/run_job.hpp"

namespace leat::pipelines {

async::Task<Status> JobSeat::hold(std::function<async::Task<Status>()> work) {
  const bool has_job = plan_.state && is_job(plan_.state->path);
  if (has_job) {
    auto joining = join();
    auto failure = co_await std::move(joining);
    if (failure || !job_) co_return failure;
  }
  Status status;
  bool cancelled = false;
  try {
    auto working = work();
    status = co_await std::move(working);
  } catch (const async::Cancelled&) {
    cancelled = true;
  }
  if (has_job) {
    auto leaving = leave();
    auto failure = co_await std::move(leaving);
    if (failure && !status) status = std::move(failure);
  }
  if (cancelled) throw async::Cancelled{};
  co_return status;
}

// It can be ended while it waits for the server.
async::Task<Status> JobSeat::join() {
  auto options = job_options(plan_);
  if (!options.ok()) co_return std::move(options.error());
  joining_ = async::spawn(Job::join(context_.loop, std::move(*options)), "job join");
  const Joining joining = *joining_;
  bool cancelled = false;
  Status failure;
  try {
    auto joined = co_await joining;
    if (joined.ok()) {
      job_ = std::move(*joined);
    } else {
      failure = std::move(joined.error());
    }
  } catch (const async::Cancelled&) {
    cancelled = !joining.done();
  }
  if (cancelled) {
    joining_->cancel();
    const async::CancelShield shield;
    std::vector<Joining> left{joining};
    auto ending = async::wait(left);
    co_await std::move(ending);
  }
  joining_.reset();
  if (cancelled) throw async::Cancelled{};
  if (!job_) co_return failure;
  if (!job_->is_new()) context_.outputs.go_on();
  context_.state = context_.job = job_.get();
  context_.acknowledgement.begin(*job_);
  if (context_.stopping) job_->stop();
  co_return std::nullopt;
}

async::Task<Status> JobSeat::when_its_turn(async::Task<Status> source) {
  if (job_) {
    auto waiting = job_->wait_for_turn();
    auto turn = co_await std::move(waiting);
    if (!turn.ok()) co_return std::move(turn.error());
    if (!*turn) co_return std::nullopt;
  }
  co_return co_await std::move(source);
}

async::Task<Status> JobSeat::leave() {
  const async::CancelShield shield;
  auto leaving = job_->leave();
  const auto sum = co_await std::move(leaving);
  if (sum) context_.say("the job is done; all of its processes together: " + to_text(*sum));
  if (context_.stopping) co_return std::nullopt;
  co_return job_->failure();
}

void JobSeat::stop() {
  if (joining_) joining_->cancel();
  if (job_) job_->stop();
}

}  // namespace leat::pipelines
