#pragma once

#include <cstddef>
#include <optional>
#include <utility>

#include "engine/async/event_loop.hpp"
#include "engine/async/waiter.hpp"

namespace leat::async {

/// Bounds how many coroutines of one EventLoop run a section at once; FIFO.
///
///     Semaphore connections(8);
///     auto permit = co_await connections.acquire();
///     co_await use_connection();                    // at most 8 at once; ~Permit lets the next one in
///
/// Giving a permit back hands it to the first waiter and posts that one; it never resumes it inline. A waiter
/// that is destroyed or cancelled leaves the queue without a trace. Loop thread only. Outlives its permits
/// and its waiters.
class Semaphore {
 public:
  class Permit;
  class Acquire;

  explicit Semaphore(std::size_t permits) noexcept : available_(permits), permits_(permits) {}
  Semaphore(EventLoop&, std::size_t permits) noexcept : Semaphore(permits) {}
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  /// `co_await semaphore.acquire()` gives a Permit.
  [[nodiscard]] Acquire acquire() noexcept;
  /// Gives nothing if no permit is free or if somebody waits for one.
  [[nodiscard]] std::optional<Permit> try_acquire() noexcept;

  /// Gives back a permit that was detached. Throws UsageError if more come back than were taken.
  void release();

  [[nodiscard]] std::size_t available() const noexcept { return available_; }
  [[nodiscard]] std::size_t permits() const noexcept { return permits_; }
  [[nodiscard]] std::size_t waiting() const noexcept { return waiters_.count(); }

 private:
  IntrusiveList<Acquire, ReadyTag> waiters_;
  std::size_t available_;
  std::size_t permits_;
};

/// The right to be inside. Its destructor gives it back.
class Semaphore::Permit {
 public:
  Permit() noexcept = default;
  explicit Permit(Semaphore& semaphore) noexcept : semaphore_(&semaphore) {}
  Permit(Permit&& other) noexcept : semaphore_(std::exchange(other.semaphore_, nullptr)) {}
  Permit& operator=(Permit&& other) noexcept {
    Permit old(std::move(*this));
    semaphore_ = std::exchange(other.semaphore_, nullptr);
    return *this;
  }
  ~Permit() { reset(); }

  [[nodiscard]] bool held() const noexcept { return semaphore_ != nullptr; }
  void reset() noexcept {
    if (auto* semaphore = std::exchange(semaphore_, nullptr)) semaphore->release();
  }
  /// Keeps the permit taken until Semaphore::release gives it back.
  void detach() noexcept { semaphore_ = nullptr; }

 private:
  Semaphore* semaphore_ = nullptr;
};

class Semaphore::Acquire final : public Waiter {
 public:
  explicit Acquire(Semaphore& semaphore) noexcept : semaphore_(semaphore) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) noexcept {
    if (!begin(handle, "semaphore")) return false;
    if (auto permit = semaphore_.try_acquire()) {
      permit_ = std::move(*permit);
      return ready();
    }
    semaphore_.waiters_.push_back(*this);
    return suspend();
  }
  [[gnu::always_inline]] Permit await_resume() {
    check();
    return std::move(permit_);
  }

 private:
  friend class Semaphore;
  Semaphore& semaphore_;
  Permit permit_;
};

inline Semaphore::Acquire Semaphore::acquire() noexcept { return Acquire(*this); }

inline std::optional<Semaphore::Permit> Semaphore::try_acquire() noexcept {
  if (available_ == 0 || !waiters_.empty()) return std::nullopt;
  --available_;
  return Permit(*this);
}

inline void Semaphore::release() {
  if (available_ == permits_) throw UsageError("Semaphore::release: more permits came back than were taken");
  if (!waiters_.empty()) {
    Acquire& next = waiters_.front();
    next.permit_ = Permit(*this);
    next.wake();
    return;
  }
  ++available_;
}

}  // namespace leat::async
