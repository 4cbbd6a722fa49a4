#include "pipelines/worker/jq_worker.hpp"

#include <signal.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "engine/async/queue.hpp"
#include "engine/async/task_group.hpp"
#include "engine/async/timer_queue.hpp"
#include "engine/io/process.hpp"
#include "engine/text/units.hpp"
#include "pipelines/expr/jq_page.hpp"
#include "pipelines/expr/jq_questions.hpp"
#include "pipelines/expr/jq_wire.hpp"
#include "pipelines/worker/jq_worker_main.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kBatch = 64 * 1024;
constexpr std::size_t kMostInput = std::size_t{1} << 30;
constexpr int kMostIdleDeaths = 3;  // deaths in a row without an answer and outside of any evaluation

Error filter_error(std::string message) { return Error(Errc::filter_error, std::move(message)); }

/// One process from its start to its end.
struct Session {
  SharedJqPage page;
  std::unique_ptr<io::Process> process;
  std::uint64_t overran = 0;  // number of the request for which it was killed
  bool dismissed = false;     // it was killed, but not for anything that it did
};

}  // namespace

/// The questions and the process that answers them. The task that runs the process holds this, so the worker
/// may be destroyed first.
class JqWorker::Service final : private async::Timer {
 public:
  Service(async::EventLoop& loop, JqOptions options) : loop_(loop), options_(std::move(options)) {}

  std::shared_ptr<JqQuestion> ask(std::size_t program, std::string input, async::Duration limit) {
    auto question = questions_.ask(program, std::move(input), limit);
    if (limit.count() > 0) shortest_limit_ = std::min(shortest_limit_, limit);
    asked_.try_put(async::Unit());
    return question;
  }

  void end_abandoned() noexcept {
    if (session_ == nullptr || !questions_.any_sent_in_vain()) return;
    session_->dismissed = true;
    session_->process->signal(SIGKILL);
  }

  [[nodiscard]] int pid() const noexcept {
    return session_ == nullptr || session_->process->ended() ? 0 : session_->process->pid();
  }
  [[nodiscard]] std::size_t starts() const noexcept { return starts_; }

  static async::Task<void> run(std::shared_ptr<Service> self) {
    struct FailRest {
      Service& service;
      ~FailRest() { service.questions_.fail_all(Error(Errc::cancelled, "the jq worker was stopped")); }
    } const fail_rest{*self};
    for (;;) {
      if (self->questions_.empty()) {
        co_await self->asked_.get();
      } else {
        auto serving = self->serve();
        co_await std::move(serving);
      }
    }
  }

 private:
  /// Starts a process and lets it answer until it ends.
  async::Task<void> serve() {
    auto started = start();
    if (!started) {
      questions_.fail_all(started.error());
      co_return;
    }
    Session session = std::move(*started);
    struct Present {
      Service& service;
      Present(Service& s, Session& one) : service(s) { service.session_ = &one; }
      ~Present() {
        service.session_ = nullptr;
        service.disarm();
        service.questions_.take_back();
      }
    } const present(*this, session);
    const auto conversing = [this, &session](async::TaskGroup& group) {
      return converse(group, *this, session);
    };
    auto conversation = async::with_task_group(loop_, conversing);
    co_await std::move(conversation);
    auto waiting = session.process->wait();
    const io::ExitStatus status = co_await std::move(waiting);
    settle(session, status);
  }

  Result<Session> start() {
    auto page = SharedJqPage::make();
    if (!page) return page.error();
    io::Command command;
    command.argv = {options_.executable, std::string(kJqWorkerArgument)};
    command.environment.emplace();
    command.feed = true;
    command.errors = io::ErrorOutput::discard;
    command.more_fds = {page->fd()};
    auto process = io::Process::start(loop_, command);
    if (!process) return process.error();
    ++starts_;
    return Session{std::move(*page), std::move(*process)};
  }

  static async::Task<void> converse(async::TaskGroup& group, Service& self, Session& session) {
    group.spawn(send_questions(self, session), "jq questions");
    std::string arrived;
    bool good = true;
    while (good && !session.process->output().at_end()) {
      auto reading = session.process->output().read(arrived);
      if (co_await std::move(reading)) good = false;
      std::string_view rest(arrived);
      while (auto frame = take_frame(rest)) good = good && self.questions_.answer_first(*frame);
      arrived.erase(0, arrived.size() - rest.size());
    }
    // A process that is ending must not be killed, because how it ends says why.
    if (!good) session.process->signal(SIGKILL);
    group.cancel();
  }

  // If the process has gone, the task that reads its answers notices it.
  static async::Task<void> send_questions(Service& self, Session& session) {
    std::string batch;
    for (const auto& program : self.options_.programs) {
      put_u32(batch, static_cast<std::uint32_t>(program.kind));
      put_text(batch, program.text);
    }
    std::string head;
    put_frame_head(head, batch.size(), static_cast<std::uint32_t>(self.options_.programs.size()));
    batch.insert(0, head);
    for (;;) {
      while (batch.empty() && self.questions_.all_sent()) co_await self.asked_.get();
      self.questions_.send(batch, kBatch);
      if (!self.is_armed()) self.loop_.arm_after(self, self.shortest_limit_);
      auto writing = session.process->input().write(batch);
      if (co_await std::move(writing)) co_return;
      batch.clear();
    }
  }

  // The process itself says what it runs and since when, but it is not asked before it is killed.
  void on_timer() noexcept override {
    if (session_ == nullptr || !questions_.any_sent()) return;
    const std::uint64_t running = session_->page.running();
    auto left = shortest_limit_;
    if (running != 0) {
      const JqQuestion* const question = questions_.sent(running);
      const async::TimePoint started{async::Duration(session_->page.started_ns())};
      left = async::later(started, limit_of(question)) - std::chrono::steady_clock::now();
    }
    if (left > async::Duration::zero()) {
      loop_.arm_after(*this, std::min(left, shortest_limit_));
      return;
    }
    session_->overran = running;
    session_->process->signal(SIGKILL);
  }

  [[nodiscard]] async::Duration limit_of(const JqQuestion* question) const noexcept {
    return question != nullptr && question->limit.count() > 0 ? question->limit : options_.limit;
  }

  [[nodiscard]] std::string name_of(const JqQuestion& question) const {
    return options_.programs[question.program].kind == WorkerProgram::Kind::jq ? "jq" : "libxml2";
  }

  // Finds out why the process has ended and which question is to blame.
  void settle(const Session& session, const io::ExitStatus& status) {
    if (questions_.answered() > 0) idle_deaths_ = 0;
    if (session.dismissed) return;
    const std::uint64_t number = session.overran != 0 ? session.overran : session.page.running();
    JqQuestion* const culprit = questions_.sent(number);
    if (culprit == nullptr) {
      // Either what had overrun was answered at the last moment, or the process died between two evaluations.
      if (session.overran == 0 && ++idle_deaths_ >= kMostIdleDeaths) {
        questions_.fail_all(filter_error("the jq worker can't run: it ended with " + status.text()));
      }
    } else if (session.overran != 0) {
      const bool own = culprit->limit.count() > 0;
      JqQuestions::fail(*culprit,
                        own ? Error(Errc::timeout, "its program ran longer than timeout=" +
                                                       text::format_duration(culprit->limit))
                            : filter_error("ran longer than " + text::format_duration(options_.limit)));
    } else if (status.signal == 0 && status.code == kJqOutOfMemory) {
      JqQuestions::fail(*culprit, filter_error("needed more than 1 GiB of memory"));
    } else if (status.signal != SIGKILL || std::exchange(culprit->retried, true)) {
      JqQuestions::fail(*culprit,
                        filter_error(name_of(*culprit) + " crashed on this record: " + status.text()));
    }
  }

  async::EventLoop& loop_;
  JqOptions options_;
  async::Duration shortest_limit_ = options_.limit;  // the shortest of all evaluations
  JqQuestions questions_;
  async::Queue<async::Unit> asked_{1};
  Session* session_ = nullptr;
  std::size_t starts_ = 0;
  int idle_deaths_ = 0;
};

JqWorker::JqWorker(async::EventLoop& loop, JqOptions options)
    : loop_(loop), service_(std::make_shared<Service>(loop, std::move(options))) {}

JqWorker::~JqWorker() {
  if (running_) task_.cancel();
}

JqEvaluation JqWorker::ask(std::size_t program, std::string text, async::Duration limit) {
  if (text.size() > kMostInput) {
    auto refused = std::make_shared<JqQuestion>(program, std::string(), limit);
    JqQuestions::fail(*refused, filter_error("the record is too large"));
    return JqEvaluation(std::move(refused));
  }
  if (!running_ || task_.done()) {
    task_ = async::spawn_on(loop_, Service::run(service_), "jq worker");
    running_ = true;
  }
  return JqEvaluation(service_->ask(program, std::move(text), limit));
}

void JqWorker::end_abandoned() noexcept { service_->end_abandoned(); }

async::Task<void> JqWorker::stop() {
  if (!running_) co_return;
  task_.cancel();
  const async::CancelShield shield;
  try {
    co_await task_;
  } catch (const async::Cancelled&) {
  }
}

int JqWorker::pid() const noexcept { return service_->pid(); }
std::size_t JqWorker::starts() const noexcept { return service_->starts(); }

}  // namespace leat::pipelines
