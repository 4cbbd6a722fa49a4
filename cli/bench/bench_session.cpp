#include "cli/bench/bench_session.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>
#include <vector>

#include "cli/bench/team_plan.hpp"
#include "cli/bench/versus.hpp"
#include "cli/terminal/output.hpp"
#include "cli/terminal/stop_watch.hpp"
#include "engine/async/wait.hpp"
#include "engine/load/loopback_responder.hpp"
#include "engine/load/run_sequence.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

namespace {

constexpr double kFirstRate = 100;
constexpr double kHighestRate = 10e6;
constexpr async::Duration kCalibration{std::chrono::seconds(1)};

// A search takes as long as its trials do; this says why they are as long as they are.
void announce(const TrialRules& rules, double rate, async::Duration wanted) {
  complain("bench",
           fmt::format("--find-rate: each trial needs {} requests to be sure of {}{}: {} at {}, where it "
                       "starts, and longer at lower rates",
                       text::format_count(rules.samples()), text::escaped(rules.text()),
                       rules.adds_error_rate() ? " and error_rate<1%" : "",
                       text::format_elapsed(rules.lasts(rate, wanted)), text::format_rate(rate)));
}

// How often and how the client sends, for a short time. What the plan says of its server stays behind: where
// it is, how it is reached, and what good answers are.
load::LoadPlan same_load(const load::LoadPlan& asked) {
  load::LoadPlan plan;
  plan.mode = asked.mode;
  plan.rate = asked.stages.empty() ? asked.rate : std::max(asked.stages[0].from, asked.stages[0].to);
  plan.arrival = asked.arrival;
  plan.burst = asked.burst;
  plan.every = asked.every;
  plan.concurrency = asked.concurrency;
  plan.threads = asked.threads;
  plan.warmup = kCalibration / 10;
  plan.measured = asked.measured.count() > 0 ? std::min(asked.measured, kCalibration) : kCalibration;
  plan.requests = asked.requests;
  plan.timeout = asked.timeout;
  plan.connect_timeout = asked.connect_timeout;
  plan.drain = asked.drain;
  plan.keepalive = asked.keepalive;
  plan.full = asked.full;
  plan.http1_0 = asked.http1_0;
  plan.seed = asked.seed;
  plan.user_agent = asked.user_agent;
  return plan;
}

Measurement measurement_of(const load::LoadPlan& plan, load::LoadResult result) {
  Measurement measurement{plan, std::move(result), {}};
  measurement.verdict = load::judge(measurement.plan, measurement.result);
  return measurement;
}

}  // namespace

BenchSession::BenchSession(async::EventLoop& loop, const BenchConfig& config, SampleWriter* samples)
    : loop_(loop), config_(config), samples_(samples), signals_(loop, async::ending_signals()) {
  if (config.report.team) team_.emplace(loop, *config.report.team);
  // The result of many short runs has no course that a view could show.
  if (config.report.live && !config.report.versus && !config.report.find_rate) {
    live_.emplace(STDERR_FILENO, config.plan, config.report.unicode, Colours(config.report.coloured));
  }
  if (!config.report.expect.empty()) expectation_.emplace(loop, config.report.expect);
}

async::Task<Result<BenchRecord>> BenchSession::execute() {
  auto stops = watch_stop(
      loop_, [this] { before_stop(); }, [this] { after_stop(); });
  const std::vector watching{async::spawn(watch_signals(), "signals"),
                             async::spawn(std::move(stops), "stop")};
  std::optional<NoiseFloor> floor;
  Status broken;
  if (config_.report.calibrate) {
    auto calibrating = calibrate();
    const auto calibrated = co_await std::move(calibrating);
    if (calibrated.ok()) floor = noise_floor_of(calibrated.value());
    if (!calibrated.ok()) broken = calibrated.error();
  }
  Result<BenchRecord> record = BenchRecord();
  if (broken) {
    record = *broken;
  } else {
    auto measuring = team_ ? measure_in_team() : measure();
    record = co_await std::move(measuring);
  }
  if (live_) live_->clear();
  if (expectation_) {
    auto stopping = expectation_->stop();
    co_await std::move(stopping);
  }
  if (record.ok()) record->noise_floor = floor;
  for (auto task : watching) task.cancel();
  auto ending = async::wait(watching);
  co_await std::move(ending);
  co_return record;
}

async::Task<void> BenchSession::watch_signals() {
  for (;;) {
    const auto number = co_await signals_.next();
    if (!number) co_return;
    if (signal_ == 0) signal_ = *number;
    if (team_) team_->give_up();
    if (running_) running_->stop();
  }
}

void BenchSession::before_stop() {
  if (live_) live_->clear();  // the next slice draws it again
  if (running_) running_->pause();
}

void BenchSession::after_stop() noexcept {
  if (running_) running_->go_on();
}

load::SampleSink BenchSession::sample_sink() const {
  if (samples_ == nullptr) return {};
  return [writer = samples_](std::span<const load::Sample> samples) { writer->take(samples); };
}

async::Task<BenchSession::Outcome> BenchSession::run(load::LoadPlan plan) {
  load::LoadObserver* observer = live_ ? &*live_ : nullptr;
  if (!config_.report.abort_on.empty()) {
    abort_.emplace(config_.report.abort_on, observer, [this] { running_->stop(); });
    observer = &*abort_;
  }
  if (observer != nullptr) plan.slice = kLiveSlice;
  if (team_) {
    auto sharing = run_share(std::move(plan), observer);
    co_return co_await std::move(sharing);
  }
  auto starting = start(std::move(plan), observer, sample_sink(), false);
  auto result = co_await std::move(starting);
  if (result.ok()) {
    auto looking = look_at(*result);
    co_await std::move(looking);
  }
  co_return result;
}

async::Task<void> BenchSession::look_at(load::LoadResult& result) {
  if (!expectation_) co_return;
  auto looking = expectation_->look_at(result);
  co_await std::move(looking);
}

// Whoever asks for a run gets what all members have measured in it.
async::Task<BenchSession::Outcome> BenchSession::run_share(load::LoadPlan plan,
                                                           load::LoadObserver* observer) {
  auto starting = start(team_->share_of(plan), observer, sample_sink(), true);
  auto own = co_await std::move(starting);
  if (!own) co_return own;
  auto looking = look_at(*own);
  co_await std::move(looking);
  auto gathering = team_->gather(team_->whole_of(plan), *own);
  co_return co_await std::move(gathering);
}

async::Task<Result<BenchRecord>> BenchSession::measure_in_team() {
  auto lines = plan_lines(config_.plan) + question_lines(config_.report);
  auto joining = team_->join(std::move(lines), config_.plan.threads);
  if (auto error = co_await std::move(joining)) {
    if (error->code != Errc::bad_input) {
      auto leaving = team_->leave();
      co_await std::move(leaving);
    }
    co_return std::move(*error);
  }
  const std::vector telling{async::spawn(team_->keep_telling(), "team")};
  auto measuring = measure();
  auto record = co_await std::move(measuring);
  for (auto task : telling) task.cancel();
  auto ending = async::wait(telling);
  co_await std::move(ending);
  auto leaving = team_->leave();
  co_await std::move(leaving);
  if (record.ok()) {
    record->subject.plan = team_->whole_of(record->subject.plan);
    if (record->other) record->other->plan = team_->whole_of(record->other->plan);
  }
  co_return record;
}

async::Task<BenchSession::Outcome> BenchSession::start(load::LoadPlan plan, load::LoadObserver* observer,
                                                       load::SampleSink sink, bool meets) {
  running_ = std::make_unique<load::LoadRun>(loop_, std::move(plan), observer, std::move(sink));
  if (meets) running_->set_meeting([this] { return team_->meet(); });
  if (signal_ != 0) running_->stop();  // the signal came while nothing ran, or in the calibration
  auto executing = running_->execute();
  auto result = co_await std::move(executing);
  running_.reset();
  co_return result;
}

// A request without a body, on a connection of its own kind: everything else is the server's or the
// network's.
async::Task<BenchSession::Outcome> BenchSession::calibrate() {
  const auto responder = load::LoopbackResponder::start();
  if (!responder.ok()) co_return responder.error();
  load::LoadPlan plan = same_load(config_.plan);
  load::Target target;
  target.url = responder.value()->url();
  plan.targets = {target};
  load::SampleSink nobody;
  auto executing = start(std::move(plan), nullptr, std::move(nobody), false);
  auto result = co_await std::move(executing);
  co_return result;
}

std::vector<MemberRow> BenchSession::members() const {
  return team_ ? team_->rows() : std::vector<MemberRow>();
}

// This is not a coroutine itself: it only chooses one.
async::Task<Result<BenchRecord>> BenchSession::measure() {
  if (config_.report.versus) return measure_both();
  if (config_.report.find_rate) return find_rate();
  return measure_once();
}

async::Task<Result<BenchRecord>> BenchSession::measure_once() {
  auto executing = run(config_.plan);
  auto result = co_await std::move(executing);
  if (!result.ok()) co_return std::move(result.error());
  BenchRecord record;
  record.subject = measurement_of(config_.plan, std::move(*result));
  record.members = members();
  if (abort_) record.aborted = abort_->reason();
  co_return record;
}

async::Task<Result<BenchRecord>> BenchSession::measure_both() {
  const VersusSchedule schedule(config_.plan, *config_.report.versus);
  VersusTally tally(schedule.groups());
  for (const auto& block : schedule.blocks()) {
    if (signal_ != 0) break;
    auto executing = run(block.plan);
    const auto result = co_await std::move(executing);
    if (!result.ok()) co_return result.error();
    tally.take(block, result.value());
    if (!block.counts && team_) team_->begin_rows();
  }
  BenchRecord record;
  record.members = members();
  record.subject = measurement_of(config_.plan, tally.subject());
  load::LoadPlan other = config_.plan;
  other.targets = {*config_.report.versus};
  record.other = measurement_of(other, tally.other());
  record.comparison = tally.compare(name_of(record.subject), name_of(*record.other));
  co_return record;
}

async::Task<Result<BenchRecord>> BenchSession::find_rate() {
  const TrialRules rules(*config_.report.find_rate, config_.report.checks, config_.report.check_mode);
  load::LoadPlan plan = config_.plan;
  const async::Duration wanted = plan.measured;
  // At the first rate the samples come in the time that was asked for, unless the user says where to start.
  const double first = plan.rate > 0 ? plan.rate : std::max(kFirstRate, rules.rate_for(wanted));
  RateSearch search(std::max(first, rules.lowest_rate(wanted)), kHighestRate, rules.lowest_rate(wanted));
  plan.mode = load::LoadPlan::Mode::open;
  if (!config_.report.quiet) announce(rules, search.next()->rate, wanted);
  BenchRecord record;
  record.subject = measurement_of(plan, {});
  load::LoadResult gathered;
  const auto report = [&](Measurement measurement) {
    record.subject = std::move(measurement);
    record.members = members();
  };
  while (signal_ == 0) {
    const auto trial = search.next();
    if (!trial) break;
    plan.rate = trial->rate;
    plan.measured = rules.lasts(trial->rate, wanted);
    ++plan.seed;
    if (!trial->again && team_) team_->begin_rows();
    auto executing = run(plan);
    const auto result = co_await std::move(executing);
    if (!result.ok()) co_return result.error();
    if (!trial->again) gathered = load::LoadResult();
    load::append(gathered, result.value());
    const bool is_short = team_ && team_->has_lost_member();
    if (signal_ != 0 || is_short) {
      // A trial that was cut short, or without the part of a member that has died, decides nothing. But it is
      // reported if it is the only one, or since that member would be missing in all that follow.
      if (search.trials() == 0 || is_short) report(measurement_of(plan, gathered));
      break;
    }
    const auto judgement = rules.judge(gathered);
    auto measurement = measurement_of(plan, gathered);
    const bool holds = judgement.state == CheckOutcome::State::holds;
    // A client that can't send at a rate knows nothing about the server at that rate.
    if (!holds && measurement.verdict.kind == load::Verdict::Kind::saturated) search.tell_client_limit();
    if (holds || !search.held()) report(std::move(measurement));
    search.tell(judgement.state, judgement.reason);
  }
  record.found_rate = FoundRate{rules.text(), search.held(), search.failed(), search.trials(),
                                find_rate_sentence(search, rules.text())};
  co_return record;
}

}  // namespace leat::cli
