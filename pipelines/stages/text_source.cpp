#include "pipelines/stages/text_source.hpp"

namespace leat::pipelines {

void TextSource::stop() noexcept {
  stopped_ = true;
  if (reader_) reader_->stop();
}

async::Task<Status> TextSource::run(RecordSender out) {
  Emitter emitter(context_, std::move(out));
  auto opened = io::InputReader::open(context_.loop, path_);
  if (!opened) co_return opened.error();
  reader_ = std::move(*opened);
  std::string chunk;
  Status status;
  for (bool at_end = false; !stopped_ && !at_end;) {
    auto reading = reader_->read(chunk);
    status = co_await std::move(reading);
    if (status) break;
    at_end = chunk.empty();
    feed(chunk);
    auto emitting = emit_all(emitter, at_end);
    auto wanted = co_await std::move(emitting);
    if (!wanted) status = std::move(wanted.error());
    if (status || !*wanted) break;
  }
  reader_.reset();
  co_return status;
}

// False if nobody wants records any more.
async::Task<Result<bool>> TextSource::emit_all(Emitter& emitter, bool at_end) {
  for (;;) {
    if (stopped_) co_return false;
    auto record = next(at_end);
    if (!record) co_return std::move(record.error());
    if (!*record) co_return true;
    const bool wanted = co_await emitter.emit(std::move(*record));
    if (!wanted) co_return false;
  }
}

}  // namespace leat::pipelines
