#include "pipelines/run.hpp"

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
#include "engine/http/client.hpp"
#include "engine/http/client_pool.hpp"
#include "engine/http/host_gate.hpp"
#include "engine/io/output_writer.hpp"
#include "pipelines/planner.hpp"
#include "pipelines/stages/run_context.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kCapacity = 64;  // records between two stages
constexpr const char* kEnded = "the run was ended before this was done";
constexpr async::Duration kStuckAfter = std::chrono::seconds(2);

FetchArgs fetch_args(const Plan& plan) {
  FetchArgs last;
  for (const auto& args : plan.stages) {
    if (const auto* fetch = std::get_if<FetchArgs>(&args)) last = *fetch;
  }
  last.client.jobs = last.n;
  return last;
}

Error output_error(int number) {
  const bool full = number == ENOSPC || number == EDQUOT;
  return Error(full ? Errc::disk_full : Errc::file_error,
               std::string("can't write the results: ") + std::strerror(number));
}

}  // namespace

struct Run::Impl {
  Impl(async::EventLoop& loop, Plan p, int output_fd) : plan(std::move(p)), context(loop, output_fd) {
    context.abort = [this](Error why) { abort(std::move(why)); };
  }

  async::Task<Status> execute();
  async::Task<void> run_source(async::Task<Status> source);
  async::Task<void> run_stage(async::Task<Status> stage);
  async::Task<void> join();
  async::Task<void> watch_output();
  async::Task<void> stop_after(async::Duration grace);
  async::Task<void> give_up_stuck_output();

  Status start_client();
  void start();
  void stop_transfers(const char* reason);
  void stop_now(std::string reason);
  void abort(Error error);
  void look_at_output();
  void in_background(async::Task<void> task, const char* name) {
    helpers.push_back(async::spawn(std::move(task), name));
  }

  Plan plan;
  RunContext context;
  std::unique_ptr<http::Performer> client;
  const http::ClientPool* pool = nullptr;  // the client, where it has more threads than this one
  std::unique_ptr<io::OutputWriter> output;
  struct Watched {
    std::string name;
    std::weak_ptr<const Channel<RecordPtr>> channel;
  };

  Pipeline pipeline;
  std::vector<Watched> channels;
  std::vector<async::TaskHandle<void>> tasks;
  std::vector<async::TaskHandle<void>> helpers;
  Status error;
  bool source_ended = false;
  bool output_closed = false;
  bool stopped_now = false;
};

async::Task<Status> Run::Impl::execute() {
  auto built = build_pipeline(plan, context);
  if (!built) co_return built.error();
  pipeline = std::move(*built);
  if (Status failed = start_client()) co_return std::move(*failed);
  output = std::make_unique<io::OutputWriter>(context.loop, context.output_fd);
  context.output = output.get();
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
    output->abandon();
    auto joining = join();
    co_await std::move(joining);
  }
  for (auto& helper : helpers) helper.cancel();
  auto ending = async::wait(helpers);
  co_await std::move(ending);
  look_at_output();
  pipeline.sink->settle();
  if (cancelled) throw async::Cancelled{};
  co_return error;
}

Status Run::Impl::start_client() {
  FetchArgs args = fetch_args(plan);
  if (args.threads == 1) {
    client = std::make_unique<http::Client>(context.loop, std::move(args.client));
  } else {
    try {
      auto made = std::make_unique<http::ClientPool>(context.loop, args.threads, std::move(args.client));
      pool = made.get();
      client = std::move(made);
    } catch (const std::system_error& refused) {
      return Error(Errc::internal,
                   "can't start " + std::to_string(args.threads) + " threads: " + refused.what());
    }
  }
  context.client = client.get();
  return std::nullopt;
}

// Downstream first, so that whatever is sent finds somebody who receives.
void Run::Impl::start() {
  const auto& names = pipeline.names;
  std::vector<RecordSender> outs;
  std::vector<RecordReceiver> ins;
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    auto [out, in] = make_channel<RecordPtr>(kCapacity);
    channels.push_back({names[i] + " > " + names[i + 1], in.watch()});
    outs.push_back(std::move(out));
    ins.push_back(std::move(in));
  }
  tasks.push_back(async::spawn(run_stage(pipeline.sink->run(std::move(ins.back()))), names.back()));
  for (std::size_t i = pipeline.stages.size(); i-- > 0;) {
    auto running = pipeline.stages[i]->run(std::move(ins[i]), std::move(outs[i + 1]));
    tasks.push_back(async::spawn(run_stage(std::move(running)), names[i + 1]));
  }
  tasks.push_back(async::spawn(run_source(pipeline.source->run(std::move(outs.front()))), names.front()));
  in_background(watch_output(), "output watch");
  if (context.stopping) pipeline.source->stop();
}

async::Task<void> Run::Impl::run_source(async::Task<Status> source) {
  auto running = run_stage(std::move(source));
  co_await std::move(running);
  source_ended = true;
}

async::Task<void> Run::Impl::run_stage(async::Task<Status> stage) {
  Status status;
  try {
    status = co_await std::move(stage);
  } catch (const std::exception& failure) {
    status = Error(Errc::internal, failure.what());
  }
  if (status) abort(std::move(*status));
}

async::Task<void> Run::Impl::join() {
  for (auto& task : tasks) co_await task;
}

void Run::Impl::look_at_output() {
  if (output->state() == io::OutputState::closed) output_closed = true;
  if (output->state() == io::OutputState::failed) abort(output_error(output->error_number()));
}

async::Task<void> Run::Impl::watch_output() {
  auto ending = output->wait_for_end();
  co_await std::move(ending);
  look_at_output();
  if (output_closed) stop_now("the output was closed");
}

void Run::Impl::stop_transfers(const char* reason) {
  if (context.stopping) return;
  context.stopping = true;
  context.stop_reason = reason;
  if (pipeline.source) pipeline.source->stop();
  context.in_flight.cancel_parked();
}

void Run::Impl::stop_now(std::string reason) {
  stop_transfers(reason.c_str());
  if (!std::exchange(stopped_now, true) && output)
    in_background(give_up_stuck_output(), "stuck output watch");
  context.in_flight.cancel_all();
}

void Run::Impl::abort(Error why) {
  if (error) return;
  stop_now("the run ended: " + why.message);
  error = std::move(why);
}

async::Task<void> Run::Impl::stop_after(async::Duration grace) {
  co_await async::sleep_for(grace);
  stop_now(kEnded);
}

// What is left goes to a reader that reads, however slowly.
async::Task<void> Run::Impl::give_up_stuck_output() {
  for (std::uint64_t seen = output->written();;) {
    co_await async::sleep_for(kStuckAfter);
    const std::uint64_t now = output->written();
    if (now == seen && now != output->appended()) output->abandon();
    seen = now;
  }
}

Run::Run(async::EventLoop& loop, Plan plan, int output_fd)
    : impl_(std::make_unique<Impl>(loop, std::move(plan), output_fd)) {}
Run::~Run() = default;

async::Task<Status> Run::execute() { return impl_->execute(); }

void Run::finish_early(async::Duration grace) {
  if (impl_->context.stopping) return;
  impl_->stop_transfers(kEnded);
  impl_->in_background(impl_->stop_after(grace), "grace");
}

void Run::cancel_now() { impl_->stop_now(kEnded); }

RunStats Run::stats() const {
  if (impl_->pipeline.sink && impl_->output) impl_->pipeline.sink->settle();
  const RunContext& context = impl_->context;
  RunStats stats;
  stats.records_in = context.ledger.records_in();
  for (std::size_t i = 0; i < kOutcomes; ++i)
    stats.outcomes[i] = context.ledger.count(static_cast<Outcome>(i));
  stats.live = context.ledger.live();
  stats.running = context.in_flight.running();
  stats.retrying = context.in_flight.parked();
  stats.bytes = context.bytes;
  stats.source_ended = impl_->source_ended;
  stats.output_closed = impl_->output_closed;
  return stats;
}

std::vector<HostInfo> Run::hosts() const {
  std::vector<HostInfo> hosts;
  const async::TimePoint now = impl_->context.loop.now();
  for (const http::HostGate* gate : impl_->context.gates) {
    for (auto& row : gate->table()) {
      HostInfo host;
      host.origin = std::move(row.origin);
      host.running = row.running;
      host.waiting = row.waiting;
      host.parked_for = std::max(row.parked_until - now, async::Duration(0));
      hosts.push_back(std::move(host));
    }
  }
  return hosts;
}

std::vector<std::size_t> Run::threads() const {
  return impl_->pool != nullptr ? impl_->pool->running() : std::vector<std::size_t>();
}

std::vector<QueueInfo> Run::queues() const {
  std::vector<QueueInfo> queues;
  for (const auto& watched : impl_->channels) {
    const auto channel = watched.channel.lock();
    if (!channel) continue;
    QueueInfo info;
    info.name = watched.name;
    info.size = channel->queue.size();
    info.capacity = channel->queue.maxsize();
    info.getters = channel->queue.getters();
    info.putters = channel->queue.putters();
    queues.push_back(std::move(info));
  }
  return queues;
}

}  // namespace leat::pipelines
