#include "pipelines/stages/feedback.hpp"

#include <utility>

#include "engine/async/errors.hpp"
#include "engine/async/task_state.hpp"
#include "engine/async/wait.hpp"

namespace leat::pipelines {

Feedback::Feedback(FetchArgs args, RunContext& context)
    : context_(context), fetch_(std::move(args), context) {
  auto programs = fetch_.programs();
  std::erase_if(programs, [](const Program* program) { return program->is_native(); });
  if (!programs.empty()) ask_.emplace(std::move(programs), context);
}

async::Task<Status> Feedback::run(RecordReceiver in, RecordSender out) {
  constexpr std::size_t kCapacity = 64;
  auto [to_fetch, fetch_in] = make_channel<RecordPtr>(kCapacity);
  auto [fetch_out, fetched] = make_channel<RecordPtr>(kCapacity);
  auto [asked, asked_in] = make_channel<RecordPtr>(kCapacity);
  if (ask_) std::swap(asked, to_fetch);
  auto fetching = async::spawn(fetch_.run(std::move(fetch_in), std::move(fetch_out)), "fetch");
  std::vector<async::TaskHandle<void>> others;
  if (ask_) others.push_back(async::spawn(ask(std::move(asked_in), std::move(asked)), "jq"));
  others.push_back(async::spawn(take_in(std::move(in)), "feedback.in"));
  others.push_back(async::spawn(beside(out), "feedback.next"));
  others.push_back(async::spawn(send_out(std::move(fetched), std::move(out)), "feedback.out"));
  const auto sending = others.back();
  bool cancelled = false;
  Status status;
  try {
    auto feeding = feed(std::move(to_fetch), sending);
    co_await std::move(feeding);
    status = co_await fetching;
    co_await sending;
  } catch (const async::Cancelled&) {
    cancelled = true;
  }
  auto stopping = stop(std::move(fetching), std::move(others));
  co_await std::move(stopping);
  if (cancelled) throw async::Cancelled{};
  co_return std::move(status);
}

// However it ended, nothing of it runs any more then, and nothing waits.
async::Task<void> Feedback::stop(async::TaskHandle<Status> fetching,
                                 std::vector<async::TaskHandle<void>> others) {
  const async::CancelShield shield;
  for (auto& task : others) task.cancel();
  if (!fetching.done()) {
    fetching.cancel();
    try {
      co_await fetching;
    } catch (const async::Cancelled&) {
    }
  }
  auto ending = async::wait(std::move(others));
  co_await std::move(ending);
  frontier_.clear();
  end_beside();
}

async::Task<void> Feedback::ask(RecordReceiver in, RecordSender out) {
  auto asking = ask_->run(std::move(in), std::move(out));
  const Status status = co_await std::move(asking);
  if (status) context_.abort(*status);
}

async::Task<void> Feedback::feed(RecordSender to_fetch, async::TaskHandle<void> sending) {
  while (!is_done() && !sending.done()) {
    if (frontier_.empty()) {
      change_.emplace();
      co_await change_->wait();
      continue;
    }
    auto record = std::move(frontier_.front());
    frontier_.pop_front();
    if (frontier_.size() < kShort && room_) room_->set();
    ++in_fetch_;
    const bool wanted = co_await to_fetch.send(std::move(record));
    if (!wanted) break;
  }
  to_fetch = RecordSender();
}

async::Task<void> Feedback::take_in(RecordReceiver in) {
  for (;;) {
    while (frontier_.size() >= kShort) {
      room_.emplace();
      co_await room_->wait();
    }
    auto record = co_await in.next();
    if (!record) break;
    begin_walk(**record);
    admit(std::move(*record));
  }
  in_ended_ = true;
  wake();
}

async::Task<void> Feedback::send_out(RecordReceiver fetched, RecordSender out) {
  for (;;) {
    auto record = co_await fetched.next();
    if (!record) break;
    if (!(*record)->failed()) {
      auto following = follow(**record);
      co_await std::move(following);
    }
    const bool wanted = co_await out.send(std::move(*record));
    --in_fetch_;
    if (!wanted) break;
    wake();
  }
  wake();
}

void Feedback::begin_walk(Record& record) {
  record.walk = record.id;
  record.walk_depth = 0;
  record.home = record.request.url;
}

void Feedback::admit(RecordPtr record) {
  if (!record->failed() && !wanted(*record)) {
    record->ticket.settle(Outcome::skipped);
  } else {
    frontier_.push_back(std::move(record));
  }
  wake();
}

void Feedback::give_back() noexcept {
  --held_;
  wake();
}

void Feedback::wake() noexcept {
  if (change_) change_->set();
}

}  // namespace leat::pipelines
