#include "engine/io/text_reader.hpp"

#include "engine/io/unpacked_reader.hpp"

namespace leat::io {

Result<std::unique_ptr<InputReader>> TextReader::open(async::EventLoop& loop, const std::string& path) {
  auto opened = InputReader::open(loop, path);
  if (!opened) return std::move(opened.error());
  auto unpacked = std::make_unique<UnpackedReader>(std::move(*opened), input_name(path));
  return std::unique_ptr<InputReader>(std::make_unique<TextReader>(std::move(unpacked)));
}

// An empty chunk would mean the end, so what is held back waits for what comes behind it.
async::Task<Status> TextReader::read(std::string& chunk) {
  for (;;) {
    auto reading = bytes_->read(chunk);
    if (auto error = co_await std::move(reading)) co_return error;
    if (chunk.empty()) break;
    plain_.convert(chunk);
    if (!chunk.empty()) co_return std::nullopt;
  }
  chunk = plain_.finish();
  co_return std::nullopt;
}

}  // namespace leat::io
