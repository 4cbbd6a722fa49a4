#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/io/decompressor.hpp"
#include "engine/io/input_reader.hpp"

namespace leat::io {

/// How a text is packed, by its first bytes; nothing if it is not.
[[nodiscard]] std::optional<Compression> compression_of(std::string_view start) noexcept;

/// Whether a text that begins so may still be a packed one, which its next bytes would say.
[[nodiscard]] bool may_become_packed(std::string_view start) noexcept;

/// Reads what another reader reads, and decompresses it if it begins as gzip, zstd, xz or bzip2 do. Only the
/// content decides, so this works for standard input and for files of any name.
///
/// Anything else goes through as it comes, chunk for chunk; only a beginning that may still become one of
/// these waits for its next byte. One chunk of the packed text and one piece of the unpacked text are in
/// memory. The error is file_error, which names the input, if the text is damaged or ends too early; what
/// stood before that has been given. `size` and `offset` count the packed text. Loop thread only.
class UnpackedReader final : public InputReader {
 public:
  /// `name` is how errors call the input; see input_name.
  UnpackedReader(std::unique_ptr<InputReader> packed, std::string name)
      : packed_(std::move(packed)), name_(std::move(name)) {}

  async::Task<Status> read(std::string& chunk) override;
  void stop() noexcept override;
  [[nodiscard]] std::uint64_t size() const noexcept override { return packed_->size(); }
  [[nodiscard]] std::uint64_t offset() const noexcept override { return packed_->offset(); }

 private:
  async::Task<Status> read_start();
  async::Task<Status> read_piece(std::string& chunk);
  [[nodiscard]] Error broken(const std::string& why) const;

  std::unique_ptr<InputReader> packed_;
  std::string name_;
  std::string input_;  // the packed text's beginning, or the chunk that the decompressor works on
  std::unique_ptr<Decompressor> decompressor_;
  bool begun_ = false;
  bool stopped_ = false;
};

}  // namespace leat::io
