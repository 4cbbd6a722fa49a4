#include "engine/async/to_thread.hpp"

namespace leat::async {

// The reference goes to the loop with the news, so that the job is destroyed there.
void LoopJob::work(std::shared_ptr<Job> self) noexcept {
  call();
  loop_.post([this, last = std::move(self)]() {
    if (waiter_ != nullptr) std::exchange(waiter_, nullptr)->wake();
  });
}

}  // namespace leat::async
