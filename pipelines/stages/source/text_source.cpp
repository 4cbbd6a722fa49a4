#include "pipelines/stages/source/text_source.hpp"

#include <algorithm>

#include "engine/io/text_reader.hpp"

namespace leat::pipelines {

void TextSource::stop() noexcept {
  stopped_ = true;
  if (reader_) reader_->stop();
}

// In a compressed file, pieces of one chunk all count as where that chunk ends.
std::optional<double> TextSource::part_read() const noexcept {
  if (!reader_ || reader_->size() == 0) return std::nullopt;
  const double left =
      chunk_size_ == 0 ? 0.0 : static_cast<double>(unread()) / static_cast<double>(chunk_size_);
  const auto begin = static_cast<double>(chunk_begin_);
  const double here = begin + (static_cast<double>(reader_->offset()) - begin) * (1 - left);
  return std::min(here / static_cast<double>(reader_->size()), 1.0);
}

async::Task<Status> TextSource::run(RecordSender out) {
  Emitter emitter(context_, std::move(out));
  auto opened = io::TextReader::open(context_.loop, path_);
  if (!opened) co_return opened.error();
  reader_ = std::move(*opened);
  std::string chunk;
  std::uint64_t chunk_end = 0;
  Status status;
  for (bool at_end = false; !stopped_ && !at_end;) {
    auto reading = reader_->read(chunk);
    if (auto failure = co_await std::move(reading)) {
      fail_at_end(std::move(*failure));
      break;
    }
    at_end = chunk.empty();
    chunk_begin_ = chunk_end;
    chunk_end = reader_->offset();
    chunk_size_ = chunk.size();
    feed(chunk);
    auto emitting = emit_all(emitter, at_end);
    auto wanted = co_await std::move(emitting);
    if (!wanted) status = std::move(wanted.error());
    if (status || !*wanted) break;
  }
  reader_.reset();
  co_return status;
}

Error TextSource::cut_error(const std::string& what) const {
  return Error(Errc::file_error,
               "can't read all of " + io::input_name(path_) + ": " + what + " where the input ends");
}

// The piece of a record that stands behind what is whole is none.
void TextSource::fail_at_end(Error error) {
  error.message += "; the " + std::to_string(records_) + " records before that are done";
  context_.input_error = std::move(error);
}

// False if nobody wants records any more.
async::Task<Result<bool>> TextSource::emit_all(Emitter& emitter, bool at_end) {
  for (;;) {
    if (stopped_) co_return false;
    auto record = next(at_end);
    if (!record) co_return std::move(record.error());
    if (!*record) co_return true;
    ++records_;
    const bool wanted = co_await emitter.emit(std::move(*record));
    if (!wanted) co_return false;
  }
}

}  // namespace leat::pipelines
