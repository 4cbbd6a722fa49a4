#include "engine/io/read_text.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include "engine/io/decompressor.hpp"
#include "engine/io/fd.hpp"
#include "engine/io/file_error.hpp"
#include "engine/io/input_reader.hpp"
#include "engine/io/unpacked_reader.hpp"
#include "engine/text/plain_text.hpp"

namespace leat::io {

namespace {

constexpr std::size_t kMost = std::size_t{1} << 30;

Error unreadable(const std::string& path, const std::string& why) {
  return Error(Errc::file_error, "can't read all of " + input_name(path) + ": " + why);
}

Result<std::string> read_bytes(const std::string& path) {
  const Fd opened(path == "-" ? -1 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (path != "-" && !opened) return file_failure(errno, "read", path);
  const int fd = opened ? opened.get() : STDIN_FILENO;
  std::string bytes;
  std::array<char, InputReader::kChunk> piece;
  for (;;) {
    const ssize_t count = ::read(fd, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_failure(errno, "read", path);
    if (count == 0) return bytes;
    bytes.append(piece.data(), static_cast<std::size_t>(count));
    if (bytes.size() > kMost) return unreadable(path, "it is longer than 1 GiB");
  }
}

Result<std::string> unpacked(const std::string& path, std::string bytes) {
  const auto kind = compression_of(bytes);
  if (!kind) return bytes;
  const auto decompressor = Decompressor::make(*kind);
  decompressor->feed(bytes);
  std::string text;
  for (;;) {
    auto piece = decompressor->next();
    if (!piece) return unreadable(path, piece.error().message);
    if ((*piece).empty()) break;
    text.append(*piece);
    if (text.size() > kMost) return unreadable(path, "it is longer than 1 GiB");
  }
  if (!decompressor->complete()) return unreadable(path, "it ends in the middle of its compressed data");
  return text;
}

}  // namespace

Result<std::string> read_text(const std::string& path) {
  auto bytes = read_bytes(path);
  if (!bytes) return std::move(bytes.error());
  auto text = unpacked(path, std::move(*bytes));
  if (!text) return std::move(text.error());
  return text::plain_text(std::move(*text));
}

}  // namespace leat::io
