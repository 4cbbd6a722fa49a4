#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

#include "engine/async/event.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/mailbox.hpp"
#include "engine/async/task.hpp"
#include "engine/http/performer.hpp"

namespace leat::http {

/// A Performer on a thread and an EventLoop of its own, which performs for the tasks of another loop, its
/// home.
///
/// A request goes over as an errand, which is a part of the home task's own frame, and comes back as one. The
/// task waits until the thread is done with the errand. If the task is cancelled, the thread is told to
/// cancel the transfer, and the task ends when that is done. What `perform` throws over there is thrown here.
/// Signals are blocked on the thread; if the home loop is in debug mode, so is the thread's loop.
///
/// Home loop's thread only. Outlives its transfers. It must be destroyed before the home loop, once that no
/// longer runs or no transfer is left. The destructor waits for the thread.
class PerformerThread final : public Performer {
 public:
  /// Is called once, on the thread; what it makes is destroyed there. It must not throw.
  using Make = std::function<std::unique_ptr<Performer>(async::EventLoop& loop)>;

  /// Throws std::system_error if no thread can be started.
  PerformerThread(async::EventLoop& home, Make make);
  PerformerThread(const PerformerThread&) = delete;
  PerformerThread& operator=(const PerformerThread&) = delete;
  ~PerformerThread() override;

  async::Task<Result<Response>> perform(const Request& request, BodySink& sink) override;

 private:
  enum class Wish : std::uint8_t { start, cancel };
  struct Errand;
  struct Message {
    Errand* errand;
    Wish wish;
  };
  class Answered;  // awaitable
  class Reply;

  // These run on the home loop.
  void send(Errand& errand, Wish wish);
  void take_reply(Errand& errand) noexcept;
  // These run on the thread.
  async::Task<void> live();
  void take_message(Message message);
  async::Task<void> run(Errand& errand, Reply reply);

  async::EventLoop loop_;
  Make make_;
  std::unique_ptr<Performer> performer_;  // the thread's, as are the next members
  async::Event stop_;
  async::Mailbox<Message> messages_;
  async::Mailbox<Errand*> replies_;
  std::thread thread_;
};

}  // namespace leat::http
