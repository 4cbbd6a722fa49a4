#include "engine/async/signals.hpp"

#include <csignal>
#include <string>
#include <system_error>

#include "engine/async/event_loop.hpp"
#include "engine/async/uv_handle.hpp"

namespace leat::async {

struct Signals::Watchers {
  std::vector<UvHandle<uv_signal_t>> handles;
};

Signals::Signals(EventLoop& loop, const std::vector<int>& numbers) : watchers_(std::make_unique<Watchers>()) {
  for (const int number : numbers) {
    auto handle = std::make_unique<uv_signal_t>();
    if (const int status = uv_signal_init(loop.uv(), handle.get()); status != 0) {
      throw std::system_error(-status, std::generic_category(), "signals can't be watched");
    }
    UvHandle<uv_signal_t> owned(handle.release());
    owned->data = &queue_;
    const auto on_signal = [](uv_signal_t* watcher, int received) {
      if (watcher->data != nullptr) static_cast<Queue<int>*>(watcher->data)->try_put(std::move(received));
    };
    if (const int status = uv_signal_start(owned.get(), on_signal, number); status != 0) {
      throw UsageError(std::string("Signals: ") + uv_strerror(status));
    }
    watchers_->handles.push_back(std::move(owned));
  }
}

Signals::~Signals() = default;

std::vector<int> ending_signals() {
  std::vector<int> numbers{SIGINT, SIGTERM};
  struct sigaction hangup {};
  const bool is_ignored = ::sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler == SIG_IGN;
  if (!is_ignored) numbers.push_back(SIGHUP);
  return numbers;
}

}  // namespace leat::async
