#include "pipelines/stages/json_source.hpp"

#include <optional>
#include <string>

#include "pipelines/stages/assign.hpp"

namespace leat::pipelines {

namespace {

RecordPtr read_text(const JsonSplitter::Text& text) {
  auto record = std::make_unique<Record>();
  record->line = text.line;
  JsonDoc doc;
  Status error;
  if (text.too_long) {
    error = Error(Errc::bad_input, "the JSON value is longer than 64 MiB");
  } else if (auto fault = doc.parse(text.text)) {
    error = Error(Errc::bad_input, "not JSON at byte " + std::to_string(fault->offset + 1) +
                                       " of the value in line " + std::to_string(text.line) + ": " +
                                       fault->message);
  } else {
    error = fill(*record, doc.root(), "");
  }
  if (error) record->fail(std::move(*error), "json");
  return record;
}

}  // namespace

void JsonSource::stop() noexcept {
  stopped_ = true;
  if (reader_) reader_->stop();
}

async::Task<Status> JsonSource::run(RecordSender out) {
  Emitter emitter(context_, std::move(out));
  auto opened = io::InputReader::open(context_.loop, args_.path);
  if (!opened) co_return opened.error();
  reader_ = std::move(*opened);
  std::string chunk;
  Status status;
  for (bool at_end = false; !stopped_ && !at_end;) {
    auto reading = reader_->read(chunk);
    status = co_await std::move(reading);
    if (status) break;
    at_end = chunk.empty();
    splitter_.feed(chunk);
    auto emitting = emit_texts(emitter, at_end);
    const bool wanted = co_await std::move(emitting);
    if (!wanted) break;
  }
  reader_.reset();
  co_return status;
}

async::Task<bool> JsonSource::emit_texts(Emitter& emitter, bool at_end) {
  for (;;) {
    if (stopped_) co_return false;
    auto text = splitter_.next();
    if (!text && at_end) text = splitter_.finish();
    if (!text) co_return true;
    auto record = read_text(*text);
    const bool wanted = co_await emitter.emit(std::move(record));
    if (!wanted) co_return false;
  }
}

}  // namespace leat::pipelines
