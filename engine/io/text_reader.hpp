#pragma once

#include <memory>
#include <string>
#include <utility>

#include "engine/io/input_reader.hpp"
#include "engine/text/plain_text.hpp"

namespace leat::io {

/// Reads what another reader reads as a list or a table: as UTF-8, with lines that end in newlines, whatever
/// program has saved it; see PlainText. `size` and `offset` count what the other reader counts. Loop thread
/// only.
class TextReader final : public InputReader {
 public:
  explicit TextReader(std::unique_ptr<InputReader> bytes) noexcept : bytes_(std::move(bytes)) {}

  /// A file, or "-" for standard input, that is unpacked first if it is packed.
  static Result<std::unique_ptr<InputReader>> open(async::EventLoop& loop, const std::string& path);

  async::Task<Status> read(std::string& chunk) override;
  void stop() noexcept override { bytes_->stop(); }
  [[nodiscard]] std::uint64_t size() const noexcept override { return bytes_->size(); }
  [[nodiscard]] std::uint64_t offset() const noexcept override { return bytes_->offset(); }

 private:
  std::unique_ptr<InputReader> bytes_;
  text::PlainText plain_;
};

}  // namespace leat::io
