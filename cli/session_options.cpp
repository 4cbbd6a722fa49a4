#include "cli/session_options.hpp"

#include <unistd.h>

#include <array>

#include "cli/option_value.hpp"
#include "cli/printable.hpp"
#include "pipelines/state/exchange_store.hpp"

namespace leat::cli {

namespace {

// Results that scroll by on the same terminal are progress enough.
ProgressKind automatic_progress(System& system) {
  if (!system.is_terminal(STDERR_FILENO) || system.is_terminal(STDOUT_FILENO)) return ProgressKind::off;
  const std::string term = system.environment("TERM");
  return term.empty() || term == "dumb" ? ProgressKind::plain : ProgressKind::bar;
}

}  // namespace

Status read_session_options(const SessionOptions& options, System& system, SessionConfig& config) {
  if (auto e = read_time("--grace", options.grace, config.grace)) return e;
  enum class Asked : std::uint8_t { automatic, bar, plain, json, off };
  constexpr Choice<Asked> kKinds[]{{"auto", Asked::automatic},
                                   {"bar", Asked::bar},
                                   {"plain", Asked::plain},
                                   {"json", Asked::json},
                                   {"off", Asked::off}};
  Asked asked = Asked::automatic;
  if (auto e = read_choice("--progress", options.progress, kKinds, asked)) return e;
  constexpr std::array kAs{ProgressKind::off, ProgressKind::bar, ProgressKind::plain, ProgressKind::json,
                           ProgressKind::off};
  config.progress =
      asked == Asked::automatic ? automatic_progress(system) : kAs[static_cast<std::size_t>(asked)];
  if (options.quiet) config.progress = ProgressKind::off;
  config.quiet = options.quiet;
  config.verbose = options.verbose;
  config.debug = options.debug;
  if (options.slow_callback && !options.debug) {
    return Error(Errc::bad_input, "--slow-callback: given without --debug, which it belongs to");
  }
  return read_time("--slow-callback", options.slow_callback, config.slow_callback);
}

Status read_recording_options(const SessionOptions& options, pipelines::Plan& plan) {
  using pipelines::ExchangeStore;
  if (options.record && options.replay) {
    return Error(Errc::bad_input,
                 "--record and --replay are given; takes one of them: a replay has no network");
  }
  if (options.record) {
    const auto store = ExchangeStore::create(*options.record);
    if (!store) return Error(Errc::bad_input, "--record: " + printable(store.error().message));
    plan.record_dir = *options.record;
  }
  if (options.replay) {
    const auto store = ExchangeStore::open(*options.replay);
    if (!store) return Error(Errc::bad_input, "--replay: " + printable(store.error().message));
    plan.replay_dir = *options.replay;
  }
  return std::nullopt;
}

}  // namespace leat::cli
