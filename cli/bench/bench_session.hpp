#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "cli/bench/abort_watch.hpp"
#include "cli/bench/bench_config.hpp"
#include "cli/bench/bench_record.hpp"
#include "cli/bench/expectation.hpp"
#include "cli/bench/find_rate.hpp"
#include "cli/bench/live_view.hpp"
#include "cli/bench/sample_writer.hpp"
#include "cli/bench/team.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/signals.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/load/load_run.hpp"

namespace leat::cli {

/// Runs a benchmark for a user who may stop it: one run, two sides in turns, or a search for a rate.
///
/// Loop thread only. It outlives `execute`, which is called once. After a signal the record is made of what
/// was measured.
class BenchSession {
 public:
  /// `samples` may be null.
  BenchSession(async::EventLoop& loop, const BenchConfig& config, SampleWriter* samples);

  /// All parts of a record that are measured: subject, other, comparison, found_rate.
  async::Task<Result<BenchRecord>> execute();
  [[nodiscard]] int signal() const noexcept { return signal_; }
  /// The team that this process belongs to; null without --team.
  [[nodiscard]] const Team* team() const noexcept { return team_ ? &*team_ : nullptr; }

 private:
  using Outcome = Result<load::LoadResult>;

  async::Task<void> watch_signals();
  void before_stop();
  void after_stop() noexcept;
  async::Task<Outcome> run(load::LoadPlan plan);
  async::Task<Outcome> start(load::LoadPlan plan, load::LoadObserver* observer, load::SampleSink sink,
                             bool meets);
  async::Task<void> look_at(load::LoadResult& result);
  async::Task<Outcome> run_share(load::LoadPlan plan, load::LoadObserver* observer);
  async::Task<Result<BenchRecord>> measure_in_team();
  async::Task<Outcome> calibrate();
  async::Task<Result<BenchRecord>> measure();
  async::Task<Result<BenchRecord>> measure_once();
  async::Task<Result<BenchRecord>> measure_both();
  async::Task<Result<BenchRecord>> find_rate();
  [[nodiscard]] load::SampleSink sample_sink() const;
  [[nodiscard]] std::vector<MemberRow> members() const;

  async::EventLoop& loop_;
  const BenchConfig& config_;
  SampleWriter* samples_;
  async::Signals signals_;
  std::optional<LiveView> live_;
  std::optional<AbortWatch> abort_;
  std::optional<Expectation> expectation_;
  std::optional<Team> team_;
  std::unique_ptr<load::LoadRun> running_;
  int signal_ = 0;
};

}  // namespace leat::cli
