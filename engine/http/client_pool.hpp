#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/http/client.hpp"
#include "engine/http/connect/host_slots.hpp"
#include "engine/http/performer.hpp"

namespace leat::http {

/// Performs on several threads, each with a loop and a Client of its own; the home loop's is the first of
/// them.
///
/// Only transfers are spread: what is asked for, when, and what becomes of it is the home loop's, so whatever
/// holds there holds for all threads. A host's transfers stay on a few threads, where its connections are:
/// those that are more at once go to the next thread, and a host that is new begins at the thread with the
/// least to do. All threads together look each name up once at a time and keep to one `limit_rate`; they
/// share the process's descriptors, and where those are few, so are the threads.
///
/// Home loop's thread only. Outlives its transfers; destroyed before the home loop, once that no longer runs
/// or none of them is left. The destructor waits for the threads.
class ClientPool final : public Performer {
 public:
  /// `threads` counts the home loop's, too, and is at least 1; an empty `lookup` is the system's. Throws
  /// std::system_error if there can't be so many threads.
  ClientPool(async::EventLoop& home, std::size_t threads, ClientOptions options, Lookup lookup = {});
  ClientPool(const ClientPool&) = delete;
  ClientPool& operator=(const ClientPool&) = delete;
  ~ClientPool() override;

  async::Task<Result<Response>> perform(const Request& request, BodySink& sink) override;

  /// How many transfers each thread has, the home loop's first.
  [[nodiscard]] const std::vector<std::size_t>& running() const noexcept { return running_; }

 private:
  [[nodiscard]] std::size_t idlest() const noexcept;

  std::vector<std::unique_ptr<Performer>> threads_;
  std::vector<std::size_t> running_;
  HostSlots slots_;
};

}  // namespace leat::http
