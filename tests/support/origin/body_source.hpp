#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>

namespace leat::origin {

/// Makes a body's bytes when they are asked for, so that a body of any size costs no memory. read() fills as
/// much of the room as it can and returns how much that was; 0 means the end.
///
/// It throws only if there is no memory. Used on the loop thread.
class BodySource {
 public:
  BodySource() = default;
  BodySource(const BodySource&) = delete;
  BodySource& operator=(const BodySource&) = delete;
  virtual ~BodySource() = default;

  virtual std::size_t read(std::span<char> room) = 0;
};

inline constexpr std::uint64_t kEndless = std::numeric_limits<std::uint64_t>::max();

/// `size` bytes of the pattern in pattern.hpp, from `offset` on.
class PatternBody final : public BodySource {
 public:
  PatternBody(std::uint64_t offset, std::uint64_t size) noexcept : offset_(offset), left_(size) {}
  std::size_t read(std::span<char> room) override;

 private:
  std::uint64_t offset_;
  std::uint64_t left_;
};

/// A text that is repeated, `bytes` bytes in all.
class RepeatedBody final : public BodySource {
 public:
  RepeatedBody(std::string text, std::uint64_t bytes) noexcept : text_(std::move(text)), left_(bytes) {}
  std::size_t read(std::span<char> room) override;

 private:
  std::string text_;
  std::size_t position_ = 0;
  std::uint64_t left_;
};

/// Another body in chunked coding (RFC 9112, 7.1), in chunks of at most `chunk_size` bytes.
class ChunkedBody final : public BodySource {
 public:
  static constexpr std::size_t kMaxChunk = 32 * 1024;

  ChunkedBody(std::unique_ptr<BodySource> inner, std::uint64_t chunk_size) noexcept;
  std::size_t read(std::span<char> room) override;

 private:
  bool fill();

  std::unique_ptr<BodySource> inner_;
  std::size_t chunk_size_;
  std::string data_;   // of one chunk
  std::string coded_;  // that chunk in its coding
  std::size_t position_ = 0;
  bool ended_ = false;
};

/// `size` bytes of the pattern, from the start, in memory.
[[nodiscard]] std::string pattern_text(std::uint64_t size);

}  // namespace leat::origin
