#include "cli/cmd_get.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <utility>
#include <vector>

#include "cli/config.hpp"
#include "cli/help.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/printable.hpp"
#include "cli/progress.hpp"
#include "cli/report.hpp"
#include "cli/status_table.hpp"
#include "cli/system.hpp"
#include "cli/units.hpp"
#include "cli/version.hpp"
#include "engine/async/debug.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/introspect.hpp"
#include "engine/async/signals.hpp"
#include "engine/async/task.hpp"
#include "engine/async/wait.hpp"
#include "engine/http/descriptor_budget.hpp"
#include "engine/version.hpp"
#include "pipelines/run.hpp"

namespace leat::cli {

namespace {

ExitCode usage(const Error& error) {
  complain("get", error.message + "; see leat get --help");
  return ExitCode::usage;
}

/// One run under the eyes of its user: signals, progress, report.
class Session {
 public:
  Session(async::EventLoop& loop, const GetConfig& config, pipelines::Plan plan)
      : config_(config),
        loop_(loop),
        signals_(loop, {SIGINT, SIGTERM, SIGUSR1}),
        run_(loop, std::move(plan), STDOUT_FILENO),
        progress_(config.progress, STDERR_FILENO, [this] { return run_.stats(); }) {}

  async::Task<RunEnd> execute() {
    const std::vector helpers{async::spawn(watch_signals(), "signals"),
                              async::spawn(progress_.run(), "progress")};
    RunEnd end;
    end.error = co_await run_.execute();
    for (auto helper : helpers) helper.cancel();
    auto ending = async::wait(helpers);
    co_await std::move(ending);
    progress_.finish();
    end.signal = signal_;
    end.stats = run_.stats();
    co_return end;
  }

 private:
  async::Task<void> watch_signals() {
    for (;;) {
      const auto number = co_await signals_.next();
      if (!number) co_return;
      if (*number == SIGUSR1) {
        show_status();
        continue;
      }
      const bool first = std::exchange(signal_, signal_ == 0 ? *number : signal_) == 0;
      if (first) {
        progress_.say(fmt::format(
            "leat get: {}: no new transfers; those that run have {} to finish (again to stop now)",
            *number == SIGINT ? "interrupted" : "terminated", format_elapsed(config_.grace)));
        run_.finish_early(config_.grace);
      } else {
        run_.cancel_now();
      }
    }
  }

  void show_status() {
    RunStatus status;
    status.now = loop_.now();
    status.stats = run_.stats();
    status.tasks = async::all_tasks(loop_);
    status.threads = run_.threads();
    status.hosts = run_.hosts();
    status.queues = run_.queues();
    progress_.say(status_table(status));
  }

  const GetConfig& config_;
  async::EventLoop& loop_;
  async::Signals signals_;
  pipelines::Run run_;
  Progress progress_;
  int signal_ = 0;
};

async::DebugOptions debug_options(const GetConfig& config) {
  async::DebugOptions options;
  options.slow_callback = config.slow_callback;
  options.report = [](std::string_view line) { complain("get", "debug: " + printable(line)); };
  return options;
}

void report(const GetConfig& config, const RunEnd& end, async::Duration elapsed) {
  if (end.error) complain("get", printable(end.error->message));
  // Who closed the output has seen enough; JSON on standard error ends in a JSON line that says the same.
  const bool quietly = end.stats.output_closed && !config.verbose;
  if (quietly || config.quiet || config.progress == ProgressKind::json) return;
  write_all(STDERR_FILENO, "leat get: " + summary(end.stats, elapsed));
}

}  // namespace

ExitCode run_get(std::span<const std::string_view> arguments) {
  const auto started = std::chrono::steady_clock::now();
  auto options = parse_get_options(arguments);
  if (!options) return usage(options.error());
  if (options->help) return print(get_help());
  RealSystem system;
  const auto config = validate(options.value(), system);
  if (!config) return usage(config.error());

  pipelines::Plan plan = make_plan(config.value());
  if (const auto error = pipelines::check_plan(plan)) return usage(*error);

  http::raise_descriptor_limit();
  if (config.value().verbose) {
    write_all(STDERR_FILENO, fmt::format("leat get: leat/{} {}\nleat get: {}\n", leat_version(),
                                         library_versions(), describe(plan)));
  }
  async::EventLoop loop;
  if (config.value().debug) loop.set_debug(debug_options(config.value()));
  RunEnd end;
  {
    Session session(loop, config.value(), std::move(plan));
    end = loop.run(session.execute());
  }
  report(config.value(), end, std::chrono::steady_clock::now() - started);
  return exit_code_of(end);
}

}  // namespace leat::cli
