#include "engine/async/to_thread.hpp"

namespace leat::async {

// The reference travels to the loop with the post, so that the job is destroyed there.
void LoopJob::work(std::shared_ptr<Job> self) noexcept {
  call();
  loop_.post([this, last = std::move(self)]() {
    if (waiter_ != nullptr) std::exchange(waiter_, nullptr)->wake();
  });
}

}  // namespace leat::async
