#include "pipelines/stages/sink/write.hpp"

#include <utility>

#include "engine/async/beside.hpp"
#include "engine/io/output_writer.hpp"

namespace leat::pipelines {

Write::Write(WriteArgs args, RunContext& context)
    : args_(std::move(args)), format_(make_line_format(args_)), context_(context) {}

Status Write::open() {
  for (const auto& path : args_.to) {
    auto opened = context_.outputs.open(path);
    if (!opened) return opened.error();
    outputs_.push_back(*opened);
  }
  return std::nullopt;
}

// The journal is told as soon as lines are through, not only when the next record comes.
async::Task<void> Write::acknowledge() {
  for (;;) {
    while (pending_.empty()) {
      something_pending_.emplace();
      co_await something_pending_->wait();
    }
    for (auto* output : outputs_) {
      auto draining = output->drain();
      co_await std::move(draining);
    }
    settle();
  }
}

async::Task<Status> Write::run(RecordReceiver in) {
  auto writing = write_all(std::move(in));
  if (context_.journal == nullptr) return writing;
  return async::beside(std::move(writing), acknowledge(), "write.acknowledge");
}

async::Task<Status> Write::write_all(RecordReceiver in) {
  put_head();
  const auto block = std::exchange(on_error_, std::nullopt);
  for (;;) {
    auto record = in.try_next();
    if (!record) {
      flush();
      settle();
      record = co_await in.next();
      if (!record) break;
    }
    while (auto* output = crowded()) {
      output->flush();
      auto waiting = output->wait_for_room();
      co_await std::move(waiting);
    }
    if (is_over()) {
      context_.ledger.count_dropped_as(Outcome::cancelled);
      break;
    }
    if (append(**record, block.has_value())) continue;
    RecordSender into = *block;
    co_await into.send(std::move(*record));
  }
  flush();
  for (auto* output : outputs_) {
    auto draining = output->drain();
    co_await std::move(draining);
  }
  settle();
  co_return std::nullopt;
}

io::OutputWriter* Write::crowded() const noexcept {
  for (auto* output : outputs_) {
    if (!output->has_room()) return output;
  }
  return nullptr;
}

void Write::flush() {
  for (auto* output : outputs_) output->flush();
}

void Write::put_head() {
  const auto head = format_->head();
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (!head.empty() && !context_.outputs.has_lines(args_.to[i])) outputs_[i]->append_now(head);
  }
}

void Write::put(std::string_view text) {
  std::string shown;
  if (!context_.secrets.empty()) {
    shown = text;
    if (context_.secrets.hide(shown)) text = shown;
  }
  for (auto* output : outputs_) {
    if (!text.empty()) output->append_now(text);
  }
}

bool Write::is_over() const noexcept { return outputs_.front()->state() != io::OutputState::open; }

bool Write::append(Record& record, bool has_block) {
  const bool is_text = args_.format == WriteArgs::Format::text;
  auto line = is_text && record.error && !record.error_handled ? Result<std::string_view>(*record.error)
                                                               : format_->line(record);
  if (line) {
    put(*line);
  } else {
    if (!record.error) {
      record.fail(std::move(line.error()), "write");
      ++failed_;
      record.error_handled = has_block;
      if (has_block) return false;
    }
    context_.report_failure(record);
  }
  if (record.error && record.ticket.entry()) record.ticket.entry()->explain(record);
  wait_for_end(record);
  if (pending_.size() % kSettleEvery == 0) settle();
  return true;
}

StageLoad Write::load() const {
  StageLoad load;
  load.role = StageRole::sink;
  load.failed = failed_;
  load.no_room = crowded() != nullptr;
  return load;
}

void Write::wait_for_end(Record& record) {
  auto& pending = pending_.emplace_back(outputs_.front()->appended(), record.outcome,
                                        context_.failures.note(record), std::move(record.ticket));
  for (std::size_t i = 1; i < outputs_.size(); ++i) pending.more_ends.push_back(outputs_[i]->appended());
  if (context_.journal == nullptr) return;
  context_.acknowledgement.add(1);
  if (something_pending_) something_pending_->set();
}

bool Write::is_through(const Pending& pending, std::uint64_t written) const {
  if (pending.end > written) return false;
  for (std::size_t i = 1; i < outputs_.size(); ++i) {
    const io::OutputWriter& output = *outputs_[i];
    if (output.state() == io::OutputState::open && output.written() < pending.more_ends[i - 1]) return false;
  }
  return true;
}

void Write::settle() {
  if (outputs_.empty()) return;
  const bool over = is_over();  // before `written`, which stands still afterwards
  const std::uint64_t written = outputs_.front()->written();
  std::size_t count = 0;
  while (!pending_.empty() && is_through(pending_.front(), written)) {
    Pending& through = pending_.front();
    context_.failures.add(through.failure);
    through.ticket.settle(through.outcome);
    pending_.pop_front();
    ++ended_;
    ++count;
  }
  if (over) {
    context_.ledger.count_dropped_as(Outcome::cancelled);
    count += pending_.size();
    pending_.clear();
  }
  if (context_.journal != nullptr) context_.acknowledgement.remove(count);
}

}  // namespace leat::pipelines
