#include "pipelines/stages/feedback.hpp"

#include <utility>

#include "pipelines/stages/child_task.hpp"
#include "pipelines/text/hash.hpp"

namespace leat::pipelines {

async::Task<Status> Feedback::run(RecordReceiver in, RecordSender out) {
  constexpr std::size_t kCapacity = 64;
  auto opening = frontier_.open();
  co_await std::move(opening);
  auto [to_fetch, fetch_in] = make_channel<RecordPtr>(kCapacity);
  auto [fetch_out, fetched] = make_channel<RecordPtr>(kCapacity);
  auto fetching = async::spawn(fetch_.run(std::move(fetch_in), std::move(fetch_out)), "fetch");
  const ChildTask keeping(async::spawn(frontier_.keep(), "feedback.frontier"));
  const ChildTask taking(async::spawn(take_in(std::move(in)), "feedback.in"));
  const ChildTask beside_it(async::spawn(beside(out), "feedback.next"));
  auto sending = async::spawn(send_out(std::move(fetched), std::move(out)), "feedback.out");
  const ChildTask cancel_sending(sending);
  while (!is_done() && !sending.done()) {
    if (frontier_.size() < kShort && room_) room_->set();
    auto record = frontier_.pop();
    if (!record) {
      auto waiting = frontier_.wait();
      co_await std::move(waiting);
      continue;
    }
    ++in_fetch_;
    const bool is_open = co_await to_fetch.send(std::move(record));
    if (!is_open) break;
  }
  to_fetch = RecordSender();
  auto status = co_await fetching;
  co_await sending;
  co_return std::move(status);
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
  const std::string name = name_of(*record);
  if (!record->failed() && !(wanted(*record) && seen_.insert(name))) {
    record->ticket.settle(Outcome::skipped);
    wake();
    return;
  }
  record->ticket = context_.ledger.take(std::move(record->ticket));
  frontier_.push(std::move(record), hash64(name));
}

void Feedback::give_back() noexcept {
  --held_;
  wake();
}

}  // namespace leat::pipelines
