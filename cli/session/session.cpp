#include "cli/session/session.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <utility>
#include <vector>

#include "cli/session/progress.hpp"
#include "cli/session/report.hpp"
#include "cli/session/status_table.hpp"
#include "cli/terminal/output.hpp"
#include "cli/terminal/stop_watch.hpp"
#include "engine/async/debug.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/introspect.hpp"
#include "engine/async/signals.hpp"
#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"
#include "engine/async/wait.hpp"
#include "engine/http/curl/http2_faults.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/secrets.hpp"
#include "engine/text/units.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/plan/for_each_fetch.hpp"
#include "pipelines/run/run.hpp"
#include "pipelines/run/run_job.hpp"

namespace leat::cli {

namespace {

std::vector<int> watched_signals() {
  auto numbers = async::ending_signals();
  numbers.push_back(SIGUSR1);
  return numbers;
}

/// One run as its user sees it: signals, progress, report.
class Session {
 public:
  Session(async::EventLoop& loop, const SessionConfig& config, pipelines::Plan plan)
      : config_(config),
        loop_(loop),
        signals_(loop, watched_signals()),
        run_(loop, std::move(plan), STDOUT_FILENO),
        progress_(config.progress, STDERR_FILENO, progress_source()) {
    run_.protect(config.inputs);
  }

  async::Task<RunEnd> execute() {
    std::vector helpers{async::spawn(watch_signals(), "signals"), async::spawn(progress_.run(), "progress")};
    if (config_.progress == ProgressKind::bar) {
      helpers.push_back(async::spawn(watch_stop(
                                         loop_, [this] { progress_.hide(); }, [] {}),
                                     "stop"));
    }
    run_.report_failures([this](const std::string& line) { report_failure(line); });
    run_.report_notes([this](const std::string& line) {
      const bool is_wanted = config_.summary == SummaryKind::automatic && !config_.quiet;
      if (!is_wanted || config_.progress == ProgressKind::json) return;
      progress_.say(fmt::format("leat {}: {}", config_.command, text::escaped(line)));
    });
    auto limit = async::spawn(watch_time(), "max-time");
    RunEnd end;
    end.error = co_await run_.execute();
    limit.cancel();
    for (auto helper : helpers) helper.cancel();
    helpers.push_back(std::move(limit));
    auto ending = async::wait(helpers);
    co_await std::move(ending);
    if (reported_ > kReported) {
      progress_.say(fmt::format("leat {}: and {} more failed; lines with outcome and error.code show all",
                                config_.command, reported_ - kReported));
    }
    progress_.finish();
    end.signal = signal_;
    end.stats = run_.stats();
    co_return end;
  }

 private:
  static constexpr std::uint64_t kReported = 10;

  // Of a record that no line of the output shows. Thousands would hide what else is said.
  void report_failure(const std::string& line) {
    if (++reported_ > kReported) return;
    progress_.say(fmt::format("leat {}: {}", config_.command, text::escaped(line)));
  }

  ProgressSource progress_source() {
    ProgressSource source;
    source.command = config_.command;
    source.colours = Colours(config_.coloured);
    source.stats = [this] { return run_.stats(); };
    if (config_.gives_way) source.gives_way = [this] { return run_.uses_standard_output(); };
    if (config_.show_stages) source.stages = [this] { return run_.stages(); };
    return source;
  }

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
        finish_early(*number == SIGINT ? "interrupted" : *number == SIGHUP ? "hung up" : "terminated");
      } else {
        run_.cancel_now();
      }
    }
  }

  // A run whose time is over ends as by the first SIGINT.
  async::Task<void> watch_time() {
    if (config_.max_time.count() == 0) co_return;
    co_await async::sleep_for(config_.max_time);
    if (std::exchange(signal_, signal_ == 0 ? SIGINT : signal_) != 0) co_return;
    finish_early("--max-time is over after " + text::format_in_largest_unit(config_.max_time));
  }

  void finish_early(const std::string& why) {
    progress_.say(
        fmt::format("leat {}: {}: no new transfers; those that run have {} to finish (again to stop now)",
                    config_.command, why, text::format_elapsed(config_.grace)));
    run_.finish_early(config_.grace);
  }

  void show_status() {
    RunStatus status;
    status.command = config_.command;
    status.now = loop_.now();
    status.stats = run_.stats();
    status.tasks = async::all_tasks(loop_);
    status.threads = run_.threads();
    status.hosts = run_.hosts();
    status.queues = run_.queues();
    status.stages = run_.stages();
    progress_.say(status_table(status));
  }

  const SessionConfig& config_;
  async::EventLoop& loop_;
  async::Signals signals_;
  pipelines::Run run_;
  Progress progress_;
  int signal_ = 0;
  std::uint64_t reported_ = 0;
};

async::DebugOptions debug_options(const SessionConfig& config) {
  async::DebugOptions options;
  options.slow_callback = config.slow_callback;
  options.report = [command = config.command](std::string_view line) {
    complain(command, "debug: " + text::escaped(line));
  };
  return options;
}

void report(const SessionConfig& config, const RunEnd& end, async::Duration elapsed,
            const std::string& next) {
  if (end.error) complain(config.command, text::escaped(end.error->message));
  // A reader that closed the output has seen enough; JSON on standard error ends with a JSON line that says
  // the same.
  const bool quietly = end.stats.output_closed && !config.verbose;
  if (quietly || config.quiet || config.progress == ProgressKind::json) return;
  if (config.summary == SummaryKind::none) return;
  const bool only_failures = config.summary == SummaryKind::failures;
  if (only_failures && !has_failed(end.stats)) return;
  const Colours colours(config.coloured);
  const std::string text = only_failures ? failures_summary(end.stats, colours)
                                         : summary(end.stats, elapsed, config.command, colours) + next;
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end_of_line = text.find('\n', at) + 1;
    shown += fmt::format("leat {}: {}", config.command, text.substr(at, end_of_line - at));
    at = end_of_line;
  }
  write_all(STDERR_FILENO, shown);
}

// What a user who asks for HTTP/2 should know before relying on it.
void warn(const SessionConfig& config, const pipelines::Plan& plan) {
  if (config.quiet || config.progress == ProgressKind::json) return;
  bool asked = false;
  pipelines::for_each_fetch(plan, [&asked](const pipelines::FetchArgs& args) {
    asked = asked || args.client.wire.http == http::WireOptions::Http::v2;
  });
  if (!asked) return;
  if (const std::string faults = http::http2_faults(); !faults.empty()) complain(config.command, faults);
}

}  // namespace

ExitCode run_session(const SessionConfig& config, pipelines::Plan plan,
                     std::chrono::steady_clock::time_point started) {
  const std::string failed_path = plan.failed_path;
  const Kept kept = !plan.state                           ? Kept::nowhere
                    : pipelines::is_job(plan.state->path) ? Kept::in_job
                                                          : Kept::in_journal;
  const text::Secrets secrets(plan.secrets);
  warn(config, plan);
  async::EventLoop loop;
  if (config.debug) loop.set_debug(debug_options(config));
  RunEnd end;
  {
    Session session(loop, config, std::move(plan));
    end = loop.run(session.execute());
  }
  if (end.error) secrets.hide(end.error->message);  // which may name a file
  report(config, end, std::chrono::steady_clock::now() - started,
         next_step(end.stats, config.command, failed_path, kept));
  return exit_code_of(end);
}

}  // namespace leat::cli
