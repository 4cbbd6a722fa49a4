#include "engine/http/performer_thread.hpp"

#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/async/blocked_signals.hpp"
#include "engine/async/waiter.hpp"

namespace leat::http {

/// One transfer for a task of another loop. Unless a member says otherwise, it belongs to the thread from the
/// first message about it to the last reply.
struct PerformerThread::Errand {
  Errand(const Request& r, BodySink& s) noexcept : request(r), sink(s) {}

  const Request& request;
  BodySink& sink;
  std::optional<Result<Response>> result;
  std::exception_ptr error;
  async::TaskState* task = nullptr;  // while it runs

  // These belong to the home task.
  int unanswered = 0;  // messages that have no reply yet
  Answered* waiter = nullptr;
};

/// Waits until every message about an errand has its reply.
class PerformerThread::Answered final : public async::Waiter {
 public:
  explicit Answered(Errand& errand) noexcept : errand_(errand) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) noexcept {
    if (!begin(handle, "transfer")) return false;
    errand_.waiter = this;
    return suspend();
  }
  void await_resume() const { check(); }

 private:
  void on_cancel() noexcept override { errand_.waiter = nullptr; }

  Errand& errand_;
};

/// It is sent back when the task that runs the errand is gone with all that it had, whether or not it ever
/// started.
class PerformerThread::Reply {
 public:
  Reply(PerformerThread& thread, Errand& errand) noexcept : thread_(thread), errand_(&errand) {}
  Reply(Reply&& other) noexcept : thread_(other.thread_), errand_(std::exchange(other.errand_, nullptr)) {}
  Reply& operator=(Reply&&) = delete;
  ~Reply() {
    if (errand_ == nullptr) return;
    errand_->task = nullptr;
    thread_.replies_.put(errand_);
  }

 private:
  PerformerThread& thread_;
  Errand* errand_;
};

PerformerThread::PerformerThread(async::EventLoop& home, Make make)
    : make_(std::move(make)),
      messages_(home, loop_, [this](Message message) { take_message(message); }),
      replies_(loop_, home, [this](Errand* errand) { take_reply(*errand); }) {
  if (const auto* debug = home.debug(); debug != nullptr) {
    async::DebugOptions own = debug->options();
    own.report = [&home](std::string_view line) {
      home.post([&home, text = std::string(line)] { home.debug()->options().report(text); });
    };
    loop_.set_debug(std::move(own));
  }
  const async::BlockedSignals blocked;
  thread_ = std::thread([this] { loop_.run(live()); });
}

PerformerThread::~PerformerThread() {
  loop_.post([this] { stop_.set(); });
  thread_.join();
}

async::Task<Result<Response>> PerformerThread::perform(const Request& request, BodySink& sink) {
  Errand errand(request, sink);
  send(errand, Wish::start);
  bool cancelled = false;
  try {
    Answered answered(errand);
    co_await answered;
  } catch (const async::Cancelled&) {
    cancelled = true;
  }
  if (cancelled) {
    const async::CancelShield shield;
    send(errand, Wish::cancel);
    Answered answered(errand);
    co_await answered;
    throw async::Cancelled{};
  }
  if (errand.error) std::rethrow_exception(std::exchange(errand.error, nullptr));
  co_return std::move(*errand.result);
}

void PerformerThread::send(Errand& errand, Wish wish) {
  messages_.put(Message{&errand, wish});
  ++errand.unanswered;
}

void PerformerThread::take_reply(Errand& errand) noexcept {
  if (--errand.unanswered == 0 && errand.waiter != nullptr) std::exchange(errand.waiter, nullptr)->wake();
}

async::Task<void> PerformerThread::live() {
  performer_ = make_(loop_);
  co_await stop_.wait();
  performer_.reset();
}

void PerformerThread::take_message(Message message) {
  Errand& errand = *message.errand;
  if (message.wish == Wish::start) {
    errand.task = &async::spawn(run(errand, Reply(*this, errand)), "transfer").state();
  } else {
    if (errand.task != nullptr) errand.task->cancel();
    replies_.put(&errand);
  }
}

async::Task<void> PerformerThread::run(Errand& errand, [[maybe_unused]] Reply reply) {
  try {
    auto performing = performer_->perform(errand.request, errand.sink);
    auto result = co_await std::move(performing);
    errand.result.emplace(std::move(result));
  } catch (const async::Cancelled&) {  // the home task asked for it
  } catch (...) {
    errand.error = std::current_exception();
  }
}

}  // namespace leat::http
