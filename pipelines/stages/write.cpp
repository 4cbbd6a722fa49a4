#include "pipelines/stages/write.hpp"

#include "engine/io/output_writer.hpp"

namespace leat::pipelines {

Status Write::open() {
  auto opened = context_.outputs.open(args_.to);
  if (!opened) return opened.error();
  output_ = *opened;
  return std::nullopt;
}

async::Task<Status> Write::run(RecordReceiver in) {
  io::OutputWriter& output = *output_;
  for (;;) {
    auto record = in.try_next();
    if (!record) {
      output.flush();
      settle();
      record = co_await in.next();
      if (!record) break;
    }
    if (!output.has_room()) {
      output.flush();
      auto waiting = output.wait_for_room();
      co_await std::move(waiting);
    }
    append(**record);
  }
  output.flush();
  auto draining = output.drain();
  co_await std::move(draining);
  settle();
  co_return std::nullopt;
}

void Write::append(Record& record) {
  io::OutputWriter& output = *output_;
  if (output.state() != io::OutputState::open) return;
  output.append_now(json_.line(record));
  pending_.emplace_back(output.appended(), record.outcome, std::move(record.ticket));
  if (pending_.size() % kSettleEvery == 0) settle();
}

void Write::settle() {
  if (output_ == nullptr) return;
  const io::OutputWriter& output = *output_;
  const bool open =
      output.state() == io::OutputState::open;  // before `written`, which stands still afterwards
  const std::uint64_t written = output.written();
  while (!pending_.empty() && pending_.front().end <= written) {
    pending_.front().ticket.settle(pending_.front().outcome);
    pending_.pop_front();
  }
  if (!open) pending_.clear();
}

}  // namespace leat::pipelines
