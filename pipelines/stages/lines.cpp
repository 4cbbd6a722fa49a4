#include "pipelines/stages/lines.hpp"

namespace leat::pipelines {

void Lines::stop() noexcept {
  stopped_ = true;
  if (reader_) reader_->stop();
}

async::Task<Status> Lines::run(RecordSender out) {
  Emitter emitter(context_, std::move(out));
  auto opened = io::InputReader::open(context_.loop, args_.path);
  if (!opened) co_return opened.error();
  reader_ = std::move(*opened);
  std::string chunk;
  Status status;
  while (!stopped_ && !at_end_) {
    auto reading = reader_->read(chunk);
    status = co_await std::move(reading);
    if (status) break;
    at_end_ = chunk.empty();
    splitter_.feed(chunk);
    auto emitting = emit_lines(emitter);
    const bool wanted = co_await std::move(emitting);
    if (!wanted) break;
  }
  reader_.reset();
  co_return status;
}

// The records of the lines that end inside this chunk. False if nobody wants them any more.
async::Task<bool> Lines::emit_lines(Emitter& emitter) {
  for (;;) {
    if (stopped_) co_return false;
    auto record = next_record();
    if (!record) co_return true;
    const bool wanted = co_await emitter.emit(std::move(record));
    if (!wanted) co_return false;
  }
}

// Of the next line that is one: not blank, no comment.
RecordPtr Lines::next_record() {
  for (;;) {
    auto line = splitter_.next();
    if (!line && at_end_) line = splitter_.finish();
    if (!line) return nullptr;
    ++number_;
    auto record = line->too_long ? too_long_line(line->text, number_) : parse_line(line->text, number_);
    if (record) return record;
  }
}

}  // namespace leat::pipelines
