#include "cli/cmd_bench.hpp"

#include <csignal>
#include <utility>
#include <vector>

#include "cli/bench_config.hpp"
#include "cli/bench_options.hpp"
#include "cli/bench_report.hpp"
#include "cli/help.hpp"
#include "cli/output.hpp"
#include "cli/printable.hpp"
#include "cli/system.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/signals.hpp"
#include "engine/async/task.hpp"
#include "engine/async/wait.hpp"
#include "engine/http/descriptor_budget.hpp"
#include "engine/load/load_run.hpp"

namespace leat::cli {

namespace {

ExitCode usage(const Error& error) {
  complain("bench", error.message + "; see leat bench --help");
  return ExitCode::usage;
}

/// One benchmark under the eyes of its user, who may stop it.
class BenchSession {
 public:
  BenchSession(async::EventLoop& loop, const load::LoadPlan& plan)
      : signals_(loop, {SIGINT, SIGTERM}), run_(loop, plan) {}

  async::Task<Result<load::LoadResult>> execute() {
    const std::vector watching{async::spawn(watch_signals(), "signals")};
    auto running = run_.execute();
    auto result = co_await std::move(running);
    for (auto task : watching) task.cancel();
    auto ending = async::wait(watching);
    co_await std::move(ending);
    co_return result;
  }

  [[nodiscard]] int signal() const noexcept { return signal_; }

 private:
  async::Task<void> watch_signals() {
    for (;;) {
      const auto number = co_await signals_.next();
      if (!number) co_return;
      if (signal_ == 0) signal_ = *number;
      run_.stop();
    }
  }

  async::Signals signals_;
  load::LoadRun run_;
  int signal_ = 0;
};

}  // namespace

ExitCode run_bench(std::span<const std::string_view> arguments) {
  auto options = parse_bench_options(arguments);
  if (!options) return usage(options.error());
  if (options->help) return print(bench_help());
  RealSystem system;
  const auto config = validate(options.value(), system);
  if (!config) return usage(config.error());

  http::raise_descriptor_limit();
  async::EventLoop loop;
  BenchSession session(loop, config.value().plan);
  const auto result = loop.run(session.execute());
  if (!result.ok()) {
    complain("bench", printable(result.error().message));
    return ExitCode::run_failed;
  }
  if (!config.value().quiet) {
    const ExitCode printed = print(bench_report(config.value().plan, result.value()));
    if (printed != ExitCode::ok) return printed;
  }
  return exit_code_of(result.value(), session.signal());
}

}  // namespace leat::cli
