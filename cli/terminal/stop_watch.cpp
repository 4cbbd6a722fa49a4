#include "cli/terminal/stop_watch.hpp"

#include <csignal>

#include "engine/async/signals.hpp"

namespace leat::cli {

namespace {

bool stops_by_default() noexcept {
  struct sigaction stop {};
  return ::sigaction(SIGTSTP, nullptr, &stop) == 0 && stop.sa_handler == SIG_DFL;
}

}  // namespace

async::Task<void> watch_stop(async::EventLoop& loop, std::function<void()> before,
                             std::function<void()> after) {
  while (stops_by_default()) {
    {
      async::Signals stops(loop, {SIGTSTP});
      const auto number = co_await stops.next();
      if (!number) co_return;
    }
    before();
    ::raise(SIGTSTP);  // without a handler now
    after();
  }
}

}  // namespace leat::cli
