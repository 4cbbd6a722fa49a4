#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "engine/async/outcome.hpp"
#include "engine/async/queue.hpp"
#include "engine/async/semaphore.hpp"
#include "engine/async/task.hpp"
#include "engine/async/wait_for.hpp"

namespace leat::async {

/// Runs work(item) for every item of a lazy source, at most `limit` at once, and gives the outcomes in the
/// order in which they come.
///
///     AsCompleted<Url, Page> pages(8, next_url, fetch_page);
///     for (;;) {
///       auto page = co_await pages.next();
///       if (!page) break;
///       save(page->take());   // throws what fetch_page threw for this one
///     }
///
/// `pull` is called only when a place is free, and one call at a time; it returns nothing when the source has
/// ended. A place is taken before the pull and is free again when `next` has handed the outcome over. So
/// memory is bounded by `limit`, however long the source is and however slow the reader. An error of `pull`
/// ends the source; `next` throws it after the outcomes of what was under way.
///
/// Loop thread only; one reader. The destructor cancels what still runs and doesn't wait for it, so what the
/// callables refer to must outlive EventLoop::run. `co_await stop()` cancels and waits.
template <class In, class Out>
class AsCompleted {
 public:
  using Pull = std::function<Task<std::optional<In>>()>;
  using Work = std::function<Task<Out>(In)>;

  AsCompleted(std::size_t limit, Pull pull, Work work, std::string name = "as_completed")
      : shared_(std::make_shared<Shared>(limit, std::move(pull), std::move(work), std::move(name))) {
    if (limit == 0) throw UsageError("as_completed: a limit of 0 would never run anything");
    spawn_in(*shared_, feed(shared_), shared_->name + ".feed");
  }
  AsCompleted(const AsCompleted&) = delete;
  AsCompleted& operator=(const AsCompleted&) = delete;
  ~AsCompleted() { shared_->abandon(); }

  /// Gives the next outcome in the order of completion, and nothing when the source has ended and every
  /// outcome was handed over.
  Task<std::optional<Outcome<Out>>> next() { return next_of(shared_); }
  /// Does the same, but throws TimeoutError if there is no outcome within `timeout`; it may then be called
  /// again.
  Task<std::optional<Outcome<Out>>> next(Duration timeout) { return wait_for(next(), timeout); }

  /// Cancels what runs and waits until it is gone.
  Task<void> stop() {
    shared_->abandon();
    return drain(shared_);
  }

 private:
  struct Done {
    Semaphore::Permit place;
    Outcome<Out> outcome;
    Done(Semaphore::Permit p, Outcome<Out> o) : place(std::move(p)), outcome(std::move(o)) {}
  };

  struct Shared final : TaskScope {
    Shared(std::size_t limit, Pull p, Work w, std::string n)
        : places(limit), pull(std::move(p)), work(std::move(w)), name(std::move(n)) {}
    void on_end(TaskState&) noexcept override {
      if (empty()) done.close();
    }
    void abandon() noexcept {
      abandoned = true;
      cancel_all();
    }
    Semaphore places;
    Queue<Done> done;  // bounded by the places
    Pull pull;
    Work work;
    std::string name;
    std::exception_ptr source_error;
    bool abandoned = false;
  };
  using Ref = std::shared_ptr<Shared>;

  static Task<void> feed(Ref shared) {
    try {
      for (;;) {
        auto place = co_await shared->places.acquire();
        if (shared->abandoned) break;
        auto pulling = shared->pull();
        auto item = co_await std::move(pulling);
        if (!item || shared->abandoned) break;
        spawn_in(*shared, run_one(shared, std::move(*item), std::move(place)), shared->name);
      }
    } catch (...) {
      if (!shared->abandoned) shared->source_error = std::current_exception();
    }
  }

  static Task<void> run_one(Ref shared, In item, Semaphore::Permit place) {
    std::optional<Outcome<Out>> outcome;
    try {
      auto working = shared->work(std::move(item));
      if constexpr (std::is_void_v<Out>) {
        co_await std::move(working);
        outcome.emplace(Unit{});
      } else {
        outcome.emplace(co_await std::move(working));
      }
    } catch (...) {
      outcome.emplace(std::current_exception());
    }
    Done done(std::move(place), std::move(*outcome));
    shared->done.try_put(std::move(done));
  }

  static Task<std::optional<Outcome<Out>>> next_of(Ref shared) {
    auto done = co_await shared->done.get();
    if (done) co_return std::move(done->outcome);
    if (shared->source_error) std::rethrow_exception(std::exchange(shared->source_error, nullptr));
    co_return std::nullopt;
  }

  static Task<void> drain(Ref shared) {
    for (;;) {
      auto done = co_await shared->done.get();
      if (!done) co_return;
    }
  }

  Ref shared_;
};

}  // namespace leat::async
