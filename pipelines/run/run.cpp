#include "pipelines/run/run.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "engine/async/errors.hpp"
#include "engine/async/sleep.hpp"
#include "engine/async/wait.hpp"
#include "engine/http/client_pool.hpp"
#include "engine/http/gate/host_gate.hpp"
#include "engine/http/message/shown_url.hpp"
#include "engine/io/output_writer.hpp"
#include "pipelines/flow/leftovers.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/run/job_seat.hpp"
#include "pipelines/run/own_files_of.hpp"
#include "pipelines/run/planner.hpp"
#include "pipelines/run/redactor_of.hpp"
#include "pipelines/run/run_journal.hpp"
#include "pipelines/run/run_transfers.hpp"
#include "pipelines/run/seat_info.hpp"
#include "pipelines/state/journal.hpp"
#include "pipelines/state/recording.hpp"
#include "pipelines/state/recording_seal.hpp"
#include "pipelines/worker/jq_worker.hpp"

namespace leat::pipelines {

namespace {

constexpr const char* kEnded = "the run was ended before this was done";
constexpr async::Duration kStuckAfter = std::chrono::seconds(2);
constexpr async::Duration kStuckInHurry = std::chrono::milliseconds(50);

}  // namespace

struct Run::Impl {
  Impl(async::EventLoop& loop, Plan p, int output_fd) : plan(std::move(p)), context(loop, output_fd) {
    context.abort = [this](Error why) { abort(std::move(why)); };
    context.is_at_work = [this] { return is_at_work(pipeline); };
  }

  async::Task<Status> execute();
  async::Task<void> run_source(async::Task<Status> source);
  async::Task<void> run_stage(async::Task<Status> stage);
  async::Task<void> join();
  async::Task<void> cancel_unwanted(Pipeline::ChannelRef out, async::TaskHandle<void> task);
  async::Task<void> watch_output(io::OutputWriter& writer);
  async::Task<void> stop_after(async::Duration grace);
  async::Task<void> give_up_stuck(io::OutputWriter& output, async::Duration after);
  void give_up_stuck_outputs(async::Duration after);
  async::Task<void> watch_state();
  Status open_journal();
  Status open_leftovers();
  void stop_after_failures();
  async::Task<void> close_journal(bool is_whole);
  void start();
  void stop_transfers(const char* reason);
  void stop_now(std::string reason);
  void abort(Error error);
  void look_at_outputs();
  void settle();
  void in_background(async::Task<void> task, const char* name) {
    helpers.push_back(async::spawn(std::move(task), name));
  }

  Plan plan;
  std::vector<std::string> inputs;
  RunContext context;
  std::unique_ptr<JqWorker> jq;
  Exchanges exchanges;

  std::unique_ptr<Journal> journal;       // outlives all records
  JobSeat seat{context, plan};            // as well
  std::optional<LeftoverFile> leftovers;  // as well
  Pipeline pipeline;
  std::vector<async::TaskHandle<void>> tasks;
  std::vector<async::TaskHandle<void>> helpers;
  Status error;
  bool output_closed = false;
  bool too_many_failed = false;
  bool stopped_now = false;
};

async::Task<Status> Run::Impl::execute() {
  context.secrets = text::Secrets(plan.secrets);
  if (auto failure = exchanges.open(plan.record_dir, plan.replay_dir, redactor_of(plan))) co_return failure;
  context.recording = exchanges.recording.get();
  context.player = exchanges.player.get();
  if (auto failure = open_journal()) co_return failure;
  if (auto refused = check_files(plan, inputs)) co_return refused;
  context.outputs.protect(own_files_of(plan, inputs));
  if (auto failure = open_leftovers()) co_return failure;
  if (journal) context.outputs.go_on_from(journal->take_output_ends());
  context.has_next_run =
      context.state != nullptr || context.recording != nullptr || context.player != nullptr;
  context.failures.after(plan.max_errors, [this] { stop_after_failures(); });
  auto built = build_pipeline(plan, context);
  if (!built) co_return built.error();
  pipeline = std::move(*built);
  for (const auto& sink : pipeline.sinks) {
    if (auto failure = sink->open()) co_return failure;
  }
  if (!context.jq_programs.empty()) {
    JqOptions options;
    options.programs = context.jq_programs;
    options.limit = plan.expr_timeout;
    if (!plan.executable.empty()) options.executable = plan.executable;
    jq = std::make_unique<JqWorker>(context.loop, std::move(options));
    context.jq = jq.get();
  }
  start();

  bool cancelled = false;
  try {
    auto joining = join();
    co_await std::move(joining);
  } catch (const async::Cancelled&) {
    cancelled = true;
  }
  if (cancelled) {
    const async::CancelShield shield;
    stop_now("the run was cancelled");
    context.outputs.for_each([](const std::string&, io::OutputWriter& writer) { writer.abandon(); });
    auto joining = join();
    co_await std::move(joining);
  }
  for (auto& helper : helpers) helper.cancel();
  auto ending = async::wait(helpers);
  co_await std::move(ending);
  if (jq) {
    auto stopping = jq->stop();
    co_await std::move(stopping);
  }
  look_at_outputs();
  settle();
  note_unmatched_sums(context);
  if (leftovers) {
    auto finishing = leftovers->finish();
    auto failure = co_await std::move(finishing);
    look_at_outputs();
    if (failure && !error) error = std::move(failure);
  }
  if (!error) error = std::move(context.input_error);
  if (auto failure = save_cookies(plan, context); failure && !error) error = std::move(failure);
  if (exchanges.recording && !error) error = seal_recording(plan.record_dir);
  const bool is_whole = !cancelled && !error && !context.stopping && !output_closed && context.source_ended;
  auto closing = close_journal(is_whole);
  co_await std::move(closing);
  if (cancelled) throw async::Cancelled{};
  co_return error;
}

// Before anything else, so that nothing is touched if it is refused.
Status Run::Impl::open_journal() {
  if (!plan.state || context.job != nullptr) return std::nullopt;
  auto opened = Journal::open(context.loop, journal_options(plan));
  if (!opened.ok()) return std::move(opened.error());
  journal = std::move(*opened);
  if (!journal->is_new()) context.outputs.go_on();
  context.state = context.journal = journal.get();
  context.acknowledgement.begin(*journal);
  context.retry_failed = plan.state->retry_failed;
  return std::nullopt;
}

Status Run::Impl::open_leftovers() {
  if (plan.failed_path.empty()) return std::nullopt;
  auto file = context.outputs.open(plan.failed_path, Outputs::Standing::empty, Outputs::kOwner);
  if (!file) return std::move(file.error());
  context.leftovers = &leftovers.emplace((*file)->writer(), (*file)->had_lines());
  context.outputs.protect(**file, "the --failed file");
  if (context.journal == nullptr || journal->is_new()) return std::nullopt;
  return leftovers->take_up(plan.failed_path);
}

void Run::Impl::stop_after_failures() {
  too_many_failed = true;
  stop_now("the run was ended after " + std::to_string(plan.max_errors) +
           (plan.max_errors == 1 ? " failure" : " failures"));
}

// Records that were dropped on the way have been destroyed with their tasks, and their entries with them.
async::Task<void> Run::Impl::close_journal(bool is_whole) {
  if (!journal) co_return;
  const async::CancelShield shield;
  if (is_whole) journal->pass_ended();
  if (!stopped_now && !error) journal->outputs_ended();
  auto committing = journal->commit();
  if (auto failure = co_await std::move(committing); failure && !error) error = std::move(failure);
}

async::Task<void> Run::Impl::watch_state() {
  co_await context.state->failed().wait();
  abort(*context.state->failure());
}

void Run::Impl::start() {
  if (!context.stopping) context.ledger.count_dropped_as(Outcome::skipped);
  for (auto& launch : pipeline.launches) {
    const bool is_source = pipeline.source != nullptr && &launch == &pipeline.launches.back();
    auto running = is_source ? run_source(seat.when_its_turn(launch.start())) : run_stage(launch.start());
    tasks.push_back(async::spawn(std::move(running), launch.name));
    if (auto out = launch.out.lock()) {
      in_background(cancel_unwanted(std::move(out), tasks.back()), "output watch");
    }
    launch.start = nullptr;
  }
  if (context.state != nullptr) in_background(watch_state(), "state watch");
  context.outputs.for_each([this](const std::string&, io::OutputWriter& writer) {
    in_background(watch_output(writer), "output watch");
  });
  if (context.stopping) pipeline.source->stop();
}

async::Task<void> Run::Impl::run_source(async::Task<Status> source) {
  auto running = run_stage(std::move(source));
  co_await std::move(running);
  context.source_ended = true;
}

async::Task<void> Run::Impl::run_stage(async::Task<Status> stage) {
  Status status;
  try {
    status = co_await std::move(stage);
  } catch (const async::Cancelled&) {  // nobody wants its records
  } catch (const std::exception& failure) {
    status = Error(Errc::internal, failure.what());
  }
  if (status) abort(std::move(*status));
}

// The end of a pipeline may be reached long before its source is exhausted.
async::Task<void> Run::Impl::cancel_unwanted(Pipeline::ChannelRef out, async::TaskHandle<void> task) {
  co_await out->unwanted.wait();
  task.cancel();
}

async::Task<void> Run::Impl::join() {
  for (auto& task : tasks) co_await task;
}

void Run::Impl::settle() {
  for (const auto& sink : pipeline.sinks) sink->settle();
}

void Run::Impl::look_at_outputs() {
  context.outputs.for_each([this](const std::string& path, const io::OutputWriter& writer) {
    if (writer.state() == io::OutputState::closed) output_closed = true;
    if (writer.state() == io::OutputState::failed) abort(output_error(path, writer.error_number()));
  });
}

async::Task<void> Run::Impl::watch_output(io::OutputWriter& writer) {
  auto ending = writer.wait_for_end();
  co_await std::move(ending);
  look_at_outputs();
  if (output_closed) stop_now("the output was closed");
}

void Run::Impl::stop_transfers(const char* reason) {
  if (context.stopping) return;
  context.stopping = true;
  context.stop_reason = reason;
  context.ledger.count_dropped_as(Outcome::cancelled);
  seat.stop();
  if (pipeline.source) pipeline.source->stop();
  context.ending.set();
  context.in_flight.cancel_hopeless();
}

void Run::Impl::stop_now(std::string reason) {
  stop_transfers(reason.c_str());
  if (!std::exchange(stopped_now, true)) give_up_stuck_outputs(kStuckAfter);
  context.in_flight.cancel_all();
}

// What a run that is to end no longer waits for has not failed.
void Run::Impl::abort(Error why) {
  if (error || (context.stopping && why.code == Errc::cancelled)) return;
  stop_now("the run ended: " + why.message);
  error = std::move(why);
}

async::Task<void> Run::Impl::stop_after(async::Duration grace) {
  co_await async::sleep_for(grace);
  stop_now(kEnded);
}

// What is left goes to a reader that reads, however slowly.
async::Task<void> Run::Impl::give_up_stuck(io::OutputWriter& output, async::Duration after) {
  for (std::uint64_t seen = output.written();;) {
    co_await async::sleep_for(after);
    const std::uint64_t now = output.written();
    if (now == seen && now != output.appended()) output.abandon();
    seen = now;
  }
}

void Run::Impl::give_up_stuck_outputs(async::Duration after) {
  context.outputs.for_each([this, after](const std::string&, io::OutputWriter& writer) {
    in_background(give_up_stuck(writer, after), "stuck output watch");
  });
}

Run::Run(async::EventLoop& loop, Plan plan, int output_fd)
    : impl_(std::make_unique<Impl>(loop, std::move(plan), output_fd)) {}
Run::~Run() = default;

async::Task<Status> Run::execute() {
  return impl_->seat.hold([&impl = *impl_] { return impl.execute(); });
}

void Run::protect(std::vector<std::string> inputs) { impl_->inputs = std::move(inputs); }

void Run::report_failures(std::function<void(const std::string&)> report) {
  impl_->context.report_failure = [this, report = std::move(report)](const Record& record) {
    std::string url = record.input.empty() ? record.request.url.text() : record.input;
    impl_->context.secrets.hide(url);  // before it is cut, which could leave a part of one
    const auto shown = url.empty() ? ": " : ", " + http::shown_url(url) + ": ";
    auto line = "record " + std::to_string(record.id) + shown;
    line.append(to_string(record.error->code)).append(": ").append(record.error->message);
    impl_->context.secrets.hide(line);
    if (!impl_->output_closed || record.outcome != Outcome::cancelled) report(line);  // else its reader left
  };
}

void Run::report_notes(std::function<void(const std::string&)> report) {
  impl_->context.say = [this, report = std::move(report)](std::string line) {
    impl_->context.secrets.hide(line);
    report(line);
  };
}

void Run::finish_early(async::Duration grace) {
  if (impl_->context.stopping) return;
  impl_->stop_transfers(kEnded);
  impl_->in_background(impl_->stop_after(grace), "grace");
}

void Run::cancel_now() {
  impl_->stop_now(kEnded);
  if (!std::exchange(impl_->context.hurry, true)) impl_->give_up_stuck_outputs(kStuckInHurry);
}

RunStats Run::stats() const {
  impl_->settle();
  const RunContext& context = impl_->context;
  RunStats stats;
  stats.records_in = context.ledger.records_in();
  for (std::size_t i = 0; i < kOutcomes; ++i)
    stats.outcomes[i] = context.ledger.count(static_cast<Outcome>(i));
  stats.live = context.ledger.live();
  look_at_transfers(stats, context);
  stats.failures = context.failures.report();
  for (auto& line : stats.failures.first) context.secrets.hide(line);
  stats.done_before = context.done_before;
  stats.source_ended = context.source_ended;
  if (impl_->pipeline.source) stats.input_read = impl_->pipeline.source->part_read();
  stats.too_many_failed = impl_->too_many_failed;
  stats.output_closed = impl_->output_closed;
  return stats;
}

bool Run::uses_standard_output() const { return impl_->context.outputs.find("-") != nullptr; }

std::vector<HostInfo> Run::hosts() const { return look_at_hosts(impl_->context, false); }

std::vector<std::size_t> Run::threads() const {
  std::vector<std::size_t> running;
  for (const http::ClientPool* pool : impl_->context.pools) {
    const auto counts = pool->running();
    running.resize(std::max(running.size(), counts.size()));
    for (std::size_t i = 0; i < counts.size(); ++i) running[i] += counts[i];
  }
  return running;
}

std::vector<StageInfo> Run::stages() const {
  std::vector<StageInfo> stages;
  if (impl_->tasks.empty()) return stages;  // nothing has started
  impl_->settle();
  for (const auto& seat : impl_->pipeline.seats) {
    stages.push_back(look_at(seat, impl_->tasks[seat.launch].state()));
  }
  if (const auto limit = find_limit(stages)) stages[limit->stage].limit = limit->why;
  return stages;
}

std::vector<QueueInfo> Run::queues() const { return look_at_queues(impl_->pipeline); }

}  // namespace leat::pipelines
