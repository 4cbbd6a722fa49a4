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

/// Performs on several threads, each with a loop and a Client of its own; the first of them is the home
/// loop's.
///
/// Only transfers are spread. What is asked for, when, and what becomes of it is decided on the home loop, so
/// what holds there holds for all threads. A host's transfers stay on few threads, where its connections are:
/// if there are many at once, some go to the next thread, and a new host begins at the thread that has the
/// least to do. All threads together look each name up only once at a time and keep one `limit_rate`. They
/// share the process's descriptors; if those are few, so are the threads.
///
/// Home loop's thread only. Outlives its transfers. It must be destroyed before the home loop, once that no
/// longer runs or no transfer is left. The destructor waits for the threads.
class ClientPool final : public Performer {
 public:
  /// `threads` includes the home loop's and is at least 1; an empty `lookup` means the system's. Throws
  /// std::system_error if there can't be so many threads.
  ClientPool(async::EventLoop& home, std::size_t threads, ClientOptions options, Lookup lookup = {});
  ClientPool(const ClientPool&) = delete;
  ClientPool& operator=(const ClientPool&) = delete;
  ~ClientPool() override;

  async::Task<Result<Response>> perform(const Request& request, BodySink& sink) override;

  /// Gives how many transfers each thread has, the home loop's first.
  [[nodiscard]] const std::vector<std::size_t>& running() const noexcept { return running_; }

 private:
  [[nodiscard]] std::size_t idlest() const noexcept;

  std::vector<std::unique_ptr<Performer>> threads_;
  std::vector<std::size_t> running_;
  HostSlots slots_;
};

}  // namespace leat::http
