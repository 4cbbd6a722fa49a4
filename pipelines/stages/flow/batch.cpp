#include "pipelines/stages/flow/batch.hpp"

#include <utility>

#include "pipelines/flow/time_limits.hpp"

namespace leat::pipelines {

async::Task<Status> Batch::run(RecordReceiver in, RecordSender out) {
  Emitter emitter(context_, out);
  wait_ = is_too_long() ? timeout_ : args_.within;
  const bool timed = wait_.count() > 0;
  for (bool ended = false; !ended;) {
    std::optional<std::optional<RecordPtr>> got;
    if (timed && made_) {
      auto waiting = next_within(in, due_ - context_.loop.now());
      got = co_await std::move(waiting);
    } else {
      got.emplace(co_await in.next());
    }
    ended = got && !*got;
    if (got && *got) {
      RecordPtr record = std::move(**got);
      if (record->failed()) {
        const bool wanted = co_await out.send(std::move(record));
        if (!wanted) co_return std::nullopt;
        continue;
      }
      add(std::move(record));
    }
    const bool late = timed && made_ && due_ <= context_.loop.now();
    if (made_ && (ended || late || size_ >= args_.n)) {
      if (late && is_too_long() && size_ < args_.n) made_->fail(late_error(timeout_), "batch");
      const bool wanted = co_await emitter.emit(take());
      if (!wanted) co_return std::nullopt;
    }
  }
  co_return std::nullopt;
}

void Batch::add(RecordPtr record) {
  if (!made_) {
    made_ = descend(*record, 0);
    made_->meta.clear();
    due_ = context_.loop.now() + wait_;
    members_ = "[";
  } else {
    members_ += ',';
  }
  view_.look_at(*record);
  members_ += view_.text();
  ++size_;
  join(*record);
  record->ticket.settle(record->outcome);
}

// The journal is to wait for all members until the batch is done.
void Batch::join(const Record& record) {
  if (!record.ticket.entry()) return;
  if (size_ == 1) {
    joined_ = std::make_shared<JoinedEntries>();
    made_->ticket.belong_to(joined_);
  }
  joined_->add(record.ticket.entry());
}

RecordPtr Batch::take() {
  made_->meta = "{\"size\":" + std::to_string(size_) + ",\"batch\":" + std::exchange(members_, {}) + "]}";
  size_ = 0;
  joined_.reset();
  return std::move(made_);
}

}  // namespace leat::pipelines
